import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { nextFreePort } from '../../playground/company/ports.js';
import { playManifest } from '../../playground/manifest.js';
import { startPlayground } from '../../playground/server.js';
import { gatherRegistrations } from '../../src/app.js';
import { stewardConfig } from '../../src/config/steward-schema.js';
import { buildManifest } from '../../src/slack/manifest.js';
import { makeTestDatabase } from '../helpers/database.js';
import { type ServeProcess, startServe } from '../helpers/serve-process.js';

const project = `
version: 2
metrics:
  - name: orders
    description: Number of orders placed and not cancelled.
    type: simple
    type_params: { measure: order_count }
`;

async function world(mode: 'http' | 'socket') {
  const database = await makeTestDatabase();
  const dir = await mkdtemp(path.join(os.tmpdir(), 'steward-kill-'));
  await mkdir(path.join(dir, 'models'));
  await writeFile(path.join(dir, 'dbt_project.yml'), 'name: acme\nmodel-paths: [models]\n');
  await writeFile(path.join(dir, 'models', 'schema.yml'), project);
  await writeFile(
    path.join(dir, 'steward.yml'),
    `people: [{ email: ana@acme.example, name: Ana, slack: U0ANA }]\ncatalog: { sources: [{ type: dbt-project, name: acme, path: . }] }\n`,
  );
  const port = await nextFreePort(40_000 + Math.floor(Math.random() * 9_000));
  const signingSecret = 'signing secret of the test';
  const playground = await startPlayground({
    team: { name: 'Acme' },
    manifest: playManifest.parse(
      buildManifest(
        gatherRegistrations(),
        stewardConfig.parse({}),
        mode === 'socket' ? { socketMode: true } : {},
      ),
    ),
    people: [{ id: 'U0ANA', name: 'ana', email: 'ana@acme.example' }],
    channels: [{ name: 'general', members: ['ana', 'steward'] }],
    delivery:
      mode === 'socket' ? { mode } : { mode, url: `http://127.0.0.1:${port}/slack/events`, signingSecret },
  });
  const env = {
    DATABASE_URL: database.url,
    STEWARD_CONFIG: path.join(dir, 'steward.yml'),
    STEWARD_AUDIT_KEY: 'a key for tests only',
    PORT: String(port),
    SLACK_API_URL: playground.apiUrl,
    SLACK_BOT_TOKEN: playground.botToken,
    ...(mode === 'socket'
      ? { SLACK_APP_TOKEN: playground.appToken }
      : { SLACK_SIGNING_SECRET: signingSecret }),
    ...(process.env.REDIS_URL ? { REDIS_URL: process.env.REDIS_URL } : {}),
  };
  const call = async (route: string, body?: unknown) => {
    const answer = await fetch(new URL(`/_play/${route}`, playground.url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${playground.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as { messages: { text: string; thread_ts?: string }[]; ok: boolean };
  };
  const answers = async () =>
    (await call('messages?channel=general')).messages.filter(
      (message) => message.thread_ts && message.text.includes('not cancelled'),
    );
  const untilAnswered = async (): Promise<void> => {
    const deadline = performance.now() + 25_000;
    while ((await answers()).length === 0) {
      if (performance.now() > deadline) throw new Error('no answer came');
      await sleep(100);
    }
  };
  return { database, playground, env, call, answers, untilAnswered };
}

it.each(['http', 'socket'] as const)(
  'answers once after a kill -9 between the arrival of a mention and its answer (%s)',
  async (mode) => {
    const { playground, env, call, answers, untilAnswered, database } = await world(mode);
    // A web process takes the mention in and acks it; it is killed before anybody works it.
    let running: ServeProcess = await startServe(['serve', '--web-only'], env);
    expect(
      (await call('act', { as: 'ana', do: 'mention', channel: 'general', text: 'what does orders mean?' }))
        .ok,
    ).toBe(true);
    const deadline = performance.now() + 5_000;
    // The mention itself: other events may arrive before it, and what is not acked is not ours to keep.
    const stored = async (): Promise<boolean> =>
      JSON.stringify(await database.db.selectFrom('inbox').select('body').execute()).includes('app_mention');
    while (!(await stored())) {
      if (performance.now() > deadline) throw new Error('the mention was not stored');
      await sleep(20);
    }
    await running.kill();
    expect(await answers()).toHaveLength(0);
    running = await startServe(['serve'], env);
    await untilAnswered().catch(async (error: unknown) => {
      const { db } = database;
      const left = {
        inbox: await db
          .selectFrom('inbox')
          .select(['id', 'state', 'attempts', 'run_at', 'last_error'])
          .execute(),
        outbox: await db
          .selectFrom('outbox')
          .select(['id', 'kind', 'state', 'attempts', 'run_at', 'last_error'])
          .where('kind', 'like', 'slack.%')
          .execute(),
        lanes: await db.selectFrom('lane').selectAll().execute(),
      };
      throw new Error(`${String(error)}: ${JSON.stringify(left)} ${running.log()}`);
    });
    await sleep(1_000);
    expect(await answers()).toHaveLength(1);
    const { ms, code } = await running.terminate();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
    await playground.stop();
  },
  60_000,
);

it('does not post twice when the answer to its post was lost and the process was killed', async () => {
  const { playground, env, call, answers, untilAnswered } = await world('http');
  let running = await startServe(['serve'], env);
  await call('fault', { target: 'slack', kind: 'lost_answer', count: 1 });
  await call('act', { as: 'ana', do: 'mention', channel: 'general', text: 'what does orders mean?' });
  await untilAnswered();
  await running.kill();
  running = await startServe(['serve'], env);
  await sleep(4_000);
  expect(await answers()).toHaveLength(1);
  await running.terminate();
  await playground.stop();
}, 60_000);
