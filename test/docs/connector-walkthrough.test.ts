import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** A copy of the source tree in which CONTRIBUTING.md's walk-through is carried out, block by block. */
const root = mkdtempSync(path.join(os.tmpdir(), 'steward-walkthrough-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Block {
  language: string;
  place: 'file' | 'registry';
  file: string;
  text: string;
}

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/```(\w+) (file|registry)=(\S+)\n([\s\S]*?)```/g)].map(
    ([, language = '', place, file = '', text = '']) => ({
      language,
      place: place === 'file' ? 'file' : 'registry',
      file,
      text,
    }),
  );
}

const blocks = blocksOf(readFileSync('CONTRIBUTING.md', 'utf8'));
const written = blocks.filter((block) => block.place === 'file');

function node(script: string, args: string[]): { status: number | null; said: string } {
  const result = spawnSync(process.execPath, [path.resolve('node_modules', script), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' },
  });
  return { status: result.status, said: `${result.stdout}${result.stderr}` };
}

beforeAll(() => {
  cpSync('src', path.join(root, 'src'), { recursive: true });
  for (const file of ['package.json', 'tsconfig.json', 'biome.json']) cpSync(file, path.join(root, file));
  symlinkSync(path.resolve('node_modules'), path.join(root, 'node_modules'));
  for (const { file, text } of written) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  for (const { file, text } of blocks.filter((block) => block.place === 'registry')) {
    const [importLine = '', entry = ''] = text.trimEnd().split('\n');
    const registry = readFileSync(path.join(root, file), 'utf8');
    const lastImport = registry.lastIndexOf('\nimport ') + 1;
    const afterImport = registry.indexOf('\n', lastImport) + 1;
    const listEnd = registry.indexOf('\n];') + 1;
    writeFileSync(
      path.join(root, file),
      `${registry.slice(0, afterImport)}${importLine}\n${registry.slice(afterImport, listEnd)}${entry}\n${registry.slice(listEnd)}`,
    );
  }
});

it('has all the files that the page promises, and one registry line', () => {
  expect(written.map(({ file }) => path.basename(file)).sort()).toEqual([
    'glossary.toml',
    'index.test.ts',
    'index.ts',
    'schema.ts',
  ]);
  expect(blocks.filter((block) => block.place === 'registry')).toHaveLength(1);
});

it('compiles under the house’s own rules', { timeout: 120_000 }, () => {
  const config = {
    extends: './tsconfig.json',
    include: ['src/catalog/sources/toml', 'src/catalog/sources/registry.ts', 'src/**/*.d.ts'],
  };
  writeFileSync(path.join(root, 'tsconfig.walk.json'), JSON.stringify(config));
  const compiled = node('typescript/bin/tsc', ['-p', 'tsconfig.walk.json', '--noEmit']);
  expect(compiled.said).toBe('');
  expect(compiled.status).toBe(0);
});

it('passes lint and format', { timeout: 120_000 }, () => {
  writeFileSync(
    path.join(root, 'biome.json'),
    JSON.stringify({
      ...(JSON.parse(readFileSync('biome.json', 'utf8')) as object),
      vcs: { enabled: false },
    }),
  );
  const checked = node('@biomejs/biome/bin/biome', ['check', 'src/catalog/sources/toml']);
  expect(checked.status, checked.said).toBe(0);
});

it('runs its own test, and is found by its type', { timeout: 120_000 }, () => {
  writeFileSync(path.join(root, 'vitest.config.mjs'), 'export default {};\n');
  writeFileSync(
    path.join(root, 'src/catalog/sources/found.test.ts'),
    [
      "import { expect, it } from 'vitest';",
      "import { catalogFromArguments } from '../from-arguments.js';",
      "it('answers to --source toml:<path>', async () => {",
      '  const context = { now: new Date(0), signal: new AbortController().signal, secret: () => undefined, fetch, baseDir: process.cwd() };',
      "  const view = await catalogFromArguments(['toml:src/catalog/sources/toml/fixtures'], context);",
      "  expect(view.resolve('churn').map((asset) => asset.kind)).toEqual(['term']);",
      '});',
    ].join('\n'),
  );
  const ran = node('vitest/vitest.mjs', [
    'run',
    '--config',
    'vitest.config.mjs',
    'src/catalog/sources/toml',
    'src/catalog/sources/found.test.ts',
  ]);
  expect(ran.status, ran.said).toBe(0);
  expect(ran.said).toContain('3 passed');
});
