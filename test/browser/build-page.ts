import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hasChromium } from './chromium.js';

/** Builds the page once per run, as the product's build does: what the browser tests see is what the demo serves. */
export function setup(): void {
  if (!hasChromium) {
    console.error('browser tests left out: there is no Chromium (apt-get install chromium, or set CHROMIUM)');
    return;
  }
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const built = spawnSync(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', 'playground/page', '--logLevel', 'warn'],
    {
      cwd: root,
      stdio: 'inherit',
      // The test runner's own NODE_ENV would give React's development build.
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  if (built.status !== 0) throw new Error('the page could not be built');
}
