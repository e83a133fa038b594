import type { Db } from '../db/database.js';

/** Stores a delivery before its ack. False when it was here before: the sender gets its 200 and nothing else happens. */
export async function storeDelivery(
  db: Db,
  delivery: {
    key: string;
    transport: 'http' | 'socket' | 'webhook';
    kind: string;
    body: Record<string, unknown>;
    now: Date;
  },
): Promise<boolean> {
  const result = await db
    .insertInto('inbox')
    .values({
      key: delivery.key,
      transport: delivery.transport,
      kind: delivery.kind,
      body: JSON.stringify(delivery.body),
      run_at: delivery.now,
      received_at: delivery.now,
      last_error: null,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}
