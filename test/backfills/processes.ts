import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { z } from 'zod';

/** Bundles a worker once per test file, as the product is, so that plain `node` can run it and be killed. Below node_modules, where its packages are. */
export async function bundleWorker(entry: 'worker' | 'whole-worker' = 'worker'): Promise<string> {
  const outDir = await mkdtemp(path.resolve('node_modules/.steward-worker-'));
  const leftInPlace = z
    .array(z.string())
    .parse(JSON.parse(await readFile('scripts/left-in-place.json', 'utf8')));
  await build({
    logLevel: 'silent',
    configFile: false,
    root: process.cwd(),
    build: {
      ssr: path.resolve(`test/backfills/${entry}.ts`),
      outDir,
      emptyOutDir: true,
      minify: false,
      rollupOptions: { output: { entryFileNames: 'worker.mjs' } },
    },
    ssr: { noExternal: true, external: leftInPlace },
  });
  return path.join(outDir, 'worker.mjs');
}

export interface WorkerSettings {
  database: string;
  warehouse: string;
  config: unknown;
  /** Pieces of work at once; the whole worker has its own numbers. */
  atOnce: number;
  startedAt: number;
  /** How much faster than a real clock the worker's goes. */
  speed?: number;
  /** For the whole worker only. */
  slack?: { token: string; apiUrl: string };
}

export interface Ended {
  code: number | null;
  signal: string | null;
  output: string;
}

/** Dies at the n-th conversation, or at the n-th over HTTP. */
export interface KillPoint {
  at: number;
  how: 'before' | 'after';
  of?: 'all' | 'http';
}

export function startWorker(
  file: string,
  settings: WorkerSettings,
  kill?: KillPoint,
  stays = false,
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [file], {
    env: {
      ...process.env,
      WORKER: JSON.stringify(settings),
      ...(kill === undefined
        ? {}
        : { KILL_AT: String(kill.at), KILL_HOW: kill.how, KILL_OF: kill.of ?? 'all' }),
    },
    stdio: ['ignore', 'pipe', 'pipe', ...(stays ? (['ipc'] as const) : [])],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, output }));
  });
  return { child, ended };
}

/** A worker that stays: when nothing is left to do it can be given the next run, with the point to die at. */
export interface StayingWorker {
  /** It has done all there is, and said so much; or it has ended, and how. */
  idle: () => Promise<{ conversations: number } | Ended>;
  /** Works off what there is now, and dies at that point of it; 0 is none. */
  again: (kill: Omit<KillPoint, 'of'>) => void;
  letGo: () => Promise<Ended>;
}

/** As `startWorker`, for many runs one after the other: to start a process for each takes longer than the run. */
export function startStayingWorker(file: string, settings: WorkerSettings): StayingWorker {
  const { child, ended } = startWorker(file, settings, undefined, true);
  return {
    idle: () =>
      Promise.race([
        ended,
        new Promise<{ conversations: number }>((resolve) => {
          child.once('message', (message) => resolve(message as { conversations: number }));
        }),
      ]),
    again: (kill) => void child.send(kill),
    letGo: () => {
      child.send('stop');
      return ended;
    },
  };
}
