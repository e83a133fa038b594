import { migrateDatabase } from '../runtime/open-database.js';
import { type CliModule, writeJson } from './cli.js';

export const migrateCommand: CliModule = (program, cli) => {
  program
    .command('migrate')
    .description("bring the database to this version's level (Steward's tables and BullMQ's)")
    .option('--json', 'write JSON')
    .action(async (options: { json?: boolean }) => {
      const result = await migrateDatabase(cli.environment());
      if (options.json) writeJson(cli, result);
      else
        cli.out(
          result.applied.length === 0
            ? `The database is at level ${result.to}; nothing to do.`
            : `Level ${result.from} -> ${result.to}: ${result.applied.join(', ')}. BullMQ at ${result.bullmq}.`,
        );
    });
};
