import { readFileSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartRefusedError } from '../../errors.js';

/** Whether a process with this id exists (it may belong to another user). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Ended, but not yet collected by its parent: it answers signals and does nothing more. Known on Linux only. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}

/**
 * Runs `body` while holding a lock file. The file names its holder, so one left behind by a killed process is taken
 * over at once.
 */
export async function withFileLock<Result>(
  file: string,
  waitMs: number,
  body: () => Promise<Result>,
): Promise<Result> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = Number(await readFile(file, 'utf8').catch(() => ''));
      if (Number.isInteger(holder) && holder > 0 && !isAlive(holder)) {
        await rm(file, { force: true });
        continue;
      }
      if (performance.now() > deadline) {
        throw new StartRefusedError(
          `${file}: held by process ${holder || '?'} for ${Math.round(waitMs / 1000)} s. Stop it, then start again.`,
        );
      }
      await sleep(50);
    }
  }
  try {
    return await body();
  } finally {
    await rm(file, { force: true });
  }
}
