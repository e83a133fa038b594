// `node scripts/docs.mjs`: writes every page and schema that is made from code (run `npm run build` first). With --check it writes nothing and
// ends with 1 when one is out of date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { controlShapes } from '../dist/playground/published.js';
import { gatherRegistrations } from '../dist/src/app.js';
import { generatedFiles } from '../dist/src/contract/pages.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const check = process.argv.includes('--check');
let changed = 0;
for (const { path: name, make } of generatedFiles(gatherRegistrations(), controlShapes)) {
  const file = path.join(root, name);
  const now = read(file);
  const wanted = make(now);
  if (wanted === now) continue;
  changed += 1;
  console.log(`${check ? 'out of date' : 'written'}: ${name}`);
  if (check) continue;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, wanted);
}
if (changed === 0) console.log('all pages are as the code says');
process.exit(check && changed > 0 ? 1 : 0);

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
