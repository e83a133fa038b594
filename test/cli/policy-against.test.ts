import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/main.js';
import { PolicyCheck } from '../../src/contract/cli-shapes.js';
import { makeTestDatabase, type TestDatabase } from '../helpers/database.js';
import { tempFiles } from '../helpers/temp-files.js';

const run = promisify(execFile);
const shop = path.resolve('src/catalog/sources/dbt-project/fixtures/shop');
const steward = `
people:
  - { email: ana@acme.example, name: Ana, teams: [data] }
teams: [{ id: data }]
policies: { files: [policy.yml] }
catalog: { sources: [{ type: dbt-project, name: shop, path: ${JSON.stringify(shop)} }] }
`;
const policy = `version: 1
rules:
  - { name: all, kind: access, autoApprove: Everybody may. }
cases:
  - { name: reads, request: { kind: access, level: read }, expect: { rule: all } }
  - { name: writes, request: { kind: access, level: write }, expect: {} }
`;
const stricter = policy.replace(
  'rules:\n',
  'rules:\n  - { name: writing, kind: access, when: { level: write }, deny: Nobody writes. }\n',
);

/** A folder of policies with one commit and a change after it. */
async function changedPolicy(): Promise<string> {
  const folder = await tempFiles({ 'steward.yml': steward, 'policy.yml': policy });
  const git = (...args: string[]) => run('git', ['-C', folder, ...args]);
  await git('init', '-q');
  await git('add', '.');
  await git('-c', 'user.name=Ana', '-c', 'user.email=ana@acme.example', 'commit', '-qm', 'policy');
  await writeFile(path.join(folder, 'policy.yml'), stricter);
  return folder;
}

/** Runs in `folder`, in this process, and returns what was written. */
async function inFolder(folder: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  let out = '';
  const write = (text: string): boolean => {
    out += text;
    return true;
  };
  const stream = { write, isTTY: false } as unknown as NodeJS.WriteStream;
  const given = { STEWARD_CONFIG: path.join(folder, 'steward.yml'), STEWARD_DATA_DIR: folder, ...env };
  const code = await runCli(args, { env: given, cwd: folder }, { out: stream, err: stream });
  expect(code, out).toBe(0);
  return out;
}

/** Ana's stored wish of one level on the first model; `null` leaves out the access request, as if it were gone. */
async function ask({ db }: TestDatabase, reference: string, level: 'read' | 'write' | null): Promise<void> {
  const now = new Date();
  const ana = await db.selectFrom('person').select('id').executeTakeFirstOrThrow();
  const model = await db
    .selectFrom('asset')
    .select(['id', 'name'])
    .where('kind', '=', 'model')
    .orderBy('name')
    .executeTakeFirstOrThrow();
  let subjectId = '00000000-0000-4000-8000-000000000000';
  if (level !== null) {
    const right = await db
      .insertInto('access_right')
      .values({
        key: reference,
        object_key: reference,
        warehouse: 'main',
        login: 'ana',
        relation: model.name,
        level,
        columns: [],
        created_at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const request = await db
      .insertInto('access_request')
      .values({
        batch_id: right.id,
        view_index: 0,
        requester_id: ana.id,
        beneficiary_kind: 'self',
        beneficiary_id: ana.id,
        asset_id: model.id,
        asset_name: model.name,
        right_id: right.id,
        level,
        columns: [],
        duration_ms: 86_400_000,
        state: 'requested',
        created_at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    subjectId = request.id;
  }
  await db
    .insertInto('approval_request')
    .values({
      kind: 'access',
      subject_id: subjectId,
      reference,
      requester_id: ana.id,
      beneficiary_ids: [],
      state: 'pending',
      policy_hash: (await db.selectFrom('policy_version').select('hash').executeTakeFirst())?.hash ?? 'x',
      rule: 'all',
      title: reference,
      opened_at: now,
      expires_at: new Date(now.getTime() + 86_400_000),
    })
    .execute();
}

it('policy check --against says whose stored requests would be decided differently [A-policy-against]', async () => {
  const folder = await changedPolicy();
  const database = await makeTestDatabase();
  const env = { DATABASE_URL: database.url, STEWARD_AUDIT_KEY: 'a key for tests only, long enough' };
  await inFolder(folder, ['catalog', 'sync'], env);
  await database.db
    .insertInto('policy_version')
    .values({ hash: 'x', sources: '[]', previous_hash: null, loaded_at: new Date() })
    .execute();
  await ask(database, 'ACC-1', 'read');
  await ask(database, 'ACC-2', 'write');
  await ask(database, 'ACC-3', null);
  const json = await inFolder(folder, ['policy', 'check', '--against', 'HEAD', '--json'], env);
  const { differences, stored } = PolicyCheck.parse(JSON.parse(json));
  expect(differences).toEqual([
    expect.objectContaining({ reference: 'writes', requester: null, state: null }),
    expect.objectContaining({
      reference: 'ACC-2',
      requester: 'Ana',
      state: 'pending',
      before: 'auto-approved by all',
      after: 'denied by writing',
    }),
  ]);
  expect(stored).toEqual({ requests: 2, unreadable: ['ACC-3'] });
  const text = await inFolder(folder, ['policy', 'check', '--against', 'HEAD'], env);
  expect(text).toMatch(/would change: ACC-2 of Ana \(pending: write on .*\): auto-approved by all -> denied/);
  expect(text).toContain('not compared, what they asked for is gone: ACC-3');
}, 120_000);

it('without a database it compares the table of cases, and says so in one line', async () => {
  const folder = await changedPolicy();
  const text = await inFolder(folder, ['policy', 'check', '--against', 'HEAD']);
  expect(text).toContain('would change: writes: auto-approved by all -> denied by writing');
  expect(text.match(/^Compared the table of cases only: .*$/gm)).toHaveLength(1);
  const json = await inFolder(folder, ['policy', 'check', '--against', 'HEAD', '--json']);
  expect(PolicyCheck.parse(JSON.parse(json))).toMatchObject({ stored: null, differences: [{}] });
});
