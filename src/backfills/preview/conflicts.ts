import { DateTime } from 'luxon';
import { hasLabel } from '../../catalog/labels.js';
import type { StewardConfig } from '../../config/steward-schema.js';
import type { Db, Trx } from '../../db/database.js';
import type { PartitionStanding } from '../executors/executor.js';
import { describeSlices, type PartitionSlice } from '../partition.js';
import type { PipelineAsset } from '../pipelines.js';
import { referenceOf } from '../reference.js';
import { liveStates } from '../state.js';
import type { Conflict } from './preview.js';

export interface ConflictAsk {
  asset: PipelineAsset;
  slices: readonly PartitionSlice[];
  /** The backfill that is being looked at, which is no conflict of its own. */
  exceptId?: string;
  /** The incident it serves is its reason, not a conflict. */
  incidentId?: string | null;
  standing: ReadonlyMap<string, PartitionStanding>;
  warnings: readonly string[];
  now: Date;
}

/** Everything that speaks against starting, now. */
export async function findConflicts(
  db: Db | Trx,
  config: StewardConfig,
  ask: ConflictAsk,
): Promise<Conflict[]> {
  return [
    ...(await otherBackfills(db, ask)),
    ...inFlight(ask),
    ...freezes(config, ask.asset.domain, ask.now),
    ...quietHours(config, ask.now),
    ...(await openIncidents(db, ask)),
    ...ask.warnings.map((words): Conflict => ({ kind: 'executor', weight: 'ask', words })),
  ];
}

async function otherBackfills(db: Db | Trx, ask: ConflictAsk): Promise<Conflict[]> {
  const first = ask.slices[0];
  const last = ask.slices.at(-1);
  if (first === undefined || last === undefined) return [];
  const others = await db
    .selectFrom('backfill')
    .select(['id', 'number', 'state'])
    .where('asset_id', '=', ask.asset.id)
    .where('state', 'in', [...liveStates])
    .where('window_from', '<', last.end)
    .where('window_to', '>', first.start)
    .orderBy('number')
    .execute();
  return others
    .filter((other) => other.id !== ask.exceptId)
    .map((other) => ({
      kind: 'backfill',
      weight: 'hold',
      reference: referenceOf(other),
      words: `${referenceOf(other)} (${other.state}) covers some of the same partitions; this one waits for it.`,
    }));
}

/** A live scheduled run must not be rewritten under its feet (apache/airflow issue 16087). */
function inFlight(ask: ConflictAsk): Conflict[] {
  const running = ask.slices.filter((slice) => ask.standing.get(slice.key)?.state === 'running');
  if (running.length === 0) return [];
  return [
    {
      kind: 'in-flight',
      weight: 'hold',
      words: `A scheduled run is building ${describeSlices(running, 3)} right now; this one waits until it is over.`,
    },
  ];
}

export function freezes(config: StewardConfig, domain: string | undefined, now: Date): Conflict[] {
  const here = DateTime.fromJSDate(now, { zone: config.calendar.timeZone });
  const day = here.toISODate() ?? '';
  const fromEnd = here.day - (here.daysInMonth ?? 31) - 1;
  return config.freezes
    .filter((freeze) => freeze.applies.includes('backfill'))
    .filter((freeze) => freeze.domains.length === 0 || hasLabel(freeze.domains, domain))
    .filter((freeze) => {
      const inMonth = freeze.daysOfMonth.some((one) => one === here.day || one === fromEnd);
      const dated = freeze.from !== undefined || freeze.to !== undefined;
      return inMonth || (dated && (freeze.from ?? day) <= day && day <= (freeze.to ?? day));
    })
    .map((freeze) => ({
      kind: 'freeze',
      weight: 'ask',
      reference: freeze.name,
      words: `Freeze “${freeze.name}” is on (${day}, ${config.calendar.timeZone}): what is closed should not change.`,
    }));
}

export function isQuiet(config: StewardConfig, now: Date): boolean {
  const quiet = config.quietHours;
  if (quiet === undefined) return false;
  const time = DateTime.fromJSDate(now, { zone: config.calendar.timeZone }).toFormat('HH:mm');
  return quiet.from <= quiet.to
    ? quiet.from <= time && time < quiet.to
    : quiet.from <= time || time < quiet.to;
}

function quietHours(config: StewardConfig, now: Date): Conflict[] {
  if (!isQuiet(config, now) || config.quietHours === undefined) return [];
  return [
    {
      kind: 'quiet-hours',
      weight: 'ask',
      words: `${quietHoursWords(config)}: fewer people would notice if it goes wrong.`,
    },
  ];
}

/** `Quiet hours (22:00 to 06:00, Europe/Paris)` */
export function quietHoursWords(config: StewardConfig): string {
  const quiet = config.quietHours;
  return quiet === undefined
    ? 'Quiet hours'
    : `Quiet hours (${quiet.from} to ${quiet.to}, ${config.calendar.timeZone})`;
}

async function openIncidents(db: Db | Trx, ask: ConflictAsk): Promise<Conflict[]> {
  const notices = await db
    .selectFrom('asset_notice')
    .select(['subject_id', 'reference', 'private', 'relation'])
    .where('asset_id', '=', ask.asset.id)
    .where('kind', '=', 'incident')
    .where('ends_at', 'is', null)
    .execute();
  return notices
    .filter((notice) => notice.subject_id !== ask.incidentId)
    .map((notice) => ({
      kind: 'incident',
      weight: 'ask',
      ...(notice.private ? {} : { reference: notice.reference }),
      words: notice.private
        ? 'An incident is open on this asset.'
        : `${notice.reference} is open ${notice.relation === 'direct' ? 'on this asset' : 'upstream of it'}: make sure that its cause is gone, or the same fault is built again.`,
    }));
}
