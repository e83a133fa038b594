import { proposedAliases } from '../../answers/learning/aliases.js';
import { listGaps } from '../../answers/learning/queue.js';
import { loadLiveNotices } from '../../answers/read-evidence.js';
import { judge } from '../../answers/verdict.js';
import type { Asset } from '../../catalog/asset.js';
import { lintCatalog } from '../../catalog/lint.js';
import { mayKnowOf, mayRead } from '../../catalog/visibility.js';
import type { Person } from '../../people/person.js';
import { teamsOf } from '../../releases/authority.js';
import { linesFor } from '../../releases/decide.js';
import type { Services } from '../../services.js';
import { actions, button, context, header, section } from '../blocks.js';
import { escapeMrkdwn, truncate } from '../mrkdwn.js';
import type { HomeSection } from '../surface.js';

const shown = 5;

/** What of the catalog needs its owner: questions, names, drafts to send. */
export const needsMe: HomeSection = {
  name: 'what needs me',
  order: 15,
  render: async (services, person) => {
    const { view } = services.catalog.current();
    const owned = await ownedBy(services, person);
    const gaps = await listGaps(services.db, {
      reader: { view, viewer: person, rules: services.config.catalog.visibility },
      ownerId: person.id,
      limit: shown,
    });
    const aliases = await proposedAliases(
      services.db,
      owned.map((asset) => asset.id),
    );
    const drafts = await draftsOf(services, person);
    if (gaps.length === 0 && aliases.length === 0 && drafts.length === 0) return [];
    return [
      header('Needs me'),
      ...gaps.map((gap) =>
        section(
          `${escapeMrkdwn(truncate(gap.title, 200))} (${[
            gap.wish === null ? gap.type : `wanted: a new ${gap.wish}`,
            `asked ${gap.demand === 1 ? 'once' : `${gap.demand} times`}`,
            ...(gap.promisedOn === null ? [] : [`promised for ${gap.promisedOn}`]),
          ].join(', ')})`,
          button({ text: 'Answer', actionId: 'gap:answer', value: gap.id }),
        ),
      ),
      ...aliases
        .slice(0, shown)
        .map((alias) =>
          section(
            `Is "${escapeMrkdwn(alias.text)}" a name of *${escapeMrkdwn(nameOf(view.get(alias.assetId)))}*?`,
            button({ text: 'Yes, a name of it', actionId: 'alias:accept', value: alias.id }),
          ),
        ),
      ...drafts.map((draft) =>
        section(
          `Release note for *${escapeMrkdwn(draft.domain)}*: ${draft.lines} ${draft.lines === 1 ? 'change' : 'changes'}, nobody told yet`,
          button({ text: 'Edit', actionId: 'release:edit', value: draft.id }),
        ),
      ),
    ];
  },
};

/** What this person answers for, the most important first, with today's verdict and what its entry lacks. */
export const whatIOwn: HomeSection = {
  name: 'what I own',
  order: 30,
  render: async (services, person, now) => {
    const owned = await ownedBy(services, person);
    if (owned.length === 0) return [];
    const { view } = services.catalog.current();
    const noticesOf = await loadLiveNotices(services.db, now);
    const lacking = new Map<string, number>();
    for (const finding of lintCatalog(view)) {
      const key = `${finding.source}\0${finding.source_id}`;
      lacking.set(key, (lacking.get(key) ?? 0) + 1);
    }
    const rows = [...owned].sort((a, b) => (a.tier ?? 9) - (b.tier ?? 9) || a.name.localeCompare(b.name));
    return [
      header('What I own'),
      ...rows.slice(0, shown).map((asset) => {
        const verdict = judge(asset, {
          view,
          now,
          noticesOf,
          use: 'general',
          mayName: (one) => mayKnowOf(one, person, services.config.catalog.visibility),
        });
        const gaps = lacking.get(`${asset.source}\0${asset.sourceId}`) ?? 0;
        const parts = [
          asset.kind,
          ...(asset.tier === undefined ? [] : [`tier ${asset.tier}`]),
          verdict.verdict,
          ...(gaps === 0 ? [] : [`${gaps} ${gaps === 1 ? 'thing' : 'things'} to write down`]),
        ];
        return section(
          `*${escapeMrkdwn(nameOf(asset))}* · ${parts.join(' · ')}`,
          button({ text: 'Show', actionId: 'answer:define', value: asset.id }),
        );
      }),
      ...(rows.length > shown ? [context(`and ${rows.length - shown} more`)] : []),
      actions([{ text: 'My subscriptions', actionId: 'subscription:list', value: 'me' }]),
    ];
  },
};

function nameOf(asset: Asset | undefined): string {
  return asset === undefined ? 'something that is gone' : (asset.label ?? asset.name);
}

/** Assets whose owner, as the source wrote it, is this person or a team of theirs, and that they may read. */
async function ownedBy(services: Services, person: Person): Promise<Asset[]> {
  const { view } = services.catalog.current();
  const rules = services.config.catalog.visibility;
  // Few ways of writing an owner stand on many assets: each is looked up once.
  const known = new Map<string, boolean>();
  const owned: Asset[] = [];
  for (const asset of view.assets()) {
    for (const owner of asset.owners) {
      const key = JSON.stringify(owner);
      let isThem = known.get(key);
      if (isThem === undefined) {
        const people = await services.directory.resolveOwner(services.db, owner);
        isThem = people.some((one) => one.id === person.id);
        known.set(key, isThem);
      }
      if (!isThem) continue;
      if (mayRead(asset, person, rules)) owned.push(asset);
      break;
    }
  }
  return owned;
}

async function draftsOf(
  services: Services,
  person: Person,
): Promise<{ id: string; domain: string; lines: number }[]> {
  const notes = await services.db
    .selectFrom('release_note')
    .select(['id', 'domain'])
    .where('state', '=', 'draft')
    .orderBy('created_at')
    .limit(50)
    .execute();
  const mine: { id: string; domain: string; lines: number }[] = [];
  for (const note of notes) {
    const teams = teamsOf(services, note.domain);
    const own = teams.length > 0 ? teams : services.config.authority.dataTeam;
    if (!own.some((team) => person.teams.includes(team))) continue;
    const lines = (await linesFor(services, note.id, person)).length;
    if (lines > 0) mine.push({ ...note, lines });
  }
  return mine.slice(0, shown);
}
