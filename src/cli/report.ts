import { makeScorecard } from '../report/scorecard.js';
import { type CliModule, UsageError, writeJson } from './cli.js';
import { withServices } from './with-services.js';

export const reportCommands: CliModule = (program, cli) => {
  program
    .command('report')
    .description('reports')
    .command('scorecard')
    .description(
      "the data team's measures of the last days: detection, resolution, freshness, access, backfills, documentation, answers",
    )
    .option('--days <n>', 'how many days back', '30')
    .option('--json', 'write JSON')
    .action(async (options: { days: string; json?: boolean }) => {
      const days = Number(options.days);
      if (!Number.isInteger(days) || days < 1 || days > 3_660)
        throw new UsageError(`--days ${options.days}: give a whole number of days.`);
      const card = await withServices(cli, (services) => {
        const to = services.clock.now();
        return makeScorecard(services, { from: new Date(to.getTime() - days * 86_400_000), to });
      });
      if (options.json) writeJson(cli, card);
      else for (const line of card.lines) cli.out(`${line.name.padEnd(34)} ${line.text}`);
    });
};
