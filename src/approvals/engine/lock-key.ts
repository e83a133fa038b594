import { sql } from 'kysely';
import type { Trx } from '../../db/database.js';

/** One at a time per key until the transaction ends: two who count must not both see the last free place. */
export async function lockKey(trx: Trx, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx);
}
