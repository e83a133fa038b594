#!/usr/bin/env node
import { type CliModule, UsageError } from '../src/cli/cli.js';

/** The demo and its playground are loaded for `demo` alone: a server in earnest never sees that code. */
const demo: CliModule = (program, cli) => {
  program
    .command('demo')
    .description('the whole product with no Slack account: a sample company in the browser, on loopback')
    .option('--reset', 'start again at day one')
    .option('--port <port>', 'port of the page (else PORT, else 4000); a busy one takes the next')
    .option('--socket', 'connect Steward by Socket Mode instead of HTTP')
    .option('--json', 'when ready, write one line of JSON with the address and nothing else')
    .action(async (options: { reset?: boolean; port?: string; socket?: boolean; json?: boolean }) => {
      if (options.port !== undefined && !(/^\d{1,5}$/.test(options.port) && Number(options.port) < 65_536))
        throw new UsageError(`--port ${options.port}: give a whole number from 0 to 65535.`);
      const { runDemo } = await import('../playground/demo.js');
      await runDemo(cli, options);
    });
};

if (process.platform === 'win32') {
  process.stderr.write(
    'Steward does not run on Windows itself. Use WSL (https://learn.microsoft.com/windows/wsl) and run the same line there.\n',
  );
  process.exitCode = 1;
} else {
  // Loaded only now: what it builds on has no binaries for Windows, and would fail before the sentence above.
  const { runCli } = await import('../src/cli/main.js');
  // Who reads along may have enough (`| head`): what is left is dropped, and the command ends as it would have.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.exitCode = await runCli(
    process.argv.slice(2),
    { env: process.env, cwd: process.cwd() },
    { out: process.stdout, err: process.stderr },
    [{ words: ['demo'], load: async () => demo }],
  );
}
