import type { Db } from '../db/database.js';
import { type Purge, purgeMac, readPurge } from './purge-record.js';
import { saltedHash } from './record.js';
import { type AuditHead, auditHead, genesis, macOf, sealedColumns } from './seal.js';

const verifyBatch = 2_000;
/** A row may be sealed this much later than it says it happened: its transaction was still running. */
const longestTransactionMs = 86_400_000;

/** A head noted down elsewhere. */
export interface AuditAnchor extends AuditHead {
  /** When it was the head, where the note says so. */
  at?: Date | undefined;
}

export interface AuditVerdict {
  ok: boolean;
  sealed: number;
  unsealed: number;
  /** First row that does not fit, and why. */
  brokenAt?: { auditId: string; sequence: string; why: string };
  head: AuditHead | null;
  /** What `retention.audit` had deleted: the chain begins behind it. */
  purged: { through: string; newest: string; at: string } | null;
  /** Anchors that were held against the chain, and those of rows that are deleted by now. */
  anchors: { compared: number; older: number };
}

/**
 * Walks the chain from its beginning, or from the recorded purge. Names the first row that was changed, removed or put in; with `anchors`
 * (heads noted down elsewhere) it also catches a cut-off tail, a chain that was rewritten as a whole, and a purge that went too far.
 */
export async function verifyAudit(
  db: Db,
  key: string,
  anchors: readonly AuditAnchor[] = [],
): Promise<AuditVerdict> {
  const purge = await readPurge(db);
  const head = await auditHead(db);
  const verdict = {
    sealed: 0,
    unsealed: await countUnsealed(db),
    head,
    purged: purge && {
      through: purge.throughSequence.toString(),
      newest: purge.throughAt.toISOString(),
      at: purge.at.toISOString(),
    },
    anchors: { compared: 0, older: 0 },
  };
  const broken = (auditId: string, at: bigint, why: string): AuditVerdict => ({
    ...verdict,
    ok: false,
    brokenAt: { auditId, sequence: at.toString(), why },
  });

  let sequence = purge?.throughSequence ?? 0n;
  let previous = purge?.throughMac ?? genesis;
  const pending = new Map<string, string>();
  for (const anchor of anchors) {
    if (purge !== null && BigInt(anchor.sequence) < sequence) {
      if (contradicts(anchor, purge))
        return broken('-', sequence, `rows newer than ${anchor.at?.toISOString()} were deleted as old ones`);
      verdict.anchors.older += 1;
    } else pending.set(anchor.sequence, anchor.mac);
  }
  const differs = (at: bigint, mac: string): boolean => {
    const noted = pending.get(at.toString());
    if (noted === undefined) return false;
    pending.delete(at.toString());
    verdict.anchors.compared += 1;
    return noted !== mac;
  };

  if (purge !== null) {
    if (purgeMac(key, purge) !== purge.mac)
      return broken('-', sequence, 'the record of what was deleted does not match its seal');
    if (differs(sequence, previous))
      return broken('-', sequence, 'the chain differs from the anchor: it was rewritten');
    const back = await db
      .selectFrom('audit')
      .select(['id', 'seal_seq'])
      .where('seal_seq', '<=', sequence.toString())
      .executeTakeFirst();
    if (back) return broken(back.id, BigInt(back.seal_seq ?? 0), 'the row was deleted once and put in again');
  }
  for (;;) {
    const rows = await sealedAfter(db, sequence);
    if (rows.length === 0) break;
    for (const row of rows) {
      const at = BigInt(row.seal_seq ?? 0);
      if (at !== sequence + 1n) return broken(row.id, at, `row ${sequence + 1n} is missing`);
      const mac = macOf(key, previous, row, at);
      if (mac !== row.seal_mac) return broken(row.id, at, 'the row does not match its seal');
      if (row.salt !== null && row.words !== null && saltedHash(row.salt, row.words) !== row.text_hash)
        return broken(row.id, at, 'its words were changed');
      if (differs(at, mac)) return broken(row.id, at, 'the chain differs from the anchor: it was rewritten');
      previous = mac;
      sequence = at;
      verdict.sealed += 1;
    }
  }
  const missing = [...pending.keys()][0];
  if (missing !== undefined)
    return broken(
      '-',
      BigInt(missing),
      `the chain ends at ${sequence}, the anchor knows ${missing}: its tail was cut off`,
    );
  if (anchors.length > 0 && verdict.anchors.compared === 0)
    return broken(
      '-',
      sequence,
      'every anchor is older than what is kept, so none could be held against the chain. Give a newer one',
    );
  return { ...verdict, ok: true };
}

/** The purge says that all its rows are older than a head that stood before some of them. */
function contradicts(anchor: AuditAnchor, purge: Purge): boolean {
  return anchor.at !== undefined && purge.throughAt.getTime() < anchor.at.getTime() - longestTransactionMs;
}

async function countUnsealed(db: Db): Promise<number> {
  const row = await db
    .selectFrom('audit')
    .select((select) => select.fn.countAll<string>().as('n'))
    .where('seal_seq', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

function sealedAfter(db: Db, sequence: bigint) {
  return db
    .selectFrom('audit')
    .leftJoin('audit_text', 'audit_text.audit_id', 'audit.id')
    .select([...sealedColumns, 'seal_seq', 'seal_mac', 'salt', 'audit_text.text as words'])
    .where('seal_seq', '>', sequence.toString())
    .orderBy('seal_seq')
    .limit(verifyBatch)
    .execute();
}
