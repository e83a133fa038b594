// `npm run check`: types, lint, format, import directions and cycles, generated files. Everything CI asks of a change besides its tests.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const steps = [
  ['types', 'typescript/bin/tsc', ['-p', 'tsconfig.json']],
  ['types of the page', 'typescript/bin/tsc', ['-p', 'playground/page/tsconfig.json', '--noEmit']],
  ['lint and format', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']],
];
let failed = false;
for (const [label, script, args] of steps) {
  const began = Date.now();
  const result = spawnSync(process.execPath, [path.join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(
    `check: ${label} ${result.status === 0 ? 'ok' : 'FAILED'} ${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
  failed ||= result.status !== 0;
}
process.exit(failed ? 1 : 0);
