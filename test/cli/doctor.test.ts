import http from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { expect, inject, it, onTestFinished } from 'vitest';
import { runDoctor } from '../../src/runtime/doctor.js';
import { makeTestDatabase } from '../helpers/database.js';
import { tempFiles } from '../helpers/temp-files.js';

/** A Slack that knows the bot's token and no other. */
async function slackWith(botToken: string): Promise<string> {
  const server = http.createServer((request, response) => {
    const known = request.headers.authorization === `Bearer ${botToken}`;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(known ? { ok: true, team: 'Acme' } : { ok: false, error: 'invalid_auth' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
}

async function complaints(env: Record<string, string>): Promise<string[]> {
  const checks = await runDoctor({
    SLACK_BOT_TOKEN: 'xoxb-known',
    SLACK_API_URL: await slackWith('xoxb-known'),
    SLACK_SIGNING_SECRET: 'signing secret',
    STEWARD_AUDIT_KEY: 'a key for tests only',
    STEWARD_CONFIG: `${await tempFiles({ 'steward.yml': 'people: [{ email: ana@acme.example }]\n' })}/steward.yml`,
    ...env,
  });
  return checks
    .filter(({ level, name }) => level !== 'ok' && /^(Slack|Database|Catalog source)/.test(name))
    .map(({ name, level, text, remedy }) => `${level} ${name}: ${text} -> ${remedy}`);
}

it('has nothing to say of a database with the right role and a Slack that knows the token', async () => {
  const { url } = await makeTestDatabase({ max: 1 });
  expect(await complaints({ DATABASE_URL: url })).toEqual([]);
});

it('tries the app-level token, and says which scope it wants', async () => {
  const { url } = await makeTestDatabase({ max: 1 });
  expect(await complaints({ DATABASE_URL: url, SLACK_APP_TOKEN: 'xapp-wrong' })).toEqual([
    expect.stringMatching(/^error Slack delivery: .*SLACK_APP_TOKEN \(invalid_auth\) -> .*connections:write/),
  ]);
});

it('says that a password is wrong, not that nothing answers', async () => {
  const { url } = await makeTestDatabase({ max: 1 });
  const wrong = new URL(url);
  wrong.password = 'wrong';
  const [said] = await complaints({ DATABASE_URL: wrong.href });
  expect(said).toMatch(/^error Database: DATABASE_URL: .* lets nobody in \(password authentication failed/);
  expect(said).toContain('Correct user, password or database in the URL');
});

it('names tables that its role may not read, and a role that may delete rows of the audit', async () => {
  const { url, adminUrl, name } = await makeTestDatabase({ max: 1 });
  const owner = new URL(inject('postgres').migrateUrl);
  owner.pathname = `/${name}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query('revoke select on outbox from steward_app');
  await admin.end();
  expect(await complaints({ DATABASE_URL: url })).toEqual([
    expect.stringMatching(/^error Database rights: this role may not read outbox -> connect as steward_app/),
  ]);
  expect(await complaints({ DATABASE_URL: owner.href })).toEqual([
    expect.stringMatching(/^warning Database rights: this role may delete rows of the audit/),
  ]);
});

it('says of a catalog source what it cannot be, before it is looked for', async () => {
  const { url } = await makeTestDatabase({ max: 1 });
  const folder = await tempFiles({
    'steward.yml': 'catalog:\n  sources:\n    - { type: dbt, path: gone }\n    - { type: dbt-project }\n',
  });
  expect(await complaints({ DATABASE_URL: url, STEWARD_CONFIG: `${folder}/steward.yml` })).toEqual([
    expect.stringMatching(/there is no source type "dbt"\. Use one of .* -> correct catalog\.sources\[0\]$/),
    expect.stringMatching(/dbt-project: path: is missing; give text\. -> correct catalog\.sources\[1\]$/),
  ]);
});
