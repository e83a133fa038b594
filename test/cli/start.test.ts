import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { makeEmptyDatabase } from '../helpers/database.js';
import { runSteward } from '../helpers/serve-process.js';

const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'a signing secret' };

/** As much of Slack as a start asks for. */
async function slackThatKnowsUs(): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ ok: true, team_id: 'T1', team: 'Acme', user_id: 'U1', bot_id: 'B1', user: 'steward' }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
}

async function configFile(text = ''): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'steward-start-'));
  const file = path.join(dir, 'steward.yml');
  await writeFile(file, text);
  return file;
}

it('refuses to start on a database that nobody answers at, and names the variable', async () => {
  const result = await runSteward(['serve'], {
    ...slack,
    STEWARD_CONFIG: await configFile(),
    DATABASE_URL: 'postgres://u:p@127.0.0.1:1/none',
  });
  expect(result.code).toBe(1);
  expect(result.err).toMatch(/^DATABASE_URL: no PostgreSQL answers at 127\.0\.0\.1:1\/none/);
  expect(result.err.trim().split('\n')).toHaveLength(1);
});

it('refuses to start below its level, and says what to run', async () => {
  const { adminUrl } = await makeEmptyDatabase();
  const result = await runSteward(['serve'], {
    ...slack,
    STEWARD_CONFIG: await configFile(),
    DATABASE_URL: adminUrl,
  });
  expect(result.code).toBe(1);
  expect(result.err).toContain('Run `steward migrate` first');
});

it('migrates a database of one’s own, twice without harm', async () => {
  const { adminUrl } = await makeEmptyDatabase();
  const env = { DATABASE_URL: adminUrl };
  expect((await runSteward(['migrate', '--json'], env)).code).toBe(0);
  const again = await runSteward(['migrate', '--json'], env);
  expect(JSON.parse(again.out)).toMatchObject({ applied: [] });
});

it('says to a role that does not own the tables that it may not migrate, and who may', async () => {
  const { adminUrl, name } = await makeEmptyDatabase();
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  onTestFinished(async () => {
    await admin.query(`drop role if exists ${name}`);
    await admin.end();
  });
  await admin.query(`create role ${name} login password 'serves'`);
  const address = new URL(adminUrl);
  address.username = name;
  address.password = 'serves';
  const result = await runSteward(['migrate'], { DATABASE_URL: address.href });
  expect(result.code).toBe(1);
  expect(result.err).toMatch(
    /^DATABASE_URL: this role may not migrate \(permission denied.*owns the tables.*\n$/,
  );
});

it('refuses a missing token, a missing file and a wrong key in one line each', async () => {
  const file = await configFile();
  const { adminUrl } = await makeEmptyDatabase();
  await runSteward(['migrate'], { DATABASE_URL: adminUrl });
  const noToken = await runSteward(['serve'], { STEWARD_CONFIG: file, DATABASE_URL: adminUrl });
  expect(noToken.err).toMatch(/^SLACK_BOT_TOKEN: is not set/);
  const noFile = await runSteward(['serve'], {
    ...slack,
    STEWARD_CONFIG: '/nowhere/steward.yml',
    DATABASE_URL: adminUrl,
  });
  expect(noFile.err).toMatch(/^STEWARD_CONFIG: \/nowhere\/steward\.yml cannot be read/);
  const wrongKey = await runSteward(['serve'], {
    ...slack,
    STEWARD_CONFIG: await configFile('slak: {}\n'),
    DATABASE_URL: adminUrl,
  });
  expect(wrongKey.err).toContain('steward.yml:1: slak');
  for (const result of [noToken, noFile, wrongKey]) {
    expect(result.code).toBe(1);
    expect(result.err.trim().split('\n')).toHaveLength(1);
  }
});

it('refuses to start on a Redis that nobody answers at, and names the variable', async () => {
  const { adminUrl } = await makeEmptyDatabase();
  await runSteward(['migrate'], { DATABASE_URL: adminUrl });
  const result = await runSteward(['serve'], {
    ...slack,
    SLACK_API_URL: await slackThatKnowsUs(),
    STEWARD_CONFIG: await configFile(),
    DATABASE_URL: adminUrl,
    REDIS_URL: 'redis://127.0.0.1:1',
    LOG_LEVEL: 'silent',
  });
  expect(result.err).toMatch(/^REDIS_URL: no Redis answers at 127\.0\.0\.1:1 /);
  expect(result.code).toBe(1);
  expect(result.err.trim().split('\n')).toHaveLength(1);
});

it('refuses to start when Slack does not answer', async () => {
  const { adminUrl } = await makeEmptyDatabase();
  await runSteward(['migrate'], { DATABASE_URL: adminUrl });
  const result = await runSteward(['serve'], {
    ...slack,
    SLACK_API_URL: 'http://127.0.0.1:1/api/',
    STEWARD_CONFIG: await configFile(),
    DATABASE_URL: adminUrl,
  });
  expect(result.code).toBe(1);
  expect(result.err).toMatch(/^SLACK_API_URL: Slack does not answer/);
});
