import { mkdir, mkdtemp, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { StartRefusedError } from '../../errors.js';

/** Makes the folder of STEWARD_DATA_DIR where it is missing, and sees that something can be kept in it. */
export async function makeDataDir(dataDir: string): Promise<void> {
  const dir = path.resolve(dataDir);
  try {
    await makeWithParents(dir);
    await rmdir(await mkdtemp(path.join(dir, '.can-write-')));
  } catch (error) {
    throw new StartRefusedError(
      `STEWARD_DATA_DIR: ${dataDir} cannot be made or written in (${error instanceof Error ? error.message : 'unknown'}). Name a folder that this user may write in.`,
    );
  }
}

/** Folder by folder: `mkdir` with `recursive` never returns where a folder is there and says that it is not, as under /proc. */
async function makeWithParents(dir: string): Promise<void> {
  if (await stat(dir).catch(() => null)) return;
  const parent = path.dirname(dir);
  if (parent !== dir) await makeWithParents(parent);
  // As a second process may have made it in the meantime. The server's own user walks through, and lists nothing.
  await mkdir(dir, { mode: 0o711 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
