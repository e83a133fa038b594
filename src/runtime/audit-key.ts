import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../config/env.js';

/**
 * The key of the audit chain: STEWARD_AUDIT_KEY, or for the embedded server one that is made once and kept beside its data (0600), so that
 * a first try needs no secret. With a database of one's own the key must be given: one that lies next to the data proves nothing.
 */
export async function auditKeyOf(env: Environment, embedded: boolean): Promise<string | null> {
  if (env.auditKey) return env.auditKey;
  if (!embedded) return null;
  const file = path.join(env.dataDir, 'audit.key');
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known) return known.trim();
  const fresh = randomBytes(32).toString('hex');
  await mkdir(env.dataDir, { recursive: true });
  // Two processes may start at once: the first file wins.
  await writeFile(file, fresh, { mode: 0o600, flag: 'wx' }).catch(() => undefined);
  return (await readFile(file, 'utf8')).trim();
}
