import { runDoctor } from '../runtime/doctor.js';
import { type CliModule, writeJson } from './cli.js';

const marks = { ok: 'ok     ', warning: 'warning', error: 'ERROR  ' } as const;

export const doctorCommand: CliModule = (program, cli) => {
  program
    .command('doctor')
    .description(
      'check token, scopes, signing secret, database, queue, clock, catalog, policies, people and model; one line of remedy each',
    )
    .option('--json', 'write JSON')
    .action(async (options: { json?: boolean }) => {
      const checks = await runDoctor(cli.env);
      if (options.json) writeJson(cli, { checks });
      else
        for (const check of checks)
          cli.out(
            `${marks[check.level]} ${check.name}: ${check.text}${check.remedy ? ` -> ${check.remedy}` : ''}`,
          );
      cli.setExit(checks.some((check) => check.level === 'error') ? 1 : 0);
    });
};
