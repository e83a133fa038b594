import { access, constants, mkdtemp, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { binariesOf } from '../../src/db/embedded/binaries.js';
import { startEmbeddedPostgres } from '../../src/db/embedded/server.js';
import { migrate } from '../../src/db/migrate.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Server of this run: superuser URL without database, and the password of `steward_app`. */
    postgres: { port: number; adminUrl: string; appUrl: string; migrateUrl: string; template: string };
  }
}

/** Room that hundreds of short-lived databases, their log and what a failed run leaves behind never fill. */
const roomInMemory = 8 * 1024 ** 3;

/**
 * Where the server's files lie: in memory where Linux has room for them. To make, fill and remove a thousand small files for each test
 * database took a tenth of the server's time on a disk.
 */
async function placeOfFiles(): Promise<string> {
  const memory = '/dev/shm';
  try {
    await access(memory, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(memory);
    // One shared memory segment of the server itself lies there too, and what is in memory must not swap.
    return bavail * bsize >= roomInMemory && os.freemem() >= roomInMemory ? memory : os.tmpdir();
  } catch {
    return os.tmpdir();
  }
}

/** One embedded server per run and one migrated template database; every file takes a copy of it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(path.join(await placeOfFiles(), 'steward-test-'));
  // Set by scripts/test-postgres15.mjs: the same tests on another version.
  const other = process.env.STEWARD_TEST_POSTGRES;
  const server = await startEmbeddedPostgres({
    dataDir,
    ...(other === undefined ? {} : { binaries: await binariesOf(path.join(other, 'dist', 'index.js')) }),
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      shared_buffers: '64MB',
      max_connections: '600',
      // A third of the server's time went into vacuuming hundreds of databases that live for seconds.
      autovacuum: 'off',
      wal_level: 'minimal',
      max_wal_senders: '0',
      max_wal_size: '4GB',
      checkpoint_timeout: '1h',
    },
  });
  await migrate(server.url('steward_migrate', 'steward'));
  const admin = new pg.Client({ connectionString: server.url('postgres', 'postgres') });
  await admin.connect();
  await admin.query('alter database steward with is_template true');
  await admin.end();
  project.provide('postgres', {
    port: server.port,
    adminUrl: server.url('postgres', 'postgres'),
    appUrl: server.url('steward_app', 'steward'),
    migrateUrl: server.url('steward_migrate', 'steward'),
    template: 'steward',
  });
  return async () => {
    const client = new pg.Client({ connectionString: server.url('postgres', 'postgres') });
    await client.connect();
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    await client.end();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
