import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,commands,handlers,prompts,playground,demo,bench,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', '**/*.browser.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
