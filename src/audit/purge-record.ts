import { createHmac } from 'node:crypto';
import type { Db, Trx } from '../db/database.js';

/** What was deleted last because of its age: the chain begins behind it. */
export interface Purge {
  throughSequence: bigint;
  /** Seal of the last deleted row, to which the first one that is left is chained. */
  throughMac: string;
  /** Time of the newest deleted row. */
  throughAt: Date;
  at: Date;
}

/** The seal of a purge: only who has the key of the chain can say where it begins. */
export function purgeMac(key: string, purge: Purge): string {
  return createHmac('sha256', key)
    .update('purge\n')
    .update(
      JSON.stringify([
        purge.throughSequence.toString(),
        purge.throughMac,
        purge.throughAt.toISOString(),
        purge.at.toISOString(),
      ]),
    )
    .digest('hex');
}

/** The purge on record; null while nothing was ever deleted. */
export async function readPurge(db: Db | Trx): Promise<(Purge & { mac: string }) | null> {
  const row = await db.selectFrom('audit_purge').selectAll().executeTakeFirst();
  if (!row) return null;
  return {
    throughSequence: BigInt(row.through_seq),
    throughMac: row.through_mac,
    throughAt: row.through_at,
    at: row.at,
    mac: row.seal_mac,
  };
}
