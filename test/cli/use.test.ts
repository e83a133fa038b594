import path from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { runCli } from '../../src/cli/main.js';
import { cliFamilies } from '../../src/cli/registry.js';
import { runSteward } from '../helpers/serve-process.js';
import { tempFiles } from '../helpers/temp-files.js';

const slow = { timeout: 120_000 };

/** Every command with a help page: the words before `--help`. */
const commands = [
  '',
  'serve',
  'demo',
  'migrate',
  'doctor',
  'catalog',
  'catalog sync',
  'catalog lint',
  'catalog list',
  'catalog show',
  'catalog search',
  'catalog diff',
  'ask',
  'policy check',
  'policy explain',
  'people check',
  'person erase',
  'incident export',
  'alerts replay',
  'audit verify',
  'audit export',
  'report scorecard',
  'manifest',
];

/** Runs the command line in this process and keeps what it says. `demo` lives in bin/ and is spawned below. */
async function inProcess(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    ({
      write: (text: string) => {
        said[name] += text;
        return true;
      },
      isTTY: false,
    }) as unknown as NodeJS.WriteStream;
  const code = await runCli(args, { env, cwd: process.cwd() }, { out: stream('out'), err: stream('err') });
  return { code, ...said };
}

it('finds the family of every command by its first word', async () => {
  const words = cliFamilies.flatMap((family) => family.words);
  expect([...words, 'demo'].sort()).toEqual(
    [...new Set(commands.flatMap((one) => one.split(' ')[0] || []))].sort(),
  );
});

it.each(commands.filter((command) => command !== 'demo'))(
  'says how to use "%s", and exits 0',
  async (command) => {
    const help = await inProcess([...command.split(' ').filter(Boolean), '--help']);
    expect(help.code).toBe(0);
    expect(help.out).toContain(`Usage: steward${command === '' ? '' : ` ${command}`}`);
  },
);

it('offers --json on everything that writes a result', async () => {
  const plain = ['', 'demo', 'catalog'];
  for (const command of commands.filter((name) => !plain.includes(name)))
    expect((await inProcess([...command.split(' '), '--help'])).out, command).toContain('--json');
});

describe('wrong use ends with 2 and a sentence', () => {
  it.each([
    ['nonsense'],
    ['catalog', 'nonsense'],
    ['catalog', 'list', '--nonsense'],
    ['catalog', 'list', '--source', 'nonsense:x'],
    ['catalog', 'list', '--source', 'dbt-artifacts:demo/dbt/target', '--kind', 'nonsense'],
    ['catalog', 'search', '--source', 'dbt-artifacts:demo/dbt/target', '--limit', '0', 'x'],
    ['ask'],
    ['ask', 'x', '--batch', 'y'],
    ['ask', '--batch', 'no-such-file.jsonl', '--source', 'dbt-artifacts:demo/dbt/target'],
    ['incident', 'export', 'twelve'],
    ['incident', 'export', 'INC-99999999999999999999'],
    ['alerts', 'replay', 'file'],
    ['audit', 'export', '--format', 'xml'],
    ['report', 'scorecard', '--days', '0'],
    ['serve', '--web-only', '--worker-only'],
    ['policy', 'explain'],
    ['policy', 'explain', '--request', 'no-such-file.yml'],
    ['policy', 'explain', '--request', '{{{'],
    ['manifest', '--url', 'nonsense'],
    ['manifest', '--url', 'https://steward.example', '--socket'],
    ['catalog', 'search', '--source', 'csv:no-such-folder', '--limit', '0', 'x'],
    ['audit', 'export', '--since', '2026-02-30'],
    ['audit', 'export', '--since', '5'],
    ['peple', 'check'],
  ])('%s %s %s %s %s %s', async (...args) => {
    const wrong = await inProcess(args.filter((word) => word !== undefined));
    expect(wrong.code, wrong.err).toBe(2);
    expect(wrong.err).toMatch(/^\S.*\n$/);
    expect(wrong.out).toBe('');
  });

  it('demo --port', slow, async () => {
    const wrong = await runSteward(['demo', '--port', 'abc']);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('--port abc: ');
  });
});

it('people check misses logins only where access is given to one', async () => {
  const people = 'people: [{ email: ana@acme.example, teams: [data] }]\nteams: [{ id: data }]\n';
  const folder = await tempFiles({
    'byhand.yml': `${people}warehouses: [{ name: snow, type: manual, team: data }]\n`,
    'postgres.yml': `${people}warehouses: [{ name: main, type: postgres, url: { env: URL } }]\n`,
  });
  const check = async (file: string) =>
    (await inProcess(['people', 'check'], { STEWARD_CONFIG: path.join(folder, file) })).out;
  expect(await check('byhand.yml')).not.toContain('login');
  expect(await check('postgres.yml')).toContain(
    'ana@acme.example has no warehouse login; access cannot be granted to them',
  );
});

describe('what fails ends with 1 and one line that names it', () => {
  it.each([
    [{ PORT: 'abc' }, ['doctor', '--json'], null],
    [{ PORT: 'abc' }, ['serve'], 'PORT:'],
    [{ STEWARD_CONFIG: 'no-such.yml' }, ['people', 'check'], 'STEWARD_CONFIG: no-such.yml'],
    [
      { DATABASE_URL: 'postgres://127.0.0.1:1/none', STEWARD_CONFIG: 'demo/steward.yml' },
      ['migrate'],
      'DATABASE_URL:',
    ],
    [{}, ['catalog', 'list', '--source', 'dbt-artifacts:no-such-folder'], 'no-such-folder'],
    [
      {},
      ['catalog', 'show', 'nobody-knows-this', '--source', 'dbt-artifacts:demo/dbt/target'],
      'nobody-knows-this',
    ],
  ])('%o %o', async (env, args, names) => {
    const failed = await inProcess(args, env);
    expect(failed.code, failed.err).toBe(1);
    if (names !== null) {
      expect(failed.err).toContain(names);
      expect(failed.err.trim().split('\n')).toHaveLength(1);
    }
  });
});

it('starts the demo from its own door only, so that a server in earnest never loads it', slow, async () => {
  const help = await runSteward(['demo', '--help']);
  expect(help.code).toBe(0);
  expect(help.out).toContain('--reset');
  expect(help.out).toContain('--json');
});

it('says its version, as the first line of a bug report wants it', slow, async () => {
  for (const flag of ['--version', '-v'])
    expect(await runSteward([flag])).toMatchObject({ code: 0, out: `${packageJson.version}\n`, err: '' });
});

it('refuses Windows in one line that names WSL', slow, async () => {
  const refused = await runSteward(['--help'], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent("Object.defineProperty(process,'platform',{value:'win32'})")}`,
  });
  expect(refused.code).toBe(1);
  expect(
    refused.err
      .trim()
      .split('\n')
      .filter((line) => line.includes('WSL')),
  ).toHaveLength(1);
  expect(refused.out).toBe('');
});
