// `npm run bench -- <name>`: runs dist/bench/<name>.js with the rest of the arguments.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [name = ''] = process.argv.slice(2);
const file = path.join(root, 'dist', 'bench', `${name}.js`);
if (!/^[a-z-]+$/.test(name) || !existsSync(file)) {
  const known = readdirSync(path.join(root, 'dist', 'bench'));
  console.error(`bench: give one of ${known.map((entry) => entry.replace(/\.js$/, '')).join(', ')}`);
  process.exit(2);
}
process.argv.splice(2, 1);
await import(pathToFileURL(file).href);
