import type { Db } from '../db/database.js';

/**
 * Slack says of an account whether it is deactivated. Whoever left is asked for nothing more and may nothing more; whoever comes back is who
 * they were. Returns the person's id; null where nobody is known by that account.
 */
export async function noteSlackAccount(
  db: Db,
  params: { slackId: string; deactivated: boolean; now: Date },
): Promise<string | null> {
  const [from, to] = params.deactivated ? (['active', 'left'] as const) : (['left', 'active'] as const);
  await db
    .updateTable('person')
    .set({ status: to, updated_at: params.now })
    .where('slack_id', '=', params.slackId)
    .where('status', '=', from)
    .execute();
  const person = await db
    .selectFrom('person')
    .select('id')
    .where('slack_id', '=', params.slackId)
    .executeTakeFirst();
  return person?.id ?? null;
}
