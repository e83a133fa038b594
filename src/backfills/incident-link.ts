import type { Trx } from '../db/database.js';
import { addEntry } from '../incidents/timeline.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { BackfillRow } from './events.js';
import { referenceOf } from './reference.js';
import type { Verification } from './verify/verification.js';

/**
 * Tells the incident that a backfill serves: a line in its timeline, and when it is verified its open backfill tasks are done.
 * One that ended without a check ticks nothing: nobody has seen that it is right.
 */
export async function tellIncident(
  trx: Trx,
  backfill: BackfillRow,
  what: { text: string; verdict: Verification['verdict'] | null },
  now: Date,
): Promise<void> {
  if (backfill.incident_id === null) return;
  const incident = await trx
    .selectFrom('incident')
    .select('id')
    .where('id', '=', backfill.incident_id)
    .executeTakeFirst();
  if (incident === undefined) return;
  const reference = referenceOf(backfill);
  await addEntry(trx, {
    incidentId: incident.id,
    at: now,
    kind: 'backfill',
    text: `${reference} of ${backfill.asset_name}: ${what.text}`,
    sourceKey: `backfill:${backfill.id}:${backfill.epoch}:${what.verdict ?? 'started'}`,
    data: { backfill: backfill.id, reference },
    now,
  });
  const concerned = await trx
    .selectFrom('incident_asset')
    .select('asset_id')
    .where('incident_id', '=', incident.id)
    .where('asset_id', '=', backfill.asset_id)
    .executeTakeFirst();
  // A backfill of something else may be mentioned by an incident, but it mends nothing there.
  if (what.verdict === 'verified' && concerned !== undefined) {
    await trx
      .updateTable('incident_task')
      .set({ state: 'done', done_at: now, link: reference, updated_at: now })
      .where('incident_id', '=', incident.id)
      .where('action', '=', 'backfill')
      .where('state', '=', 'open')
      .execute();
  }
  await refreshCards(trx, { kind: 'incident', id: incident.id }, now);
}
