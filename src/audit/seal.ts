import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Trx } from '../db/database.js';
import { saltedHash } from './record.js';

/** Spells AUDT: one sealer at a time. */
const sealLockKey = 0x41554454;
const sealBatch = 2_000;
const genesis = '0'.repeat(64);

interface SealedRow {
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

function macOf(key: string, previous: string, row: SealedRow, sequence: bigint): string {
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

async function lastSealed(db: Db | Trx): Promise<{ sequence: bigint; mac: string }> {
  const row = await db
    .selectFrom('audit')
    .select(['seal_seq', 'seal_mac'])
    .where('seal_seq', 'is not', null)
    .orderBy('seal_seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { sequence: BigInt(row?.seal_seq ?? 0), mac: row?.seal_mac ?? genesis };
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
      .select([
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
      ])
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

export interface AuditVerdict {
  ok: boolean;
  sealed: number;
  unsealed: number;
  /** First row that does not fit, and why. */
  brokenAt?: { auditId: string; sequence: string; why: string };
  head: AuditHead | null;
}

/**
 * Walks the chain. Names the first row that was changed, removed or put in; with an `anchor` (a head noted down elsewhere) it also
 * catches a cut-off tail and a chain that was rewritten as a whole.
 */
export async function verifyAudit(
  db: Db,
  key: string,
  anchors: readonly AuditHead[] = [],
): Promise<AuditVerdict> {
  const expected = new Map(anchors.map((anchor) => [anchor.sequence, anchor.mac]));
  let previous = genesis;
  let sequence = 0n;
  let sealed = 0;
  const head = await auditHead(db);
  const unsealed = Number(
    (
      await db
        .selectFrom('audit')
        .select((select) => select.fn.countAll<string>().as('n'))
        .where('seal_seq', 'is', null)
        .executeTakeFirstOrThrow()
    ).n,
  );
  const broken = (auditId: string, at: bigint, why: string): AuditVerdict => ({
    ok: false,
    sealed,
    unsealed,
    brokenAt: { auditId, sequence: at.toString(), why },
    head,
  });
  for (;;) {
    const rows = await db
      .selectFrom('audit')
      .leftJoin('audit_text', 'audit_text.audit_id', 'audit.id')
      .select([
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
        'seal_seq',
        'seal_mac',
        'salt',
        'audit_text.text as words',
      ])
      .where('seal_seq', '>', sequence.toString())
      .orderBy('seal_seq')
      .limit(sealBatch)
      .execute();
    if (rows.length === 0) break;
    for (const row of rows) {
      const at = BigInt(row.seal_seq ?? 0);
      if (at !== sequence + 1n) return broken(row.id, at, `row ${sequence + 1n} is missing`);
      const mac = macOf(key, previous, row, at);
      if (mac !== row.seal_mac) return broken(row.id, at, 'the row does not match its seal');
      if (row.salt !== null && row.words !== null && saltedHash(row.salt, row.words) !== row.text_hash) {
        return broken(row.id, at, 'its words were changed');
      }
      const anchor = expected.get(at.toString());
      if (anchor !== undefined && anchor !== mac)
        return broken(row.id, at, 'the chain differs from the anchor: it was rewritten');
      expected.delete(at.toString());
      previous = mac;
      sequence = at;
      sealed += 1;
    }
  }
  const missing = [...expected.keys()][0];
  if (missing !== undefined)
    return broken(
      '-',
      BigInt(missing),
      `the chain ends at ${sequence}, the anchor knows ${missing}: its tail was cut off`,
    );
  return { ok: true, sealed, unsealed, head };
}
