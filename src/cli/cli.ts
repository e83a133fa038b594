import type { Command } from 'commander';
import type { Environment } from '../config/env.js';

/** What commands of `steward` work with: everything they touch of the process. */
export interface Cli {
  env: NodeJS.ProcessEnv;
  /** Parsed on first use, so that commands on files alone need no sound environment. */
  environment: () => Environment;
  out: (line: string) => void;
  err: (line: string) => void;
  /** Whether standard output is a terminal: progress is only drawn there. */
  interactive: boolean;
  /** Ends with this code after the command: 0 done, 1 failed, 2 wrong use. */
  setExit: (code: 0 | 1 | 2) => void;
  cwd: string;
}

/** One family of subcommands. */
export type CliModule = (program: Command, cli: Cli) => void;

/** Wrong use of the command line: exit 2. */
export class UsageError extends Error {
  readonly code = 'usage';
}

export function writeJson(cli: Cli, value: unknown): void {
  cli.out(JSON.stringify(value, null, 2));
}
