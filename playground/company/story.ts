import pg from 'pg';
import { writeDemoArtifacts } from '../../demo/generate/artifacts.js';
import { listSteps, runStoryStep, type Said, UnknownStepError } from '../../demo/story.js';
import { makePostWebhook } from '../../demo/webhook.js';
import type { SyncOptions } from '../../src/catalog/store-snapshot.js';
import { syncCatalog } from '../../src/catalog/sync.js';
import type { LoadedConfig } from '../../src/config/load-config.js';
import type { Db } from '../../src/db/database.js';
import type { EmbeddedPostgres } from '../../src/db/embedded/server.js';
import type { PlayHooks } from '../options.js';
import { PlayProblem } from '../play/problem.js';

export interface StoryContext {
  targetDir: string;
  loaded: LoadedConfig;
  embedded: EmbeddedPostgres;
  db: Db;
  secret: (name: string) => string | undefined;
  /** `http://127.0.0.1:<port>` of Steward. */
  stewardUrl: string;
  now: () => Date;
  /** Somebody of the company writes in a channel. */
  say: (said: Said) => Promise<void>;
  /** What Steward makes of the changes that a step brings: announcements and drafts of release notes. */
  onChanges: (now: Date) => NonNullable<SyncOptions['onChanges']>;
}

/** The company's story, step by step: what its warehouse, its dbt and its tools would do. */
export function makeStory(context: StoryContext): NonNullable<PlayHooks['story']> {
  const { loaded, db } = context;

  async function asOwner<Result>(body: (client: pg.Client) => Promise<Result>): Promise<Result> {
    const client = new pg.Client({ connectionString: context.embedded.url('postgres', 'warehouse') });
    await client.connect();
    try {
      return await body(client);
    } finally {
      await client.end();
    }
  }

  return {
    steps: () => asOwner(listSteps),
    run: (step) =>
      asOwner(async (warehouse) => {
        const now = context.now();
        try {
          return await runStoryStep(step, {
            warehouse,
            now,
            writeArtifacts: async (artifacts) => {
              writeDemoArtifacts(artifacts, context.targetDir);
              await syncCatalog(
                db,
                loaded.config.catalog.sources,
                {
                  now,
                  signal: AbortSignal.timeout(60_000),
                  secret: context.secret,
                  fetch: globalThis.fetch,
                  baseDir: loaded.baseDir,
                },
                { now, onChanges: context.onChanges(now) },
              );
            },
            postWebhook: makePostWebhook({
              baseUrl: context.stewardUrl,
              config: loaded.config,
              secret: context.secret,
              fetch: globalThis.fetch,
              now: context.now,
            }),
            say: context.say,
          });
        } catch (error) {
          if (error instanceof UnknownStepError) throw new PlayProblem(404, error.code, error.message);
          throw error;
        }
      }),
  };
}
