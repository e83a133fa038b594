import type { Asset } from '../catalog/asset.js';
import { unplacedWordsForAll, unplacedWork } from '../incidents/unplaced-work.js';
import { answersInTime } from '../runtime/require-queue.js';
import type { Services } from '../services.js';

export interface StatusLine {
  name: string;
  level: 'ok' | 'warning' | 'error';
  text: string;
}

/** A catalog older than this is a warning, in milliseconds. */
const catalogAgeWarnMs = 26 * 3_600_000;

/** How Steward is doing, in lines for people. */
export async function readStatus(
  services: Services,
  now: Date,
  counts?: (asset: Asset) => boolean,
): Promise<StatusLine[]> {
  const [queue, system] = await Promise.all([redisLine(services), readSystem(services, now, counts)]);
  return [...queue, ...system, ...plannedWork(services, now)];
}

/** The same without planned work, of which `steward doctor` says each window with its line in the file. */
export async function readSystem(
  services: Services,
  now: Date,
  /** Assets that are counted: a count must not tell of what its reader may not know. */
  counts: (asset: Asset) => boolean = () => true,
): Promise<StatusLine[]> {
  const { db } = services;
  const count = async (table: 'outbox' | 'inbox', state: string): Promise<number> => {
    const row = await db
      .selectFrom(table)
      .select((select) => select.fn.countAll<string>().as('n'))
      .where('state', '=', state as never)
      .executeTakeFirst();
    return Number(row?.n ?? 0);
  };
  const oldest = await db
    .selectFrom('outbox')
    .select('run_at')
    .where('state', 'in', ['pending', 'queued'])
    .where('run_at', '<=', now)
    .orderBy('run_at')
    .limit(1)
    .executeTakeFirst();
  const [dead, failed] = await Promise.all([count('outbox', 'dead'), count('inbox', 'failed')]);
  const lagSeconds = oldest ? Math.round((now.getTime() - oldest.run_at.getTime()) / 1_000) : 0;
  const catalog = services.catalog.current();
  const assets = catalog.view.assets().filter(counts).length;
  const broken = catalog.view.sources.filter((source) => source.error);
  const people = await db
    .selectFrom('person')
    .select((select) => select.fn.countAll<string>().as('n'))
    .where('status', '=', 'active')
    .executeTakeFirst();
  const unmatched = await db
    .selectFrom('person')
    .select((select) => select.fn.countAll<string>().as('n'))
    .where('status', '=', 'active')
    .where('slack_id', 'is', null)
    .executeTakeFirst();
  const ageMs = catalog.syncedAt ? now.getTime() - catalog.syncedAt.getTime() : null;
  return [
    {
      name: 'Work',
      level: lagSeconds > 120 ? 'error' : lagSeconds > 30 ? 'warning' : 'ok',
      text:
        lagSeconds > 30
          ? `the oldest due piece waits for ${lagSeconds} s: is a worker running?`
          : 'nothing waits longer than it should',
    },
    {
      name: 'Given up',
      level: dead + failed > 0 ? 'warning' : 'ok',
      text:
        dead + failed > 0
          ? `${dead} pieces of work and ${failed} deliveries failed for good; the log has their errors`
          : 'nothing',
    },
    {
      name: 'Catalog',
      level:
        broken.length > 0
          ? 'error'
          : assets === 0 || (ageMs !== null && ageMs > catalogAgeWarnMs)
            ? 'warning'
            : 'ok',
      text:
        broken.length > 0
          ? `${broken.map((source) => source.name).join(', ')} cannot be read; its last good content is shown`
          : assets === 0
            ? 'empty: name a source under catalog.sources and run `steward catalog sync`'
            : `${assets} assets from ${catalog.view.sources.length} source${catalog.view.sources.length === 1 ? '' : 's'}${ageMs === null ? '' : `, read ${minutesAgo(ageMs)}`}`,
    },
    {
      name: 'People',
      level: Number(people?.n ?? 0) === 0 ? 'warning' : 'ok',
      text: `${people?.n ?? 0} known, ${unmatched?.n ?? 0} of them without a Slack account yet`,
    },
  ];
}

/** Of whoever waits for an answer in Slack a second is asked, no more: a Redis that takes longer is no use either. */
const redisPatienceMs = 1_000;

/** A line only where there is a Redis: the other queue is in the database, without which there is no status. */
async function redisLine({ redis }: Services): Promise<StatusLine[]> {
  if (!redis) return [];
  try {
    await answersInTime(redis.ping, redisPatienceMs);
    return [{ name: 'Queue', level: 'ok', text: 'Redis answers' }];
  } catch {
    const text =
      'Redis does not answer. What comes in is kept, and worked once it is back: start it, or correct REDIS_URL';
    return [{ name: 'Queue', level: 'error', text }];
  }
}

/** A line only where there is planned work. */
function plannedWork(services: Services, now: Date): StatusLine[] {
  const ahead = services.config.incidents.plannedWork.filter(({ to }) => new Date(to) > now).length;
  const unplaced = unplacedWork(services, now);
  if (ahead === 0) return [];
  const shown = unplaced.map(unplacedWordsForAll);
  return [
    unplaced.length === 0
      ? {
          name: 'Planned work',
          level: 'ok',
          text: `${ahead} window${ahead === 1 ? '' : 's'} to come or running`,
        }
      : {
          name: 'Planned work',
          level: 'warning',
          text: `${unplaced.length} of ${ahead} silence${unplaced.length === 1 ? 's' : ''} nothing: ${[...new Set(shown)].join('; ')}`,
        },
  ];
}

function minutesAgo(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  return minutes === 0 ? 'just now' : `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ago`;
}
