import os from 'node:os';
import { defineConfig } from 'vitest/config';

/** `vitest run --config vitest.browser.config.ts`: the playground's page in a real headless Chromium. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.browser.test.ts'],
    globalSetup: ['test/browser/build-page.ts'],
    pool: 'forks',
    isolate: false,
    // Transformed once and kept under node_modules: a third of a short run, and of every further run of CI, was spent on it.
    experimental: { fsModuleCache: true },
    // A browser keeps two processors busy by itself.
    maxWorkers: Math.max(1, Math.floor(os.availableParallelism() / 2)),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
