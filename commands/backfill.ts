import { cancelBackfill } from '../src/backfills/control/cancel.js';
import type { ControlParams } from '../src/backfills/control/control.js';
import { pauseBackfill } from '../src/backfills/control/pause.js';
import { resumeBackfill } from '../src/backfills/control/resume.js';
import { retryBackfill } from '../src/backfills/control/retry.js';
import { describeSeconds } from '../src/backfills/estimate.js';
import { listBackfills } from '../src/backfills/list.js';
import { findBackfill } from '../src/backfills/load.js';
import { progressOf } from '../src/backfills/progress.js';
import { readReference, referenceOf } from '../src/backfills/reference.js';
import { splitRequest } from '../src/backfills/split-request.js';
import { type BackfillStatistics, backfillStatistics } from '../src/backfills/statistics.js';
import { maySeeOf } from '../src/backfills/visibility.js';
import { incidentOfChannel } from '../src/incidents/incident.js';
import type { Services } from '../src/services.js';
import { context, section } from '../src/slack/blocks.js';
import { showBackfill } from '../src/slack/cards/backfill.js';
import { progressWords } from '../src/slack/cards/backfill-words.js';
import { escapeMrkdwn } from '../src/slack/mrkdwn.js';
import type { Caller, CommandModule, Reply, Verb } from '../src/slack/surface.js';

/** `/backfill`: ask for partitions to be rebuilt, and steer what runs. */
export const backfill: CommandModule = {
  name: 'backfill',
  summary:
    'Ask for partitions to be rebuilt: previewed before anybody approves, run in chunks, verified after.',
  usageHint: 'request [pipeline] | list | show|pause|resume|cancel|retry <n>',
  verbs: [
    {
      name: 'request',
      usage: 'request [pipeline] [window]',
      summary: 'opens the form; words alone never start anything',
      mode: 'read',
      run: async (services, caller, rest) => request(services, caller, rest),
    },
    {
      name: 'list',
      usage: 'list',
      summary: 'what runs and what ran',
      mode: 'read',
      run: (services, caller) => list(services, caller),
    },
    { name: 'show', usage: 'show <n>', summary: 'where one stands', mode: 'read', run: show },
    steer('pause', 'starts nothing new; what runs goes on', pauseBackfill),
    steer('resume', 'goes on', resumeBackfill),
    steer('cancel', 'stops it, and says what still runs', cancelBackfill),
    steer('retry', 'runs the failed partitions again, and only those', retryBackfill),
  ],
  otherwise: {
    mode: 'read',
    run: async (services, caller, rest) =>
      readReference(rest) === null ? request(services, caller, rest) : show(services, caller, rest),
  },
  phrases: [
    {
      pattern:
        /^(?:please |can you |could you )?(?:re-?run|backfill|re-?build|re-?process)\b(?<rest>[\s\S]*)$/i,
      verb: 'request',
    },
  ],
};

function steer(
  name: string,
  summary: string,
  act: (services: Services, params: ControlParams) => Promise<string>,
): Verb {
  return {
    name,
    usage: `${name} <n>`,
    summary,
    mode: 'act',
    async run(services, caller, rest) {
      const number = readReference(rest);
      if (number === null) return offerOpen(services, caller, name);
      const row = await findBackfill(services, number, maySeeOf(services.config, caller.person));
      const text = await act(services, {
        backfillId: row.id,
        acting: { person: caller.person },
        actor: caller.actor,
        now: caller.now,
      });
      return { text: escapeMrkdwn(text), visibility: 'place' };
    },
  };
}

async function request(services: Services, caller: Caller, rest: string): Promise<Reply> {
  const { view } = services.catalog.current();
  const params = splitRequest(view, rest, maySeeOf(services.config, caller.person));
  // In an incident's channel the backfill is one of its corrective actions.
  const incident = caller.channel === null ? null : await incidentOfChannel(services.db, caller.channel.id);
  return {
    text: 'A backfill is asked for with a form: it shows exactly what would be rebuilt before anything is sent.',
    visibility: 'asker',
    modal: {
      callbackId: 'backfill-request',
      params: incident === null ? params : { ...params, incidentId: incident.id },
    },
  };
}

async function show(services: Services, caller: Caller, rest: string): Promise<Reply> {
  const number = readReference(rest);
  if (number === null) return offerOpen(services, caller, 'show');
  const row = await findBackfill(services, number, maySeeOf(services.config, caller.person));
  const variant = row.requested_by === caller.person.id ? 'requester' : 'shown';
  const card = await showBackfill(services, row, { variant, now: caller.now });
  return { ...card, visibility: 'asker', shareable: false };
}

async function list(services: Services, caller: Caller): Promise<Reply> {
  const { rows } = await listBackfills(services, {
    maySee: maySeeOf(services.config, caller.person),
    limit: 20,
  });
  const lines: string[] = [];
  for (const row of rows) {
    const progress =
      row.state === 'running' ? ` · ${progressWords(await progressOf(services.db, row, caller.now))}` : '';
    lines.push(
      `*${referenceOf(row)}* ${escapeMrkdwn(row.asset_name)} · ${row.partitions} ${row.grain}${row.partitions === 1 ? '' : 's'} · ${row.state}${progress}`,
    );
  }
  if (lines.length === 0)
    return {
      text: 'No backfill has been asked for yet. `/backfill request` opens the form.',
      visibility: 'asker',
    };
  const month = await backfillStatistics(services.db, {
    from: new Date(caller.now.getTime() - 30 * 86_400_000),
    to: caller.now,
  });
  const summary = statisticsWords(month);
  const text = lines.join('\n');
  return {
    text: [text.replaceAll('*', ''), ...summary].join('\n'),
    blocks: [section(text), ...summary.map((words) => context(words))],
    visibility: 'asker',
  };
}

/** How backfills of the last 30 days went: what tells whether asking for one is worth it. */
function statisticsWords(month: BackfillStatistics): string[] {
  if (month.shareWithoutRework === null) return [];
  const lead =
    month.leadMedianSeconds === null
      ? ''
      : `; from asking to verified ${describeSeconds(month.leadMedianSeconds)} (median)`;
  return [
    `In 30 days ${month.ended} ended, ${Math.round(month.shareWithoutRework * 100)} % of them well without rework${lead}.`,
  ];
}

/** No number: the latest open ones are offered by name. */
async function offerOpen(services: Services, caller: Caller, verb: string): Promise<Reply> {
  const { rows } = await listBackfills(services, {
    maySee: maySeeOf(services.config, caller.person),
    limit: 5,
    liveOnly: true,
  });
  if (rows.length === 0)
    return {
      text: 'No backfill is under way. `/backfill list` shows those that were. Nothing was changed.',
      visibility: 'asker',
    };
  const lines = rows.map(
    (row) => `• \`/backfill ${verb} ${row.number}\` ${escapeMrkdwn(row.asset_name)} (${row.state})`,
  );
  return { text: ['Which one? Nothing was changed.', ...lines].join('\n'), visibility: 'asker' };
}
