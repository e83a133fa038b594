import type { CliModule } from './cli.js';

export interface CliFamily {
  /** First words that belong to it. */
  words: readonly string[];
  load: () => Promise<CliModule>;
}

/** Every family of subcommands. One line each; only the one that is asked for is loaded, since the whole house takes a second to load. */
export const cliFamilies: readonly CliFamily[] = [
  { words: ['serve'], load: async () => (await import('./serve.js')).serveCommand },
  { words: ['migrate'], load: async () => (await import('./migrate.js')).migrateCommand },
  { words: ['doctor'], load: async () => (await import('./doctor.js')).doctorCommand },
  { words: ['catalog'], load: async () => (await import('./catalog.js')).catalogCommands },
  { words: ['ask'], load: async () => (await import('./ask.js')).askCommand },
  { words: ['policy'], load: async () => (await import('./policy.js')).policyCommands },
  { words: ['people', 'person'], load: async () => (await import('./people.js')).peopleCommands },
  { words: ['incident', 'alerts'], load: async () => (await import('./incident.js')).incidentCommands },
  { words: ['audit'], load: async () => (await import('./audit.js')).auditCommands },
  { words: ['report'], load: async () => (await import('./report.js')).reportCommands },
  { words: ['manifest'], load: async () => (await import('./manifest.js')).manifestCommand },
];

/**
 * What a command line needs: the family of its first word; all of them for help, or for a word that is none; none to say the version.
 * `extra` lives outside src/.
 */
export async function modulesFor(
  argv: readonly string[],
  extra: readonly CliFamily[] = [],
): Promise<CliModule[]> {
  const every = [...cliFamilies, ...extra];
  if (argv[0] === '--version' || argv[0] === '-v') return [];
  const family = every.find(({ words }) => words.includes(argv[0] ?? ''));
  return Promise.all((family === undefined ? every : [family]).map(({ load }) => load()));
}
