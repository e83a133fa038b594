import { existsSync } from 'node:fs';
import { loadConfig } from '../config/load-config.js';
import { migrateDatabase } from '../runtime/open-database.js';
import { type CliModule, writeJson } from './cli.js';

export const migrateCommand: CliModule = (program, cli) => {
  program
    .command('migrate')
    .description("bring the database to this version's level (Steward's tables and BullMQ's)")
    .option('--json', 'write JSON')
    .action(async (options: { json?: boolean }) => {
      const env = cli.environment();
      // What may be deleted of the audit is settled here, by the role that migrates. A first try has no file yet: then the default stays.
      const keep = existsSync(env.configFile)
        ? (await loadConfig(env.configFile)).config.retention.audit
        : undefined;
      const result = await migrateDatabase(env, { auditKeepMs: keep });
      if (options.json) writeJson(cli, result);
      else
        cli.out(
          result.applied.length === 0
            ? `The database is at level ${result.to}; nothing to do.`
            : `Level ${result.from} -> ${result.to}: ${result.applied.join(', ')}. BullMQ at ${result.bullmq}.`,
        );
    });
};
