import { scheduleActor } from '../../audit/record.js';
import type { LoadedCatalog } from '../../catalog/store.js';
import type { Trx } from '../../db/database.js';
import { enqueue } from '../../jobs/outbox.js';
import type { Services } from '../../services.js';
import { answerQuestion } from '../answer.js';
import { prepareIndex } from '../visible-index.js';
import { isCatalogGap, queueCatalogGaps } from './catalog-gaps.js';
import { assignGap, moveGap } from './gaps.js';
import { checkGoldenQuestions, reportDrop } from './golden.js';
import { tellOfLate } from './late-gaps.js';
import { likelyPeople } from './likely-people.js';

/** The schedule that asks open and golden questions again; a sync and a new name wake it at once. */
export const learnKind = 'answers.learn';

/** A piece of work of its own: moving the schedule's row would be lost where the schedule runs at this moment. */
export async function wakeLearning(trx: Trx, now: Date): Promise<void> {
  await enqueue(trx, {
    kind: learnKind,
    queue: 'work',
    key: `${learnKind}:${now.getTime()}:${process.hrtime.bigint()}`,
    lane: learnKind,
    payload: { once: true },
    now,
  });
}

/** Live gaps looked at per run, most wanted first. */
const gapsPerRun = 200;

/**
 * After a change of the catalog: closes open questions that it answers now and tells who asked, asks every golden question, queues what sources contradict each other
 * about, gives what nobody has to its likely owner, and tells of promised days that have passed. Returns when to look again: `soon` while this process still has the older catalog, or more is to be asked.
 */
export async function learn(services: Services, now: Date): Promise<'soon' | 'later'> {
  const catalog = services.catalog.current();
  const stored = await services.db
    .selectFrom('catalog_version')
    .select(['version', 'changed_at'])
    .executeTakeFirstOrThrow();
  if (catalog.version !== String(stored.version)) return 'soon';
  await services.questions.flush();
  await closeAnswered(services, catalog, now);
  await queueCatalogGaps(services.db, catalog.view, now);
  await assignOpen(services, now);
  await tellOfLate(services, now);
  if (stored.changed_at === null) return 'later';
  const { changed_at: changedAt } = stored;
  const { more } = await checkGoldenQuestions(services.db, catalog, {
    changedAt,
    now,
    onDrop: (drop) => reportDrop(services, drop, { changedAt, now }),
  });
  return more ? 'soon' : 'later';
}

/**
 * A question is answered now when what answers it was defined, changed or named after it was asked, and every asker may read it: the teams that all askers have in common
 * decide what is seen, so that nobody is told of what they may not know.
 */
async function closeAnswered(services: Services, catalog: LoadedCatalog, now: Date): Promise<void> {
  const gaps = await services.db
    .selectFrom('gap')
    .select(['id', 'title', 'first_at'])
    .where('type', '=', 'missing')
    .where('asset_id', 'is', null)
    .where('state', 'in', ['open', 'assigned', 'planned'])
    .where('folded', 'not like', 'catalog:%')
    .orderBy('demand', 'desc')
    .limit(gapsPerRun)
    .execute();
  for (const gap of gaps) {
    const viewer = { teams: await commonTeams(services, gap.id) };
    const rules = services.config.catalog.visibility;
    await prepareIndex(catalog, viewer, rules);
    const answer = answerQuestion({
      view: catalog.view,
      index: catalog.index,
      now,
      viewer,
      rules,
      question: gap.title,
    });
    if (answer.outcome !== 'answered' || answer.subject === undefined || answer.level !== 'open') continue;
    if (!(await isNewSince(services, answer.subject.id, gap.first_at))) continue;
    await moveGap(services.db, {
      id: gap.id,
      to: 'closed',
      actor: scheduleActor,
      now,
      assetId: answer.subject.id,
    });
  }
}

async function commonTeams(services: Services, gapId: string): Promise<string[]> {
  const askers = await services.db
    .selectFrom('gap_asker')
    .select('person_id')
    .where('gap_id', '=', gapId)
    .execute();
  let common: readonly string[] | null = null;
  for (const { person_id: personId } of askers) {
    const teams = (await services.directory.byId(services.db, personId))?.teams ?? [];
    common = common === null ? teams : common.filter((team) => teams.includes(team));
  }
  return [...(common ?? [])];
}

async function isNewSince(services: Services, assetId: string, since: Date): Promise<boolean> {
  const changed = await services.db
    .selectFrom('asset')
    .select('id')
    .where('id', '=', assetId)
    .where('changed_at', '>', since)
    .executeTakeFirst();
  if (changed !== undefined) return true;
  const named = await services.db
    .selectFrom('alias')
    .select('id')
    .where('asset_id', '=', assetId)
    .where('state', '=', 'accepted')
    .where('decided_at', '>', since)
    .executeTakeFirst();
  return named !== undefined;
}

/** By ownership, without a message: it stands in App Home and in the queue of whoever it was given to. */
async function assignOpen(services: Services, now: Date): Promise<void> {
  const { view } = services.catalog.current();
  const gaps = await services.db
    .selectFrom('gap')
    .select(['id', 'title', 'asset_id', 'folded'])
    .where('state', '=', 'open')
    .where('owner_id', 'is', null)
    .orderBy('demand', 'desc')
    .limit(gapsPerRun)
    .execute();
  for (const gap of gaps) {
    const asset = gap.asset_id === null ? undefined : view.get(gap.asset_id);
    await services.db.transaction().execute(async (trx) => {
      // A sentence about the catalog itself is no question: what it happens to name does not say who mends it.
      const question = isCatalogGap(gap) ? '' : gap.title;
      const [person] = await likelyPeople(services, trx, { asset, question, now });
      await assignGap(trx, gap.id, person?.id);
    });
  }
}
