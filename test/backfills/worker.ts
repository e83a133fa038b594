/**
 * A worker as a process of its own, for tests that kill it: works off what backfills have asked for, several at once, until
 * nothing is left. With KILL_AT=n it dies by SIGKILL at its n-th conversation with PostgreSQL (Steward's own or the
 * warehouse): before the words are sent (KILL_HOW=before), or after, so that the answer is lost (after).
 */
import pg from 'pg';
import { pino } from 'pino';
import { makeApprovals } from '../../src/approvals/make-approvals.js';
import { makeAuthority } from '../../src/authority/authority.js';
import { backfillActions } from '../../src/backfills/authority.js';
import { openExecutors } from '../../src/backfills/executors/open.js';
import { makeBackfillSubject } from '../../src/backfills/subject.js';
import { buildIndex } from '../../src/catalog/search/build-index.js';
import { makeCatalog } from '../../src/catalog/snapshot.js';
import { stewardConfig } from '../../src/config/steward-schema.js';
import { makePool } from '../../src/db/pool.js';
import { backfillEffects } from '../../src/effects/backfill-effects.js';
import type { EffectServices } from '../../src/effects/effect.js';
import { makeDirectory } from '../../src/people/make-directory.js';
import { noon, ordersCatalog } from './company.js';

const settings = JSON.parse(process.env.WORKER ?? '{}') as {
  database: string;
  warehouse: string;
  config: unknown;
  atOnce: number;
  startedAt: number;
};
const killAt = Number(process.env.KILL_AT ?? 0);
const killHow = process.env.KILL_HOW ?? 'before';

let conversations = 0;
const send = pg.Client.prototype.query;
pg.Client.prototype.query = function counted(this: pg.Client, ...words: never[]) {
  conversations += 1;
  const now = conversations === killAt;
  if (now && killHow === 'before') process.kill(process.pid, 'SIGKILL');
  const answer = Reflect.apply(send, this, words);
  // The words are on their way once the socket has taken them; the process does not live to read the answer.
  if (now) setImmediate(() => setImmediate(() => process.kill(process.pid, 'SIGKILL')));
  return answer;
} as typeof send;

const config = stewardConfig.parse(settings.config);
const pool = makePool(settings.database, { max: 8, name: 'worker' });
const clock = { now: () => new Date(noon.getTime() + (Date.now() - settings.startedAt)), offsetMs: () => 0 };
const view = makeCatalog([{ source: 'shop', type: 'test', snapshot: ordersCatalog() }]);
const loaded = { version: view.version, view, index: buildIndex(view.assets()), syncedAt: null };
const services = {
  db: pool.db,
  clock,
  log: pino({ level: 'silent' }),
  config,
  authority: makeAuthority([backfillActions]),
  directory: makeDirectory(config),
  catalog: { current: () => loaded },
  secret: () => undefined,
  executors: openExecutors(config, {
    fetch: globalThis.fetch,
    secret: () => undefined,
    baseDir: process.cwd(),
    warehouseUrl: () => settings.warehouse,
    now: () => new Date(),
  }),
  fetch: globalThis.fetch,
} as unknown as EffectServices;
Object.assign(services, {
  approvals: makeApprovals(services, { subjects: { backfill: makeBackfillSubject(services) } }),
});

const effects = new Map(backfillEffects.map((effect) => [effect.kind, effect]));

/** As the dispatcher and its workers together: takes the next due row, does it, says how it ended. */
async function step(): Promise<boolean> {
  const now = clock.now();
  const row = await pool.db.transaction().execute(async (trx) => {
    const found = await trx
      .selectFrom('outbox')
      .select(['id', 'kind', 'key', 'payload', 'attempts'])
      .where('kind', 'like', 'backfill.%')
      .where('kind', 'not in', ['backfill.announce', 'backfill.verify-later'])
      .where('state', '=', 'pending')
      .where('run_at', '<=', now)
      .orderBy('run_at')
      .orderBy('id')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (found !== undefined)
      await trx
        .updateTable('outbox')
        .set({ state: 'queued', queued_at: now })
        .where('id', '=', found.id)
        .execute();
    return found;
  });
  if (row === undefined) return false;
  const finish = pool.db.updateTable('outbox').where('id', '=', row.id).where('state', '=', 'queued');
  try {
    const effect = effects.get(row.kind);
    if (effect === undefined) throw new Error(`no effect for ${row.kind}`);
    const result = await effect.run(services, row.payload, {
      key: row.key,
      attempt: row.attempts + 1,
      now: clock.now(),
      signal: new AbortController().signal,
    });
    if ('again' in result) await finish.set({ state: 'pending', run_at: result.again }).execute();
    else if ('waitUntil' in result)
      await finish.set({ state: 'pending', run_at: result.waitUntil }).execute();
    else await finish.set({ state: 'done', finished_at: clock.now() }).execute();
  } catch (error) {
    await finish
      .set({
        state: 'pending',
        attempts: row.attempts + 1,
        last_error: String(error),
        run_at: new Date(clock.now().getTime() + 200),
      })
      .execute();
  }
  return true;
}

async function lane(): Promise<void> {
  for (;;) {
    if (await step()) continue;
    const live = await pool.db
      .selectFrom('backfill')
      .select('id')
      .where('state', 'in', ['waiting', 'running', 'cancelling', 'verifying'])
      .limit(1)
      .executeTakeFirst();
    if (live === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// What a killed worker had taken is given back first, as requeueDue does.
await pool.db
  .updateTable('outbox')
  .set({ state: 'pending', queued_at: null })
  .where('state', '=', 'queued')
  .where('queued_at', '<', clock.now())
  .execute();
await Promise.all(Array.from({ length: settings.atOnce }, () => lane()));
console.log(`conversations ${conversations}`);
await services.executors.close();
await pool.close();
