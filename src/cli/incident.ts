import { readFile } from 'node:fs/promises';
import { operatorActor, recordAudit } from '../audit/record.js';
import { stewardConfig } from '../config/steward-schema.js';
import { replayFile } from '../incidents/grouping/replay-file.js';
import { defaultRules } from '../incidents/grouping/rules.js';
import { readNumber } from '../incidents/incident.js';
import { exportIncident } from '../incidents/report/export.js';
import { reviewHtml, reviewMarkdown } from '../incidents/report/review.js';
import { type CliModule, UsageError, writeJson } from './cli.js';
import { addSourceOption, readCatalog } from './sources.js';
import { withServices } from './with-services.js';

export const incidentCommands: CliModule = (program, cli) => {
  program
    .command('incident')
    .description('data incidents')
    .command('export')
    .description('everything about one incident: times, blast radius, timeline, follow-ups')
    .argument('<number>', '12 or INC-12')
    .option('--format <format>', 'markdown or html', 'markdown')
    .option('--json', 'write JSON')
    .action(async (reference: string, options: { format: string; json?: boolean }) => {
      const number = readNumber(reference);
      if (number === null) throw new UsageError(`${reference}: write a number such as 12 or INC-12.`);
      if (options.format !== 'markdown' && options.format !== 'html')
        throw new UsageError(`--format ${options.format}: use markdown or html.`);
      const incident = await withServices(cli, async (services) => {
        const exported = await exportIncident(services, { number, person: null, all: true });
        await services.db.transaction().execute((trx) =>
          recordAudit(trx, {
            actor: operatorActor,
            action: 'incident.export',
            subject: { kind: 'incident', id: exported.reference },
            now: services.clock.now(),
          }),
        );
        return exported;
      });
      if (options.json) writeJson(cli, incident);
      else cli.out(options.format === 'html' ? reviewHtml(incident) : reviewMarkdown(incident));
    });

  addSourceOption(
    program
      .command('alerts')
      .description('alerts')
      .command('replay')
      .description('what a recorded day of alerts would become: which incidents, and why')
      .argument('<file>', 'JSON lines {"source","received_at","body"}'),
  )
    .option('--dry-run', 'say it and do nothing (the only way there is)')
    .option('--json', 'write JSON')
    .action(async (file: string, options: { source?: string[]; dryRun?: boolean; json?: boolean }) => {
      if (!options.dryRun)
        throw new UsageError('alerts replay works with --dry-run only: nothing is stored, nobody is told.');
      const text = await readFile(file, 'utf8').catch(() => null);
      if (text === null) throw new UsageError(`${file}: cannot be read.`);
      // On files alone there is no steward.yml, so the defaults hold and no rules are there to fire.
      const config = options.source?.length
        ? stewardConfig.parse({})
        : await withServices(cli, async (services) => services.config);
      const { groupWithin: groupWithinMs, flapWithin: flapWithinMs } = config.incidents.triage;
      const rules = { ...defaultRules, groupWithinMs, flapWithinMs };
      const result = replayFile(text, await readCatalog(cli, options.source), rules, config);
      if (options.json) return writeJson(cli, result);
      for (const group of result.groups)
        cli.out(
          `${group.first_at}  ${group.alerts.length} alerts, ${group.state}: ${group.title} (${group.because}); ${group.would.severity}, ${group.would.state}${group.would.rules.map(({ rule, actions }) => `; "${rule}" would ${actions.join(', ')}`).join('')}`,
        );
      cli.out(
        `${result.lines} deliveries, ${result.alerts} alerts, ${result.groups.length} incidents, ${result.skipped.length} parts skipped`,
      );
      if (result.score)
        cli.out(
          `pairwise precision ${result.score.precision.toFixed(3)}, recall ${result.score.recall.toFixed(3)}`,
        );
    });
};
