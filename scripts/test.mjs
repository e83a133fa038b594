// `npm test`: the whole suite on a real PostgreSQL; on Redis too when REDIS_URL is set; in a real browser when Chromium is there.
// Says in one line what it left out and how to get it. With arguments they go to vitest and only that runs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withPostgres15 } from './test-postgres15.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const reports = mkdtempSync(path.join(os.tmpdir(), 'steward-reports-'));
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
const own = process.argv.slice(2);
const only = process.env.STEWARD_TESTS ?? 'all';

if (!existsSync(path.join(root, 'dist', 'bin', 'steward.js'))) {
  const built = spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
  if (built.status !== 0) process.exit(built.status ?? 1);
}

const chromium = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((file) => existsSync(file));

function run(name, args, env = {}) {
  const report = path.join(reports, `${name}.json`);
  const result = spawnSync(
    process.execPath,
    [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, NODE_OPTIONS: '--no-warnings', ...env },
    },
  );
  const counts = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, testResults: [] };
  // A run that ended badly without a failed test (a hook, an import) is a failure too.
  const failed = counts.numFailedTests + (result.status !== 0 && counts.numFailedTests === 0 ? 1 : 0);
  const refusals = refusalsIn(counts.testResults);
  return { passed: counts.numPassedTests, failed, skipped: counts.numPendingTests, refusals };
}

/** Refusal rules of the stand-in for Slack that passed tests have brought about (playground/testing/shows-refusal.ts), by kind. */
function refusalsIn(files) {
  const byKind = {};
  for (const { status, meta } of files.flatMap((file) => file.assertionResults)) {
    if (status !== 'passed') continue;
    for (const [kind, rules] of Object.entries(meta?.refusals ?? {}))
      byKind[kind] = [...(byKind[kind] ?? []), ...rules];
  }
  return byKind;
}

const totals = [];
if (own.length > 0) {
  totals.push(run('own', own));
} else {
  if (only === 'all' || only === 'suite') totals.push(run('suite', []));
  if (only === 'all' || only === 'browser') {
    const browserConfig = path.join(root, 'vitest.browser.config.ts');
    if (chromium && existsSync(browserConfig))
      totals.push(run('browser', ['--config', browserConfig], { CHROMIUM: chromium }));
    else console.log('left out: the browser tests. They need Chromium (Debian: apt install chromium).');
  }
  if (only === 'postgres15') {
    const done = withPostgres15((env) =>
      totals.push(run('postgres15', ['src/access/provisioners/postgres'], env)),
    );
    if (!done) {
      console.log('the binaries of PostgreSQL 15 could not be fetched');
      totals.push({ passed: 0, failed: 1, skipped: 0 });
    }
  } else if (only === 'all')
    console.log(
      'left out: the postgres provisioner on PostgreSQL 15. STEWARD_TESTS=postgres15 npm test fetches and runs it.',
    );
  if (!process.env.REDIS_URL)
    console.log(
      'left out: the suite on Redis. Start one and set REDIS_URL=redis://127.0.0.1:6379 (Debian: apt install redis-server).',
    );
}
rmSync(reports, { recursive: true, force: true });
const sum = (key) => totals.reduce((all, one) => all + one[key], 0);
const refusals = {};
for (const { refusals: counted } of totals)
  for (const [kind, rules] of Object.entries(counted ?? {}))
    refusals[kind] = new Set([...(refusals[kind] ?? []), ...rules]);
if (Object.keys(refusals).length > 0) {
  const all = Object.values(refusals).reduce((total, rules) => total + rules.size, 0);
  const each = Object.entries(refusals).map(([kind, rules]) => `${kind} ${rules.size}`);
  console.log(`refusal rules of the stand-in for Slack tested: ${all} (${each.join(', ')})`);
}
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
if (sum('skipped') > 0) console.log(`(${sum('skipped')} left out, see above)`);
process.exit(sum('failed') > 0 ? 1 : 0);
