import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Trx } from '../db/database.js';
import { readPurge } from './purge-record.js';

/** Spells AUDT: one sealer at a time, and no purge meanwhile. */
export const sealLockKey = 0x41554454;
const sealBatch = 2_000;
/** What the first row is chained to. */
export const genesis = '0'.repeat(64);

export interface SealedRow {
  id: string;
  at: Date;
  actor_id: string | null;
  actor_kind: string;
  channel: string;
  action: string;
  subject_kind: string;
  subject_id: string;
  before: unknown;
  after: unknown;
  text_hash: string | null;
}

/** What the chain covers: sealing and verifying read the same. */
export const sealedColumns = [
  'id',
  'at',
  'actor_id',
  'actor_kind',
  'channel',
  'action',
  'subject_kind',
  'subject_id',
  'before',
  'after',
  'text_hash',
] as const satisfies readonly (keyof SealedRow)[];

/** What the chain covers of a row. Key order is fixed; jsonb gives its keys back in one order always. */
function canonical(row: SealedRow, sequence: bigint): string {
  return JSON.stringify([
    sequence.toString(),
    row.id,
    row.at.toISOString(),
    row.actor_id,
    row.actor_kind,
    row.channel,
    row.action,
    row.subject_kind,
    row.subject_id,
    row.before,
    row.after,
    row.text_hash,
  ]);
}

/** The seal of a row: it covers the seal before it, so that none can be changed, removed or put in alone. */
export function macOf(key: string, previous: string, row: SealedRow, sequence: bigint): string {
  return createHmac('sha256', key)
    .update(previous)
    .update('\n')
    .update(canonical(row, sequence))
    .digest('hex');
}

export interface AuditHead {
  sequence: string;
  mac: string;
}

/** The end of the chain. Where every sealed row was purged, it goes on from the purge. */
async function lastSealed(db: Db | Trx): Promise<{ sequence: bigint; mac: string }> {
  const row = await db
    .selectFrom('audit')
    .select(['seal_seq', 'seal_mac'])
    .where('seal_seq', 'is not', null)
    .orderBy('seal_seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row?.seal_seq && row.seal_mac) return { sequence: BigInt(row.seal_seq), mac: row.seal_mac };
  const purge = await readPurge(db);
  return { sequence: purge?.throughSequence ?? 0n, mac: purge?.throughMac ?? genesis };
}

/**
 * Chains the rows that nobody can slip in front of any more: only those of transactions older than the oldest running one get a number.
 * Returns how many were sealed; call again while it fills a batch.
 */
export async function sealAudit(db: Db, key: string, now: Date): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const locked = await sql<{ ok: boolean }>`select pg_try_advisory_xact_lock(${sealLockKey}) as ok`.execute(
      trx,
    );
    if (!locked.rows[0]?.ok) return 0;
    const rows = await trx
      .selectFrom('audit')
      .select(sealedColumns)
      .where('seal_seq', 'is', null)
      .where(sql<boolean>`xid < pg_snapshot_xmin(pg_current_snapshot())`)
      .orderBy('id')
      .limit(sealBatch)
      .execute();
    if (rows.length === 0) return 0;
    let { sequence, mac } = await lastSealed(trx);
    for (const row of rows) {
      sequence += 1n;
      mac = macOf(key, mac, row, sequence);
      await trx
        .updateTable('audit')
        .set({ seal_seq: sequence.toString(), seal_mac: mac })
        .where('id', '=', row.id)
        .execute();
    }
    await trx
      .insertInto('audit_head')
      .values({ seal_seq: sequence.toString(), seal_mac: mac, at: now })
      .execute();
    return rows.length;
  });
}

export async function auditHead(db: Db): Promise<AuditHead | null> {
  const { sequence, mac } = await lastSealed(db);
  return sequence === 0n ? null : { sequence: sequence.toString(), mac };
}

/** Seals whatever is ready, batch after batch. Returns how many rows that were. */
export async function sealReady(db: Db, key: string, now: Date): Promise<number> {
  let sealed = 0;
  for (let batch = await sealAudit(db, key, now); batch > 0; batch = await sealAudit(db, key, now))
    sealed += batch;
  return sealed;
}
