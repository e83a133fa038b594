import { askCommand } from './ask.js';
import { auditCommands } from './audit.js';
import { catalogCommands } from './catalog.js';
import type { CliModule } from './cli.js';
import { doctorCommand } from './doctor.js';
import { incidentCommands } from './incident.js';
import { manifestCommand } from './manifest.js';
import { migrateCommand } from './migrate.js';
import { peopleCommands } from './people.js';
import { policyCommands } from './policy.js';
import { reportCommands } from './report.js';
import { serveCommand } from './serve.js';

/** Every family of subcommands. One line each. */
export const cliModules: readonly CliModule[] = [
  serveCommand,
  migrateCommand,
  doctorCommand,
  catalogCommands,
  askCommand,
  policyCommands,
  peopleCommands,
  incidentCommands,
  auditCommands,
  reportCommands,
  manifestCommand,
];
