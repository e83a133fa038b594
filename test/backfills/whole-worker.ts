/**
 * A worker as it is served, for tests that kill it: dispatcher, queues on either backend, lanes, every effect, and Slack. It ends by
 * itself once the backfills are over and everything that was due is done. Which conversation it dies at is said in
 * conversations.ts.
 */
import pg from 'pg';
import { effects } from '../../src/effects/registry.js';
import { startDispatcher } from '../../src/jobs/dispatcher.js';
import { makePostgresBackend, makeRedisBackend, queueNames } from '../../src/jobs/queues.js';
import { makeOutboxRunner } from '../../src/jobs/run-outbox.js';
import { startWorkers } from '../../src/jobs/workers.js';
import { makeSlackClient } from '../../src/slack/client.js';
import { countConversations } from './conversations.js';
import type { WorkerSettings } from './processes.js';
import { makeWorkerServices } from './worker-services.js';

const settings = JSON.parse(process.env.WORKER ?? '{}') as WorkerSettings &
  Required<Pick<WorkerSettings, 'slack'>>;
const conversations = countConversations();
const { pool, clock, services } = makeWorkerServices(settings, {
  slack: makeSlackClient(settings.slack.token, settings.slack.apiUrl),
});
const trouble = (): void => undefined;
const { REDIS_URL } = process.env;
const backend = REDIS_URL
  ? makeRedisBackend(REDIS_URL, new URL(settings.database).pathname.slice(1), trouble)
  : makePostgresBackend(settings.database, trouble);
const abort = new AbortController();
const queues = new Map(queueNames.map((name) => [name, backend.makeQueue(name)]));
const workers = startWorkers(backend, {
  runOutbox: makeOutboxRunner(services, {
    effects: new Map(effects.map((effect) => [effect.kind, effect])),
    signal: abort.signal,
  }),
  runInbox: async () => undefined,
});
const dispatcher = await startDispatcher(services, {
  databaseUrl: settings.database,
  queues,
  onClock: () => undefined,
});

const looking = new pg.Client({ connectionString: settings.database });
conversations.asides(looking);
await looking.connect();

/** What comes hours later (late test results, a minute's batch for owners downstream) is no part of the run. */
async function idle(): Promise<boolean> {
  const { rows } = await looking.query<{ open: string }>(
    `select (select count(*) from backfill where state in ('waiting', 'running', 'cancelling', 'verifying'))
       + (select count(*) from outbox where state in ('pending', 'queued') and run_at <= $1
           and kind not in ('backfill.verify-later', 'backfill.announce')) as open`,
    [new Date(clock.now().getTime() + 16_000)],
  );
  return Number(rows[0]?.open) === 0;
}
while (!(await idle())) await new Promise((resolve) => setTimeout(resolve, 50));

console.log(`conversations ${conversations.count()}`);
abort.abort();
await dispatcher.stop();
await workers.stop();
for (const queue of queues.values()) await queue.close();
await backend.close();
await looking.end();
await services.executors.close();
await pool.close();
process.exit(0);
