import type { Trx } from '../db/database.js';
import { lastTaskNumber } from '../incidents/checklist.js';
import { addEntry } from '../incidents/timeline.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { BackfillRow } from './events.js';
import { referenceOf } from './reference.js';
import type { Verification } from './verify/verification.js';

/**
 * Writes a requested backfill into the plan of the incident that it serves: an open backfill task that nobody serves yet is
 * taken, else one is made. It is ticked by a verified backfill (`tellIncident`), and nothing else here ticks it.
 */
export async function planInIncident(trx: Trx, backfill: BackfillRow, now: Date): Promise<void> {
  const incident = await servedBy(trx, backfill);
  if (incident === null) return;
  // Task numbers are given one after the other.
  await trx.selectFrom('incident').select('id').where('id', '=', incident).forUpdate().execute();
  const reference = referenceOf(backfill);
  const waiting = await trx
    .selectFrom('incident_task')
    .select('id')
    .where('incident_id', '=', incident)
    .where('action', '=', 'backfill')
    .where('state', '=', 'open')
    .where('link', 'is', null)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  if (waiting === undefined) {
    await trx
      .insertInto('incident_task')
      .values({
        incident_id: incident,
        number: (await lastTaskNumber(trx, incident)) + 1,
        kind: 'task',
        action: 'backfill',
        title: `${reference}: rebuild ${backfill.preview.readBack} of ${backfill.asset_name}`.slice(0, 300),
        owner_id: backfill.requested_by,
        link: reference,
        source_key: ownTaskKey(backfill),
        created_by: backfill.requested_by,
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.columns(['incident_id', 'source_key']).doNothing())
      .execute();
  } else {
    await trx
      .updateTable('incident_task')
      .set({ link: reference, updated_at: now })
      .where('id', '=', waiting.id)
      .execute();
  }
  await addEntry(trx, {
    incidentId: incident,
    at: now,
    kind: 'backfill',
    text: `${reference} of ${backfill.asset_name} was asked for: ${backfill.preview.readBack}`,
    actorId: backfill.requested_by,
    sourceKey: `backfill:${backfill.id}:asked`,
    data: { backfill: backfill.id, reference },
    now,
  });
  await refreshCards(trx, { kind: 'incident', id: incident }, now);
}

/** Declined, withdrawn, expired or cancelled: the task made for it goes, one that a person had made is open for the next. */
export async function dropFromIncident(trx: Trx, backfill: BackfillRow, now: Date): Promise<void> {
  const incident = await servedBy(trx, backfill);
  if (incident === null) return;
  await trx
    .updateTable('incident_task')
    .set({ state: 'dropped', updated_at: now })
    .where('incident_id', '=', incident)
    .where('source_key', '=', ownTaskKey(backfill))
    .where('state', '=', 'open')
    .execute();
  await trx
    .updateTable('incident_task')
    .set({ link: null, updated_at: now })
    .where('incident_id', '=', incident)
    .where('action', '=', 'backfill')
    .where('link', '=', referenceOf(backfill))
    .where('state', '=', 'open')
    .execute();
  await refreshCards(trx, { kind: 'incident', id: incident }, now);
}

/**
 * Tells the incident that a backfill serves: a line in its timeline, and when it is verified its backfill task is done. One that
 * ended without a check ticks nothing: nobody has seen that it is right.
 */
export async function tellIncident(
  trx: Trx,
  backfill: BackfillRow,
  what: { text: string; verdict: Verification['verdict'] | null },
  now: Date,
): Promise<void> {
  const incident = await servedBy(trx, backfill);
  if (incident === null) return;
  const reference = referenceOf(backfill);
  await addEntry(trx, {
    incidentId: incident,
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
    .where('incident_id', '=', incident)
    .where('asset_id', '=', backfill.asset_id)
    .executeTakeFirst();
  // A backfill of something else may be mentioned by an incident, but it mends nothing there.
  if (what.verdict === 'verified') {
    await trx
      .updateTable('incident_task')
      .set({ state: 'done', done_at: now, link: reference, updated_at: now })
      .where('incident_id', '=', incident)
      .where('action', '=', 'backfill')
      .where('state', '=', 'open')
      .where((where) =>
        where.or([
          where('link', '=', reference),
          ...(concerned === undefined ? [] : [where('link', 'is', null)]),
        ]),
      )
      .execute();
  }
  // A check that came later took the verdict back: what nobody ticked by hand is open again.
  if (what.verdict === 'failed') {
    await trx
      .updateTable('incident_task')
      .set({ state: 'open', done_at: null, updated_at: now })
      .where('incident_id', '=', incident)
      .where('action', '=', 'backfill')
      .where('link', '=', reference)
      .where('state', '=', 'done')
      .where('done_by', 'is', null)
      .execute();
  }
  await refreshCards(trx, { kind: 'incident', id: incident }, now);
}

function ownTaskKey(backfill: BackfillRow): string {
  return `backfill:${backfill.id}`;
}

/** Id of the incident that a backfill serves; null: none. */
async function servedBy(trx: Trx, backfill: BackfillRow): Promise<string | null> {
  if (backfill.incident_id === null) return null;
  const incident = await trx
    .selectFrom('incident')
    .select('id')
    .where('id', '=', backfill.incident_id)
    .executeTakeFirst();
  return incident?.id ?? null;
}
