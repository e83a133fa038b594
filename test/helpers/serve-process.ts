import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export interface ServeProcess {
  child: ChildProcess;
  /** Everything it logged so far. */
  log: () => string;
  /** kill -9: no handler runs. */
  kill: () => Promise<void>;
  /** SIGTERM, and how long it took to end. */
  terminate: () => Promise<{ ms: number; code: number | null }>;
}

/** Runs the built `steward` with node itself: killing a wrapper such as npx would leave its child running. */
export async function startServe(
  args: string[],
  env: Record<string, string>,
  ready = /Steward is ready/,
): Promise<ServeProcess> {
  const child = spawn(process.execPath, [path.join(root, 'dist', 'bin', 'steward.js'), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const deadline = performance.now() + 30_000;
  while (!ready.test(said)) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`steward ${args.join(' ')} did not get ready: ${said}`);
    await sleep(30);
  }
  return {
    child,
    log: () => said,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    terminate: async () => {
      const began = performance.now();
      child.kill('SIGTERM');
      return { code: await ended, ms: performance.now() - began };
    },
  };
}

/** Runs one command line to its end. */
export async function runSteward(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [path.join(root, 'dist', 'bin', 'steward.js'), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)));
  await sleep(10);
  return { code, out, err };
}
