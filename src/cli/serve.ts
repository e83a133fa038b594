import { startSteward } from '../app.js';
import { loadConfig } from '../config/load-config.js';
import type { ServeReady } from '../contract/cli-shapes.js';
import { connectSlack } from '../runtime/connect-slack.js';
import { openDatabase } from '../runtime/open-database.js';
import { makeLogger } from '../telemetry/logger.js';
import { type CliModule, UsageError } from './cli.js';

export const serveCommand: CliModule = (program, cli) => {
  program
    .command('serve')
    .description('run Steward: web and worker in one process')
    .option('--web-only', 'take deliveries in, work none')
    .option('--worker-only', 'work, take nothing in')
    .option('--json', 'when ready, write one line of JSON; the log is on standard error')
    .action(async (options: { webOnly?: boolean; workerOnly?: boolean; json?: boolean }) => {
      if (options.webOnly && options.workerOnly)
        throw new UsageError('Choose --web-only or --worker-only, not both.');
      const env = cli.environment();
      const log = makeLogger(env.logLevel);
      const loaded = await loadConfig(env.configFile);
      const database = await openDatabase(env, log, {
        auditKeepMs: loaded.config.retention.audit,
        keepRunning: true,
      });
      const steward = await (async () => {
        try {
          const slack = await connectSlack(env, loaded.config);
          return await startSteward({
            env,
            loaded,
            log,
            database,
            slack,
            web: !options.workerOnly,
            worker: !options.webOnly,
          });
        } catch (error) {
          await database.close();
          throw error;
        }
      })();
      const facts: ServeReady = {
        port: steward.http?.port ?? null,
        database: env.databaseUrl ? 'DATABASE_URL' : 'embedded',
        queue: env.redisUrl ? 'redis' : 'postgres',
        slack: env.slack.appToken ? 'socket' : 'http',
        model: env.openai.apiKey ? env.openai.model : 'none',
      };
      log.info(facts, 'Steward is ready');
      if (options.json) cli.out(JSON.stringify(facts));
      await untilSignal();
      log.info('stopping');
      await steward.stop();
      await database.close();
    });
};

/** Resolves on SIGTERM or SIGINT; a second one ends at once. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}
