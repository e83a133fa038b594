import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { SourceError } from '../catalog/connector.js';
import { SourceArgumentError } from '../catalog/from-arguments.js';
import { type Environment, readEnvironment } from '../config/env.js';
import { StewardError } from '../errors.js';
import { type Cli, UsageError } from './cli.js';
import { type CliFamily, modulesFor } from './registry.js';

/**
 * Runs one command line and answers its exit code: 0 done, 1 failed, 2 wrong use. `extra` are families that live outside src/ (the demo).
 */
export async function runCli(
  argv: readonly string[],
  process: { env: NodeJS.ProcessEnv; cwd: string },
  streams: { out: NodeJS.WriteStream; err: NodeJS.WriteStream },
  extra: readonly CliFamily[] = [],
): Promise<number> {
  let exit = 0;
  let environment: Environment | undefined;
  const cli: Cli = {
    env: process.env,
    environment: () => {
      environment ??= readEnvironment(process.env);
      return environment;
    },
    out: (line) => streams.out.write(`${line}\n`),
    err: (line) => streams.err.write(`${line}\n`),
    interactive: streams.out.isTTY === true,
    setExit: (code) => {
      exit = code;
    },
    cwd: process.cwd,
  };
  const program = new Command('steward')
    .description(
      'A Slack bot for data teams: trusted metric answers, data incidents, access requests and backfills.',
    )
    .version(packageJson.version, '-v, --version', 'say which version this is')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.out.write(text),
      writeErr: (text) => streams.err.write(text),
      // Commander puts what was perhaps meant on a line of its own; scripts and logs want one.
      outputError: (text, write) =>
        write(`${text.trim().replaceAll(/\s*\n\s*/g, ' ')} (see \`steward --help\`)\n`),
    });
  for (const register of await modulesFor(argv, extra)) register(program, cli);
  inheritSettings(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UsageError || error instanceof SourceArgumentError) {
      cli.err(error.message);
      return 2;
    }
    if (error instanceof StewardError || error instanceof SourceError) {
      cli.err(error.message);
      return 1;
    }
    cli.err(
      error instanceof Error
        ? cli.env.LOG_LEVEL === 'debug'
          ? (error.stack ?? error.message)
          : error.message
        : String(error),
    );
    return 1;
  }
  return exit;
}

function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inheritSettings(child);
  }
}
