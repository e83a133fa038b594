import { listGaps, type QueuedGap } from '../src/answers/learning/queue.js';
import type { Asset } from '../src/catalog/asset.js';
import { mayKnowOf, type Viewer } from '../src/catalog/visibility.js';
import { OnCallUnknownError } from '../src/people/on-call.js';
import { makeScorecard } from '../src/report/scorecard.js';
import type { Services } from '../src/services.js';
import { button, context, fields, header, section } from '../src/slack/blocks.js';
import { escapeMrkdwn, mention, slackDate } from '../src/slack/mrkdwn.js';
import type { CommandModule, Reply } from '../src/slack/surface.js';
import { readStatus, type StatusLine } from '../src/telemetry/status.js';

const mark: Record<StatusLine['level'], string> = {
  ok: ':white_check_mark:',
  warning: ':warning:',
  error: ':x:',
};

/** `/steward`: how Steward itself is doing. */
export const steward: CommandModule = {
  name: 'steward',
  summary:
    'I answer what a metric means and whether it may be trusted today, run data incidents, and handle access and backfills.',
  usageHint: 'status | scorecard | oncall | unanswered',
  verbs: [
    {
      name: 'status',
      usage: 'status',
      summary: 'how I am doing: work waiting, catalog, policies, people',
      mode: 'read',
      run: async (services, caller): Promise<Reply> => {
        const lines = await readStatus(services, caller.now, notHiddenFrom(services, caller.person));
        const words = lines.map((line) => `${line.name}: ${line.text}`);
        return {
          text: `Steward's status. ${words.join('. ')}.`,
          blocks: [
            header('Status'),
            section(
              lines
                .map((line) => `${mark[line.level]} *${escapeMrkdwn(line.name)}* ${escapeMrkdwn(line.text)}`)
                .join('\n'),
            ),
            context(`Read ${slackDate(caller.now)}`),
          ],
          visibility: 'asker',
        };
      },
    },
    {
      name: 'scorecard',
      usage: 'scorecard',
      summary: "the data team's measures of the last 30 days",
      mode: 'read',
      run: async (services, caller): Promise<Reply> => {
        // It can be shared: it counts what everybody may know of.
        const card = await makeScorecard(
          services,
          { from: new Date(caller.now.getTime() - 30 * 86_400_000), to: caller.now },
          notHiddenFrom(services, { teams: [] }),
        );
        return {
          text: `Scorecard of the last 30 days. ${card.lines.map((line) => `${line.name}: ${line.text}`).join('. ')}.`,
          blocks: [
            header('Scorecard, last 30 days'),
            ...inPairs(
              card.lines.map((line) => `*${escapeMrkdwn(line.name)}*\n${escapeMrkdwn(line.text)}`),
            ).map((pair) => fields(pair)),
          ],
          visibility: 'asker',
          shareable: true,
        };
      },
    },
    {
      name: 'unanswered',
      usage: 'unanswered',
      summary: 'what people asked and the catalog could not answer, most wanted first',
      mode: 'read',
      run: async (services, caller): Promise<Reply> => {
        const gaps = await listGaps(services.db, {
          reader: {
            view: services.catalog.current().view,
            viewer: { id: caller.person.id, teams: caller.person.teams },
            rules: services.config.catalog.visibility,
          },
          limit: 10,
        });
        const owners = await namesOf(services, gaps);
        if (gaps.length === 0)
          return { text: 'Nothing is waiting: every question so far has an answer.', visibility: 'asker' };
        const line = (gap: (typeof gaps)[number]): string =>
          `${gap.title} (${[
            gap.wish === null ? gap.type : `wanted: a new ${gap.wish}`,
            `asked ${gap.demand === 1 ? 'once' : `${gap.demand} times`}`,
            gap.tier === null ? '' : `tier ${gap.tier}`,
            gap.stage ?? gap.state,
            gap.ownerId === null ? '' : `with ${owners.get(gap.ownerId) ?? 'somebody who left'}`,
            gap.promisedOn === null ? '' : `promised for ${gap.promisedOn}`,
          ]
            .filter((part) => part !== '')
            .join(', ')})`;
        return {
          text: `Unanswered: ${gaps.map(line).join('; ')}.`,
          blocks: [
            header('Unanswered'),
            ...gaps.map((gap) =>
              section(
                escapeMrkdwn(line(gap)),
                button({ text: 'Answer', actionId: 'gap:answer', value: gap.id }),
              ),
            ),
          ],
          visibility: 'asker',
        };
      },
    },
    {
      name: 'oncall',
      usage: 'oncall [team]',
      summary: 'who is on call right now',
      mode: 'read',
      run: async (services, caller, rest): Promise<Reply> => {
        const wanted = rest.trim().toLowerCase();
        const teams = services.config.teams.filter(
          (team) =>
            team.onCall && (wanted === '' || team.id === wanted || team.name?.toLowerCase() === wanted),
        );
        const lines = await Promise.all(
          teams.map(async (team) => {
            const name = team.name ?? team.id;
            try {
              const people = await services.directory.onCall(services.db, team.id, caller.now);
              return {
                plain: `${name}: ${people.map((person) => person.name).join(', ') || 'nobody'}`,
                rich: `*${escapeMrkdwn(name)}* ${people.map((person) => mention(person)).join(', ') || 'nobody'}`,
              };
            } catch (error) {
              if (!(error instanceof OnCallUnknownError)) throw error;
              return {
                plain: `${name}: not known. ${error.message.replace(/\.$/, '')}`,
                rich: `*${escapeMrkdwn(name)}* not known. ${escapeMrkdwn(error.message)}`,
              };
            }
          }),
        );
        if (lines.length === 0) {
          const known = services.config.teams.filter((team) => team.onCall).map((team) => team.id);
          return {
            text: wanted
              ? `No team called "${wanted}" has a rotation. Teams with one: ${known.join(', ') || 'none'}.`
              : 'No team has a rotation in steward.yml.',
            visibility: 'asker',
          };
        }
        return {
          text: `On call now. ${lines.map((line) => line.plain).join('. ')}.`,
          blocks: [section(lines.map((line) => line.rich).join('\n'))],
          visibility: 'asker',
          shareable: true,
        };
      },
    },
  ],
};

/** Slack shows fields two by two; ten at most in one block. */
function inPairs<Item>(items: readonly Item[]): Item[][] {
  const groups: Item[][] = [];
  for (let at = 0; at < items.length; at += 10) groups.push(items.slice(at, at + 10));
  return groups;
}

async function namesOf(services: Services, gaps: readonly QueuedGap[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const { ownerId } of gaps) {
    const person = ownerId === null ? null : await services.directory.byId(services.db, ownerId);
    if (person !== null) names.set(person.id, person.name);
  }
  return names;
}

function notHiddenFrom(services: Services, viewer: Viewer): (asset: Asset) => boolean {
  return (asset) => mayKnowOf(asset, viewer, services.config.catalog.visibility);
}
