// `node scripts/coverage.mjs`: writes docs/coverage.md from docs/coverage/*.yml and docs/connectors.md from tags in tests (run `npm run build` first). Fails on
// a row that names no test and gives no reason, a test that is gone, a tag of no connector, or a connector without a test.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectorsPage } from '../dist/src/contract/connectors.js';
import { coveragePage, makeFindTest } from '../dist/src/contract/coverage.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const read = (name) => readFileSync(path.join(root, name), 'utf8');
const tests = new Map(
  ['src', 'test', 'commands', 'handlers', 'playground', 'demo', 'bench', 'prompts']
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true }).map((name) => path.join(folder, name)),
    )
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .map((name) => [name, read(name)]),
);
const files = readdirSync(path.join(root, 'docs/coverage'))
  .filter((name) => name.endsWith('.yml'))
  .sort()
  .map((name) => ({ name: path.basename(name, '.yml'), text: read(path.join('docs/coverage', name)) }));
const page = coveragePage(files, makeFindTest(tests));
writeFileSync(path.join(root, 'docs/coverage.md'), page);
writeFileSync(path.join(root, 'docs/connectors.md'), connectorsPage(tests));
console.log(`written: docs/coverage.md (${files.map(({ name }) => name).join(', ')}), docs/connectors.md`);
