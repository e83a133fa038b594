import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';
import { syncAgain } from '../helpers/sync-again.js';
import { told, until } from './until.js';

const policy = `
version: 1
rules:
  - name: board
    kind: definition
    when: { facts: { board: true } }
    reason: { minLength: 10 }
    stages: [{ name: Owner, from: [owner] }, { name: Finance, from: [{ team: finance }] }]
`;
const project = `
version: 2
# What the board reads.
metrics:
  - name: mrr
    label: MRR
    description: Recurring fees of the month.
    type: simple
    type_params: { measure: mrr }
    config: { tags: [board-metric], meta: { owner: ana@acme.example, tier: 1, caveats: [none known] } }
`;
const words = 'Recurring fees of the month: usage is not in it.';

/** GitHub as another party imitates it: none of it is ours. */
let emulator: Emulator;
let app: TestSteward;

beforeAll(async () => {
  emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: { 'token-of-ours': { login: 'acme', scopes: ['repo'] } },
      github: {
        users: [{ login: 'acme', name: 'Acme' }],
        repos: [{ owner: 'acme', name: 'dbt', auto_init: true, default_branch: 'main' }],
      },
    },
  });
  await github('PUT', 'contents/models/schema.yml', {
    message: 'start',
    content: Buffer.from(project).toString('base64'),
    branch: 'main',
  });
  const dir = await mkdtemp(path.join(os.tmpdir(), 'steward-policy-'));
  await writeFile(path.join(dir, 'definition.yml'), policy);
  app = await startTestSteward({
    project,
    people: [
      { email: 'ana@acme.example', name: 'Ana', slack: 'U0ANA', teams: ['data'] },
      { email: 'ben@acme.example', name: 'Ben', slack: 'U0BEN', teams: ['sales'] },
      { email: 'cleo@acme.example', name: 'Cleo', slack: 'U0CLEO', teams: ['finance'] },
      { email: 'dora@acme.example', name: 'Dora', slack: 'U0DORA', teams: ['sales'] },
    ],
    source: `repository: { type: github, project: acme/dbt, url: "${emulator.url}", token: { env: GITHUB_TOKEN } }`,
    env: { GITHUB_TOKEN: 'token-of-ours' },
    config: `
policies: { files: [${JSON.stringify(path.join(dir, 'definition.yml'))}] }
slack: { channels: { announcements: general, approvals: general } }
`,
  });
});

afterAll(async () => {
  await app.stop();
  await emulator.close();
});

async function github(method: string, where: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${emulator.url}/repos/acme/dbt/${where}`, {
    method,
    headers: { authorization: 'Bearer token-of-ours', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
}

const content = z.object({ content: z.string() });
async function fileAt(branch: string): Promise<string> {
  const file = content.parse(await github('GET', `contents/models/schema.yml?ref=${branch}`));
  return Buffer.from(file.content, 'base64').toString('utf8');
}

/** The checkout that the catalog is read from is brought to the main branch, and read. */
async function pullAndSync(): Promise<void> {
  const { services } = app.steward;
  const folder = String(services.config.catalog.sources[0]?.path);
  await writeFile(path.join(folder, 'models/schema.yml'), await fileAt('main'));
  await syncAgain(app);
}

/** Release notes for one person: sent, or waiting for their morning. */
async function notesFor(name: string): Promise<string[]> {
  const { db, directory } = app.steward.services;
  const person = await directory.byEmail(db, `${name}@acme.example`);
  const [sent, waiting] = await Promise.all(
    (['slack_message', 'notice_waiting'] as const).map((table) =>
      db
        .selectFrom(table)
        .select('key')
        .where('person_id', '=', person?.id ?? '')
        .where('key', 'like', 'definition:%:release:%')
        .execute(),
    ),
  );
  return [...(sent ?? []), ...(waiting ?? [])].map((row) => row.key);
}

it('a definition goes from a proposal over two approvals to a pull request, and once that is merged and read, to those who asked', async () => {
  const asked = (as: string) => app.act({ as, do: 'command', channel: 'general', text: '/metric mrr' });
  expect((await asked('dora')).reply?.text).toContain('Recurring fees of the month.');
  await app.steward.services.questions.flush();

  await app.act({ as: 'ben', do: 'command', channel: 'general', text: '/metric propose mrr' });
  const sent = await app.act({
    as: 'ben',
    do: 'submit',
    values: { description: words, reason: 'Two teams read it in two ways.' },
  });
  expect(sent.ok, sent.error).toBe(true);
  const first = await told(app, { person: 'ana' }, 'DEF-1');
  await app.act({ as: 'ana', do: 'click', action_id: 'approval:approve', message: first.ts });
  const second = await told(app, { person: 'cleo' }, 'Finance: waiting for Cleo');
  expect(await github('GET', 'pulls?state=all')).toEqual([]);
  await app.act({ as: 'cleo', do: 'click', action_id: 'approval:approve', message: second.ts });

  const pull = await until('the pull request', async () => {
    const row = await app.steward.services.db
      .selectFrom('definition_change')
      .select(['pull_request_url', 'branch'])
      .where('number', '=', 1)
      .executeTakeFirst();
    return row?.pull_request_url ? row : undefined;
  });
  expect(pull).toEqual({
    pull_request_url: expect.stringMatching(/\/acme\/dbt\/pull\/\d+$/),
    branch: 'steward/def-1',
  });
  expect(await fileAt('steward/def-1')).toBe(project.replace('Recurring fees of the month.', `"${words}"`));
  expect(await fileAt('main')).toBe(project);

  await pullAndSync();
  expect((await asked('dora')).reply?.text).toContain('not in the source yet');

  const number = String(pull.pull_request_url).split('/').at(-1);
  expect(await github('PUT', `pulls/${number}/merge`, {})).toMatchObject({ merged: true });
  await pullAndSync();
  const note = await told(app, { channel: 'general' }, 'MRR has a new definition (DEF-1)');
  expect(note.text).toContain(`It is now: ${words}`);
  await until('the note to whoever asked', async () => (await notesFor('dora')).length === 1);
  expect(await notesFor('cleo')).toEqual([]);
  const after = await asked('dora');
  expect(after.reply?.text).toContain('usage is not in it');
  expect(after.reply?.text).not.toContain('DEF-1');
  const history = await app.act({
    as: 'dora',
    do: 'command',
    channel: 'general',
    text: '/metric history mrr',
  });
  expect(history.reply?.text).toMatch(/Approved by Ana and Cleo \(DEF-1\), announced \d{4}-\d\d-\d\d\./);
  const place = `/p${note.ts.replace('.', '')}`;
  expect(JSON.stringify(history.reply?.blocks)).toContain(`${place}|Release note>`);
}, 90_000);
