import os from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/helpers/longest-first.js';

export default defineConfig({
  test: {
    include: ['{src,commands,handlers,prompts,playground,demo,bench,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', '**/*.browser.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    pool: 'forks',
    // Importing the house anew for each file took half of the run. What a test changes is in a database of its own file.
    isolate: false,
    // Transformed once and kept under node_modules: a third of a short run, and of every further run of CI, was spent on it.
    experimental: { fsModuleCache: true },
    // One more than there are processors: the long files mostly wait, for a process to die or a lock to lapse.
    maxWorkers: os.availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // Guards against what hangs; what must be quick says so in its own test.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
