// Compiles the TypeScript and bundles the playground page into dist/. Runs as `prepare`, so that nothing is
// compiled when the demo starts.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const startedAtMs = Date.now();

function run(label, script, args) {
  const began = Date.now();
  const result = spawnSync(process.execPath, [path.join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status !== 0) {
    console.error(`build: ${label} failed`);
    process.exit(result.status ?? 1);
  }
  console.log(`build: ${label} ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

if (!existsSync(path.join(root, 'node_modules', 'typescript'))) {
  // `npm ci --omit=dev` of an already built tree: there is nothing to compile with, and nothing to compile.
  if (existsSync(path.join(root, 'dist', 'bin', 'steward.js'))) process.exit(0);
  console.error('build: development packages are missing; run `npm ci` without --omit=dev once');
  process.exit(1);
}
run('code', 'typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
if (existsSync(path.join(root, 'playground', 'page', 'vite.config.ts'))) {
  run('page', 'vite/bin/vite.js', ['build', 'playground/page', '--logLevel', 'warn']);
}
console.log(`build: done in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`);
