import { sql } from 'kysely';
import type { Db } from '../db/database.js';
import { StewardError } from '../errors.js';
import { type Purge, purgeMac } from './purge-record.js';
import { recordAudit, scheduleActor } from './record.js';
import { sealLockKey } from './seal.js';

const purgeBatch = 5_000;

/** `retention.audit` asks for more than `steward migrate` has allowed the serving role. */
export class AuditStillKeptError extends StewardError {
  readonly code = 'audit_still_kept';
  constructor() {
    super(
      'retention.audit is shorter than the database allows, so no audit row was deleted. Run `steward migrate` with this steward.yml.',
    );
  }
}

export interface AuditPurge {
  /** Null on an installation that does not seal: its rows are in no chain. */
  key: string | null;
  /** `retention.audit` in milliseconds. */
  keepMs: number;
  now: Date;
}

/**
 * Deletes the oldest audit rows, at most one batch, up to the first that must be kept, and records where the chain begins now. The deleting is
 * done by a function of the database that the serving role may call and not change. Answers how many rows are gone; call again
 * while there are any. Rows that are not sealed yet wait for their seal.
 * @throws AuditStillKeptError
 */
export async function purgeAudit(db: Db, params: AuditPurge): Promise<number> {
  const before = new Date(params.now.getTime() - params.keepMs);
  try {
    return params.key === null
      ? await purgeUnsealed(db, before, params.now)
      : await purgeSealed(db, params.key, before, params.now);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '23514') throw new AuditStillKeptError();
    throw error;
  }
}

async function purgeSealed(db: Db, key: string, before: Date, now: Date): Promise<number> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${sealLockKey})`.execute(trx);
    const oldest = await trx
      .selectFrom('audit')
      .select(['seal_seq', 'seal_mac', 'at'])
      .where('seal_seq', 'is not', null)
      .orderBy('seal_seq')
      .limit(purgeBatch)
      .execute();
    const firstKept = oldest.findIndex((row) => row.at >= before);
    const old = firstKept === -1 ? oldest : oldest.slice(0, firstKept);
    const last = old.at(-1);
    if (!last?.seal_seq || !last.seal_mac) return 0;
    const purge: Purge = {
      throughSequence: BigInt(last.seal_seq),
      throughMac: last.seal_mac,
      throughAt: new Date(Math.max(...old.map((row) => row.at.getTime()))),
      at: now,
    };
    const { rows } = await sql<{ deleted: string }>`
      select purge_audit(${last.seal_seq}, ${purge.throughMac}, ${purge.throughAt}, ${now}, ${purgeMac(key, purge)}) as deleted`.execute(
      trx,
    );
    const deleted = Number(rows[0]?.deleted ?? 0);
    await recordPurge(trx, { id: last.seal_seq, deleted, before, now });
    return deleted;
  });
}

async function purgeUnsealed(db: Db, before: Date, now: Date): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ deleted: string }>`
      select purge_unsealed_audit(${before}, ${purgeBatch}) as deleted`.execute(trx);
    const deleted = Number(rows[0]?.deleted ?? 0);
    if (deleted > 0) await recordPurge(trx, { id: 'unsealed', deleted, before, now });
    return deleted;
  });
}

function recordPurge(
  trx: Parameters<typeof recordAudit>[0],
  done: { id: string; deleted: number; before: Date; now: Date },
): Promise<void> {
  return recordAudit(trx, {
    actor: scheduleActor,
    action: 'audit.purge',
    subject: { kind: 'audit', id: done.id },
    now: done.now,
    after: { rows: done.deleted, before: done.before.toISOString() },
  });
}
