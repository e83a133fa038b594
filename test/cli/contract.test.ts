import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BatchAnswer } from '../../src/answers/batch.js';
import { LintReport } from '../../src/catalog/lint.js';
import { type PublishedName, published } from '../../src/contract/published.js';
import { incidentActions } from '../../src/incidents/authority.js';
import { declareIncident } from '../../src/incidents/declare.js';
import { DoctorCheck } from '../../src/runtime/doctor/say.js';
import { makeTestDatabase } from '../helpers/database.js';
import { runSteward } from '../helpers/serve-process.js';
import { makeTestServices, testMorning } from '../helpers/services.js';
import { tempFiles } from '../helpers/temp-files.js';

/** The built command line, spawned as a person would run it. On a busy machine each start takes seconds. */
const slow = { timeout: 120_000 };
const demoCatalog = 'dbt-artifacts:demo/dbt/target';
const onFiles = ['--source', demoCatalog];

const DoctorOutput = z.object({ checks: z.array(DoctorCheck) });

/** Runs a command and holds what it wrote against the shape that is published for it. */
async function written(
  name: PublishedName,
  args: string[],
  env: Record<string, string> = {},
  code = 0,
): Promise<unknown> {
  const run = await runSteward(args, env);
  expect(run.code, run.err).toBe(code);
  const schema: z.ZodType = published[name].schema;
  const value: unknown = JSON.parse(run.out);
  const parsed = schema.safeParse(value);
  expect(parsed.error, `${name}: ${parsed.error?.message ?? ''}`).toBeUndefined();
  return value;
}

describe('on files alone, with no database and no sound environment', slow, () => {
  const broken = { DATABASE_URL: 'mysql://nowhere', PORT: 'none' };

  it('ends in peace when whoever reads along has enough', () => {
    const run = spawnSync(
      'sh',
      [
        '-c',
        `"$0" dist/bin/steward.js catalog list --json --source ${demoCatalog} | head -c 1`,
        process.execPath,
      ],
      { encoding: 'utf8', env: { ...process.env, ...broken } },
    );
    expect(run).toMatchObject({ stdout: '{', stderr: '' });
  });

  it('catalog list writes every metric in full', async () => {
    const list = await written(
      'catalog-list',
      ['catalog', 'list', '--kind', 'metric', '--json', ...onFiles],
      broken,
    );
    expect(list).toMatchObject({
      assets: expect.arrayContaining([expect.objectContaining({ name: 'gross_margin' })]),
    });
  });

  it('catalog search, show, lint and diff write what is published', async () => {
    await written('catalog-search', ['catalog', 'search', 'gross', 'margin', '--json', ...onFiles], broken);
    await written('catalog-show', ['catalog', 'show', 'gross_margin', '--json', ...onFiles], broken);
    const lint = await runSteward(['catalog', 'lint', '--json', ...onFiles], broken);
    const findings = LintReport.parse(JSON.parse(lint.out)).findings;
    expect(lint.code).toBe(findings.length === 0 ? 0 : 1);
    await written(
      'catalog-diff',
      ['catalog', 'diff', demoCatalog, 'dbt-project:src/catalog/sources/dbt-project/fixtures/shop', '--json'],
      broken,
    );
  });

  it('ask answers one question, and a batch in its order', async () => {
    const one = await written('ask-answer', ['ask', 'what is gross margin?', '--json', ...onFiles], broken);
    expect(one).toMatchObject({ outcome: 'answered' });
    const folder = await tempFiles({
      // as an editor of Windows saves it: with a mark of the byte order before the first line
      'questions.jsonl': [
        '\ufeff{"id":"a","question":"what is our carbon footprint?","expect":"unknown"}',
        '{"id":2,"question":"gpu utilisation","expect":"unknown"}',
      ].join('\n'),
    });
    const batch = await runSteward(
      ['ask', '--batch', path.join(folder, 'questions.jsonl'), ...onFiles],
      broken,
    );
    const lines = batch.out
      .trim()
      .split('\n')
      .map((line) => BatchAnswer.parse(JSON.parse(line)));
    expect(lines.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['a', 'unknown'],
      ['2', 'answered'],
    ]);
    expect(batch.code, 'a missed expectation').toBe(1);
    expect(batch.err).toContain('2: not what was expected');
  });

  it('alerts replay says what a recorded day becomes', async () => {
    const folder = await tempFiles({
      'day.jsonl':
        '{"source":"generic","received_at":"2026-03-02T06:00:00Z","body":{"title":"late"}}\nnot a line at all\n',
    });
    const args = ['alerts', 'replay', '--dry-run', path.join(folder, 'day.jsonl'), '--json', ...onFiles];
    expect(await written('alerts-replay', args, broken)).toMatchObject({
      skipped: expect.arrayContaining([expect.objectContaining({ line: 2 })]),
    });
  });

  it('manifest prints one for HTTP and one for Socket Mode', async () => {
    await written('manifest', ['manifest', '--json'], broken);
    expect(await written('manifest', ['manifest', '--socket', '--json'], broken)).toMatchObject({
      settings: { socket_mode_enabled: true },
    });
  });

  it('policy check, policy explain and people check need the configuration only', async () => {
    const demo = { STEWARD_CONFIG: 'demo/steward.yml' };
    await written('policy-check', ['policy', 'check', '--json'], demo);
    await written(
      'policy-explain',
      [
        'policy',
        'explain',
        '--request',
        '{kind: access, classification: [pii], level: read, duration: 7d}',
        '--json',
      ],
      demo,
    );
    await written('people-check', ['people', 'check', '--json'], demo);
  });
});

