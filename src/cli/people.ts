import { needsLogin } from '../access/provisioners/registry.js';
import { loadConfig } from '../config/load-config.js';
import { NotFoundError } from '../errors.js';
import { checkPeople } from '../people/check-people.js';
import { erasePerson } from '../people/erase-person.js';
import { type CliModule, writeJson } from './cli.js';
import { withDatabase } from './with-services.js';

export const peopleCommands: CliModule = (program, cli) => {
  program
    .command('people')
    .description('people and teams')
    .command('check')
    .description(
      'whom steward.yml names, and what is missing: Slack ids, managers, empty teams, rotations, warehouse logins',
    )
    .option('--json', 'write JSON')
    .action(async (options: { json?: boolean }) => {
      const { config } = await loadConfig(cli.environment().configFile);
      const findings = checkPeople(config, needsLogin);
      if (options.json)
        writeJson(cli, { people: config.people.length, teams: config.teams.length, findings });
      else {
        cli.out(`${config.people.length} people, ${config.teams.length} teams`);
        for (const finding of findings) cli.out(`${finding.level}: ${finding.message}`);
      }
      cli.setExit(findings.some((finding) => finding.level === 'error') ? 1 : 0);
    });

  program
    .command('person')
    .description('one person')
    .command('erase')
    .description("erase a person's name, e-mail, Slack id and words; the audit chain stays whole")
    .argument('<email>')
    .option('--yes', 'do it; without this it only says what would be erased')
    .option('--json', 'write JSON')
    .action(async (email: string, options: { yes?: boolean; json?: boolean }) => {
      const result = await withDatabase(cli, ({ db }) =>
        erasePerson(db, { email, now: new Date(), dryRun: options.yes !== true }),
      );
      if (!result) throw new NotFoundError(`Nobody with the e-mail ${email} is known. Nothing was erased.`);
      if (options.json) writeJson(cli, result);
      else
        cli.out(
          `${result.dryRun ? 'Would erase' : 'Erased'}: 1 person, ${result.auditTexts} texts in the audit, ${result.replies} kept answers.${result.dryRun ? ' Run again with --yes to do it.' : ''}`,
        );
    });
};
