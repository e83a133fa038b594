// `npm run check`: types, lint, format, import directions and cycles, generated files. Everything CI asks of a change besides its tests.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
// Several checkers each work out the same types of the libraries anew: one alone takes half of the processor's time, and the rest of the
// check runs beside it.
const steps = [
  ['types', 'typescript/bin/tsc', ['-p', 'tsconfig.json', '--checkers', '1']],
  [
    'types of the page',
    'typescript/bin/tsc',
    ['-p', 'playground/page/tsconfig.json', '--noEmit', '--checkers', '1'],
  ],
  ['lint and format', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']],
];

/** Runs one step beside the others; what it says is printed when it ends, so that no two steps' words mix. */
function run([label, script, args]) {
  return new Promise((resolve) => {
    const began = Date.now();
    const child = spawn(process.execPath, [path.join(root, 'node_modules', script), ...args], { cwd: root });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        said += text;
      });
    child.on('close', (status) => {
      process.stdout.write(said);
      console.log(
        `check: ${label} ${status === 0 ? 'ok' : 'FAILED'} ${((Date.now() - began) / 1000).toFixed(1)} s`,
      );
      resolve(status === 0);
    });
  });
}

const passed = await Promise.all(steps.map(run));
process.exit(passed.every(Boolean) ? 0 : 1);
