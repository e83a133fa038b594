/**
 * A worker as a process of its own, for tests that kill it: works off what backfills have asked for, several at once, until
 * nothing is left; over a channel to its parent it can be asked to do so again. Which conversation it dies at is said in conversations.ts.
 */
import { once } from 'node:events';
import { backfillEffects } from '../../src/effects/backfill-effects.js';
import { countConversations } from './conversations.js';
import type { KillPoint, WorkerSettings } from './processes.js';
import { makeWorkerServices } from './worker-services.js';

const settings = JSON.parse(process.env.WORKER ?? '{}') as WorkerSettings;
const conversations = countConversations();
const { pool, clock, services } = makeWorkerServices(settings);

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

/** All that there is to do. */
async function workOff(): Promise<void> {
  // What a killed worker had taken is given back first, as requeueDue does.
  await pool.db
    .updateTable('outbox')
    .set({ state: 'pending', queued_at: null })
    .where('state', '=', 'queued')
    .where('queued_at', '<', clock.now())
    .execute();
  await Promise.all(Array.from({ length: settings.atOnce }, () => lane()));
}

await workOff();
console.log(`conversations ${conversations.count()}`);
// Asked to stay, it tells how much it said and works again when told to, until it is let go or dies.
while (process.connected) {
  process.send?.({ conversations: conversations.count() });
  const [next] = (await once(process, 'message')) as ['stop' | KillPoint];
  if (next === 'stop') break;
  conversations.begin(next);
  await workOff();
}
if (process.connected) process.disconnect();
await services.executors.close();
await pool.close();
