import type { Logger } from 'pino';
import type { LoadedConfig } from '../../src/config/load-config.js';
import type { Db } from '../../src/db/database.js';
import type { EmbeddedPostgres } from '../../src/db/embedded/server.js';
import type { PlayHooks } from '../options.js';

export interface StoryContext {
  dataDir: string;
  targetDir: string;
  loaded: LoadedConfig;
  embedded: EmbeddedPostgres;
  db: Db;
  secretEnv: Record<string, string>;
  stewardPort: number;
  log: Logger;
}

/** The company's story, step by step. */
export function makeStory(_context: StoryContext): NonNullable<PlayHooks['story']> {
  return { steps: async () => [], run: async (step) => `There is no step ${step} yet.` };
}
