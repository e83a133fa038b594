import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';

/** A copy of the lint rules over a handful of planted files: a checker that reads nothing would find nothing wrong. */
const dir = mkdtempSync(path.join(os.tmpdir(), 'steward-lint-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
cpSync('biome.json', path.join(dir, 'biome.json'));

function lint(files: Record<string, string>): { ok: boolean; said: string } {
  const root = mkdtempSync(path.join(dir, 'case-'));
  const config = { ...(JSON.parse(readConfig()) as Record<string, unknown>), vcs: { enabled: false } };
  writeFileSync(path.join(root, 'biome.json'), JSON.stringify(config));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  const result = spawnSync(
    process.execPath,
    [path.resolve('node_modules/@biomejs/biome/bin/biome'), 'lint', '--diagnostic-level=error', '.'],
    { cwd: root, encoding: 'utf8' },
  );
  return { ok: result.status === 0, said: `${result.stdout}${result.stderr}` };
}

function readConfig(): string {
  return spawnSync('cat', [path.join(dir, 'biome.json')], { encoding: 'utf8' }).stdout;
}

const leaf = 'export const leaf = 1;\n';

it('lets a sound tree pass', () => {
  expect(
    lint({
      'src/catalog/a.ts': "import { leaf } from './b.js';\nexport const a = leaf;\n",
      'src/catalog/b.ts': leaf,
    }),
  ).toMatchObject({ ok: true });
});

it('catches a domain that reaches into the Slack edge', () => {
  const found = lint({
    'src/catalog/a.ts': "import { leaf } from '../slack/b.js';\nexport const a = leaf;\n",
    'src/slack/b.ts': leaf,
  });
  expect(found.ok).toBe(false);
  expect(found.said).toContain('noRestrictedImports');
});

it('catches source code other than the wiring page that reaches into commands or handlers', () => {
  const wrong = {
    'src/jobs/a.ts': "import { leaf } from '../../commands/b.js';\nexport const a = leaf;\n",
    'commands/b.ts': leaf,
  };
  expect(lint(wrong).said).toContain('noRestrictedImports');
  const right = {
    'src/app.ts': "import { leaf } from '../commands/b.js';\nexport const a = leaf;\n",
    'commands/b.ts': leaf,
  };
  expect(lint(right).ok).toBe(true);
});

it('catches a cycle', () => {
  const found = lint({
    'src/catalog/a.ts': "import { b } from './b.js';\nexport const a = (): number => b() + 1;\n",
    'src/catalog/b.ts': "import { a } from './a.js';\nexport const b = (): number => a() + 1;\n",
  });
  expect(found.ok).toBe(false);
  expect(found.said).toContain('noImportCycles');
});
