import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { findBinaries } from './binaries.js';
import { isAlive } from './file-lock.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './server.js';

const dirs: string[] = [];
const servers: EmbeddedPostgres[] = [];

async function freshDir(): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'steward-embedded-'));
  dirs.push(dir);
  return dir;
}

async function start(dataDir: string, more: { watchMs?: number } = {}): Promise<EmbeddedPostgres> {
  const settings = { fsync: 'off', shared_buffers: '32MB' };
  const server = await startEmbeddedPostgres({ dataDir, settings, ...more });
  servers.push(server);
  return server;
}

async function connect(server: EmbeddedPostgres): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.url('steward_app', 'steward') });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop().catch(() => undefined);
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true });
});

it('starts once and lets a second process attach; the last one out stops it', async () => {
  const dir = await freshDir();
  const first = await start(dir);
  const client = await connect(first);
  const second = await start(dir);
  expect(first.how).toBe('started');
  expect(second.how).toBe('attached');
  expect(second.port).toBe(first.port);
  expect(await second.stop()).toBe('left running');
  await client.end();
  await sleep(50);
  expect(await first.stop()).toBe('stopped');
  expect(isAlive(first.pid)).toBe(false);
});

it('keeps its data and its passwords when the folder is used again', async () => {
  const dir = await freshDir();
  const first = await start(dir);
  const admin = new pg.Client({ connectionString: first.url('steward_migrate', 'steward') });
  await admin.connect();
  await admin.query('create table kept (n int); insert into kept values (7)');
  await admin.end();
  await first.stop();
  const again = await start(dir);
  const client = new pg.Client({ connectionString: again.url('steward_migrate', 'steward') });
  await client.connect();
  expect((await client.query('select n from kept')).rows).toEqual([{ n: 7 }]);
  await client.end();
});

it('adopts the server that a killed process left behind', async () => {
  const dir = await freshDir();
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(path.resolve('dist/src/db/embedded/server.js'))};
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dir)}, settings: { fsync: 'off' } });
    process.stdout.write(String(server.pid));
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
  );
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(isAlive(pid)).toBe(true);
  const adopted = await start(dir);
  expect(adopted.how).toBe('adopted');
  expect(adopted.pid).toBe(pid);
});

it('starts again after the server itself was killed, without anybody deleting its files', async () => {
  const dir = await freshDir();
  const first = await start(dir);
  process.kill(first.pid, 'SIGKILL');
  while (isAlive(first.pid)) await sleep(20);
  const again = await start(dir);
  expect(again.how).toBe('started');
  const client = await connect(again);
  await client.end();
});

it('comes back at its own port for whoever serves, after the server itself was killed', async () => {
  const server = await start(await freshDir(), { watchMs: 50 });
  process.kill(server.pid, 'SIGKILL');
  const again = async (): Promise<unknown> => {
    const client = await connect(server);
    await client.end();
    return 'there';
  };
  await expect.poll(() => again().catch(() => 'away'), { timeout: 15_000 }).toBe('away');
  await expect.poll(() => again().catch(() => 'away'), { timeout: 15_000, interval: 200 }).toBe('there');
  expect(await server.stop()).toBe('stopped');
});

it('says that the disk is full, in one line that names the variable, where its files cannot be made', async () => {
  const dir = await freshDir();
  const initdb = path.join(dir, 'initdb');
  // as initdb of PostgreSQL 18 ends on a full disk
  const said = [
    'initdb: error: could not write to file "pg_wal/xlogtemp.12": No space left on device',
    'child process exited with exit code 1',
    'initdb: removing contents of data directory',
  ];
  await writeFile(initdb, `#!/bin/sh\n${said.map((line) => `echo '${line}' >&2`).join('\n')}\nexit 1\n`, {
    mode: 0o755,
  });
  const binaries = { ...(await findBinaries()), initdb };
  await expect(startEmbeddedPostgres({ dataDir: dir, binaries })).rejects.toThrow(
    /^STEWARD_DATA_DIR: PostgreSQL could not make its files in \S+ \(initdb ended with 1: initdb: error: could not write to file "pg_wal\/xlogtemp\.12": No space left on device\)\. Nothing was kept\./,
  );
});

it.each([
  '/dev/null/steward',
  // Nothing can be made in either, also not by root; Linux says of the first that its own parent is not there.
  ...(os.platform() === 'linux' ? ['/proc/steward/data', '/proc'] : []),
])('names the variable of a folder that cannot be made or written in: %s', async (dataDir) => {
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
    `STEWARD_DATA_DIR: ${dataDir} cannot be made or written in`,
  );
});

it('keeps its secrets to the owner and listens on loopback alone', async () => {
  const dir = await freshDir();
  const server = await start(dir);
  expect((await stat(path.join(dir, 'postgres.json'))).mode & 0o077).toBe(0);
  const file = JSON.parse(await readFile(path.join(dir, 'postgres.json'), 'utf8')) as { host: string };
  expect(file.host).toBe('127.0.0.1');
  const stranger = new pg.Client({ connectionString: server.url('steward_provisioner', 'steward') });
  await expect(stranger.connect()).rejects.toThrow(/permission denied for database/);
  await stranger.end().catch(() => undefined);
});

it.runIf(os.userInfo().uid === 0)(
  'runs as another user where that user could not reach the folder, when started by root',
  async () => {
    const closed = await mkdtemp(path.join(os.tmpdir(), 'steward-closed-'));
    dirs.push(closed);
    const server = await start(path.join(closed, 'inner'));
    const client = await connect(server);
    const { rows } = await client.query<{ n: number }>('select 1 as n');
    expect(rows[0]?.n).toBe(1);
    await client.end();
  },
);
