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
import { startServe } from '../helpers/serve-process.js';

it('serves with one web process and two workers: forty mentions get forty answers, each once', async () => {
  const database = await makeTestDatabase();
  const dir = await mkdtemp(path.join(os.tmpdir(), 'steward-many-'));
  await mkdir(path.join(dir, 'models'));
  await writeFile(path.join(dir, 'dbt_project.yml'), 'name: acme\nmodel-paths: [models]\n');
  await writeFile(
    path.join(dir, 'models', 'schema.yml'),
    'version: 2\nmetrics:\n  - { name: orders, description: Number of orders placed and not cancelled., type: simple, type_params: { measure: order_count } }\n',
  );
  await writeFile(
    path.join(dir, 'steward.yml'),
    'people: [{ email: ana@acme.example, name: Ana, slack: U0ANA }]\ncatalog: { sources: [{ type: dbt-project, name: acme, path: . }] }\n',
  );
  const port = await nextFreePort(49_000 + Math.floor(Math.random() * 9_000));
  const signingSecret = 'signing secret of the test';
  const names = Array.from({ length: 8 }, (_, index) => `room-${index}`);
  const playground = await startPlayground({
    team: { name: 'Acme' },
    manifest: playManifest.parse(buildManifest(gatherRegistrations(), stewardConfig.parse({}))),
    people: [{ id: 'U0ANA', name: 'ana', email: 'ana@acme.example' }],
    channels: names.map((name) => ({ name, members: ['ana', 'steward'] })),
    delivery: { mode: 'http', url: `http://127.0.0.1:${port}/slack/events`, signingSecret },
  });
  const env = {
    DATABASE_URL: database.url,
    STEWARD_CONFIG: path.join(dir, 'steward.yml'),
    STEWARD_AUDIT_KEY: 'a key for tests only',
    PORT: String(port),
    SLACK_API_URL: playground.apiUrl,
    SLACK_BOT_TOKEN: playground.botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    ...(process.env.REDIS_URL ? { REDIS_URL: process.env.REDIS_URL } : {}),
  };
  const first = await startServe(['serve', '--worker-only'], env);
  const rest = await Promise.all([
    startServe(['serve', '--worker-only'], env),
    startServe(['serve', '--web-only'], env),
  ]);
  const call = async (route: string, body?: unknown) => {
    const answer = await fetch(new URL(`/_play/${route}`, playground.url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${playground.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as { messages: { text: string; thread_ts?: string }[] };
  };
  for (let round = 0; round < 5; round += 1) {
    for (const name of names)
      await call('act', { as: 'ana', do: 'mention', channel: name, text: 'what does orders mean?' });
  }
  const answers = async (): Promise<string[]> => {
    const all = await Promise.all(names.map((name) => call(`messages?channel=${name}`)));
    return all.flatMap(({ messages }) =>
      messages
        .filter((message) => message.text.includes('not cancelled') && message.thread_ts)
        .map((message) => message.thread_ts ?? ''),
    );
  };
  const deadline = performance.now() + 60_000;
  while ((await answers()).length < 40) {
    if (performance.now() > deadline) throw new Error(`only ${(await answers()).length} answers came`);
    await sleep(200);
  }
  await sleep(1_500);
  const threads = await answers();
  expect(threads).toHaveLength(40);
  expect(new Set(threads).size).toBe(40);
  for (const running of [...rest, first]) expect((await running.terminate()).code).toBe(0);
  await playground.stop();
}, 120_000);
