import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import { sharedPath } from '../helpers/shared.js';

export interface Prism {
  url: string;
  /** What it found wrong, request and response alike. */
  violations: () => string[];
  stop: () => void;
}

const cli = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@stoplight/prism-cli/package.json')),
  'dist/index.js',
);

/** A test run that is killed stops nothing any more: its end of the pipe closes, and the child goes by itself. */
const endingWithItsParent = [
  '--import',
  'data:text/javascript,process.stdin.on("end",()=>process.exit(0)).resume()',
];

/**
 * Prism over a published specification: as a mock whose answers are generated from it, or as a proxy that checks every request
 * and every answer of an upstream against it.
 */
export async function startPrism(
  spec: readonly string[],
  params: { upstream?: string } = {},
): Promise<Prism> {
  const port = await freePort();
  const mode = params.upstream === undefined ? ['mock'] : ['proxy'];
  const target = params.upstream === undefined ? [] : [params.upstream];
  const child = spawn(
    process.execPath,
    [
      ...endingWithItsParent,
      cli,
      ...mode,
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      '--errors',
      sharedPath('specs', ...spec),
      ...target,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let log = '';
  child.stdout.on('data', (chunk: Buffer) => {
    log += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString('utf8');
  });
  // Seven seconds of work for a large specification, which a busy machine makes many of.
  const until = Date.now() + 110_000;
  while (!log.includes('Prism is listening')) {
    if (Date.now() > until || child.exitCode !== null) {
      child.kill('SIGKILL');
      throw new Error(`Prism did not start: ${log.slice(-500)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url: `http://127.0.0.1:${port}`,
    violations: () => log.split('\n').filter((line) => /violation/i.test(line)),
    stop: () => child.kill('SIGKILL'),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