describe('on a database', slow, () => {
  let env: Record<string, string>;
  beforeAll(async () => {
    const database = await makeTestDatabase();
    env = {
      DATABASE_URL: database.url,
      STEWARD_CONFIG: 'test/cli/steward.yml',
      STEWARD_AUDIT_KEY: 'a key for tests only, long enough',
    };
    const services = await makeTestServices({
      database,
      actions: [incidentActions],
      config: { people: [{ email: 'ana@acme.example', teams: ['data'] }], teams: [{ id: 'data' }] },
    });
    const id = await services.personId('ana@acme.example');
    await declareIncident(services, {
      title: 'Orders are late',
      actor: { personId: id, kind: 'person', channel: 'slack' },
      now: testMorning,
      via: 'command',
      deliveryKey: 'cli-contract',
    });
  }, 120_000);

  it('migrate finds nothing to do, and catalog sync takes the sources in', async () => {
    expect(await written('catalog-sync', ['catalog', 'sync', '--json'], env)).toMatchObject({
      sources: [{ source: 'shop', status: 'changed' }],
    });
    expect(
      await written('catalog-list', ['catalog', 'list', '--kind', 'metric', '--json'], env),
    ).toMatchObject({
      assets: expect.arrayContaining([expect.objectContaining({ source: 'shop' })]),
    });
    await written('ask-answer', ['ask', 'what is revenue?', '--json'], env);
    expect(await runSteward(['catalog', 'sync', '--only', 'shpo', '--json'], env)).toEqual({
      code: 2,
      out: '',
      err: '--only shpo: steward.yml has no such source. Use shop.\n',
    });
  });

  it('alerts replay --dry-run says what the rules of steward.yml would do with a recorded day, and does nothing', async () => {
    const alert = (title: string, status: string, at: string) =>
      JSON.stringify({
        source: 'generic',
        received_at: at,
        body: { title, asset: 'orders_yearly', kind: 'freshness', fingerprint: title, status, at },
      });
    const folder = await tempFiles({
      'day.jsonl': [
        alert('orders are late', 'firing', '2026-03-02T06:00:00Z'),
        alert('orders are late', 'resolved', '2026-03-02T07:00:00Z'),
      ].join('\n'),
      'steward.yml': [
        await readFile('test/cli/steward.yml', 'utf8').then((text) =>
          text.replace('../../src', path.resolve('src')),
        ),
        '  rules:',
        '    - { name: at once, on: alert, when: { asset: orders_yearly }, do: [{ action: accept }] }',
        '    - { name: tell, on: declare, do: [{ action: task, title: Tell sales }, { action: page }] }',
        '    - { name: quiet, on: alert, when: { status: recovered }, do: [{ action: resolve }] }',
        '    - { name: others, on: declare, when: { asset: another }, do: [{ action: page }] }',
      ].join('\n'),
    });
    const own = { ...env, STEWARD_CONFIG: path.join(folder, 'steward.yml') };
    const day = ['alerts', 'replay', '--dry-run', path.join(folder, 'day.jsonl')];
    expect(await written('alerts-replay', [...day, '--json'], own)).toMatchObject({
      groups: [
        {
          would: {
            state: 'investigating',
            rules: [
              { rule: 'at once', on: 'alert', actions: ['accept'] },
              { rule: 'tell', on: 'declare', actions: ['task', 'page'] },
              { rule: 'quiet', on: 'alert', actions: ['resolve'] },
            ],
          },
        },
      ],
    });
    expect((await runSteward(day, own)).out).toContain('"tell" would task, page');
    expect(await runSteward(['incident', 'export', '2'], own), 'nothing was declared').toMatchObject({
      code: 1,
    });
  });

  it('incident export and the scorecard tell what happened', async () => {
    expect(await written('incident-export', ['incident', 'export', 'INC-1', '--json'], env)).toMatchObject({
      reference: 'INC-1',
      title: 'Orders are late',
    });
    await written('scorecard', ['report', 'scorecard', '--json'], env);
  });

  it('audit verify and export, and erasing somebody', async () => {
    expect(await written('audit-verify', ['audit', 'verify', '--json'], env)).toMatchObject({ ok: true });
    const rows = await runSteward(['audit', 'export', '--json'], env);
    const lines = rows.out.trim().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) published['audit-row'].schema.parse(JSON.parse(line));
    expect(
      await written('person-erase', ['person', 'erase', 'ana@acme.example', '--json'], env),
    ).toMatchObject({
      dryRun: true,
    });
  });

  it('doctor names each thing that is wrong with its remedy, and exits 1', async () => {
    const checks = await written('doctor', ['doctor', '--json'], env, 1);
    expect(checks).toMatchObject({
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'Slack token', level: 'error', remedy: expect.any(String) }),
        expect.objectContaining({ name: 'Configuration', level: 'ok' }),
        {
          name: 'Planned work',
          level: 'warning',
          text: 'steward.yml:12: nothing in the catalog is called no_such_table, so the window silences nothing',
          remedy: 'correct incidents.plannedWork[0].asset; `steward catalog search` finds the name',
        },
      ]),
    });
  });

  it('doctor says each thing in one line: a source that is not there, a policy that is broken, a Redis that is away', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'steward-doctor-'));
    await writeFile(
      path.join(folder, 'steward.yml'),
      'catalog: { sources: [{ type: dbt-project, name: shop, path: ./nowhere }] }\npolicies: { files: [policies.yml] }\n',
    );
    await writeFile(path.join(folder, 'policies.yml'), 'version: 1\nrules:\n  - { nme: x }\n  - {}\n');
    const { checks } = DoctorOutput.parse(
      await written(
        'doctor',
        ['doctor', '--json'],
        { ...env, STEWARD_CONFIG: path.join(folder, 'steward.yml'), REDIS_URL: 'redis://127.0.0.1:9' },
        1,
      ),
    );
    const said = (name: string): string[] =>
      checks.filter((check) => check.name === name && check.level === 'error').map((check) => check.text);
    expect(said('Catalog source')).toEqual([
      'shop: there is no ./nowhere; it is looked for beside steward.yml',
    ]);
    expect(said('Policies')).toContain('policies.yml:3 rules[0].nme: unknown key "nme"');
    expect(said('Queue')).toEqual(['no Redis answers at 127.0.0.1:9']);
    for (const { text, remedy } of checks) expect(`${text}${remedy}`).not.toContain('\n');
    await rm(folder, { recursive: true, force: true });
  });
});
