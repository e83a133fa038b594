import { defineConfig } from 'vitest/config';

/** `vitest run --config vitest.browser.config.ts`: the playground's page in a real headless Chromium. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.browser.test.ts'],
    globalSetup: ['test/browser/build-page.ts'],
    pool: 'forks',
    // One browser at a time: the machines that run this are small.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
