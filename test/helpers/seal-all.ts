import { setTimeout as sleep } from 'node:timers/promises';
import { sealAudit } from '../../src/audit/seal.js';
import type { Db } from '../../src/db/database.js';

/**
 * Seals every row of the audit. A row waits for all transactions that began before it, those in the databases of other test files on the
 * same server too.
 */
export async function sealAll(db: Db, key: string, now: Date): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    await sealAudit(db, key, now);
    const waiting = await db.selectFrom('audit').select('id').where('seal_seq', 'is', null).execute();
    if (waiting.length === 0) return;
    if (performance.now() > deadline) throw new Error(`${waiting.length} rows were not sealed in time`);
    await sleep(20);
  }
}
