import { sql } from 'kysely';
import { recordAudit } from '../audit/record.js';
import type { Db, Trx } from '../db/database.js';
import type { GrantSuspension, SuspendedDataset } from '../incidents/grant-suspension.js';
import { enqueue } from '../jobs/outbox.js';
import type { Services } from '../services.js';
import { startEnding } from './end-access.js';
import { type AccessRow, move, recordEvent, requestQuery } from './lifecycle.js';
import { noteToRequester } from './notes.js';
import { enqueueApply } from './subject.js';

export const holdSettledKind = 'access.hold-settled';

/** Grants and holds of one dataset are decided one at a time: nobody is let in between a look at the holds and the grant. */
export async function lockHolds(trx: Trx, assetId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`access-hold:${assetId}`}, 0))`.execute(trx);
}

export async function isHeld(db: Db | Trx, assetId: string): Promise<boolean> {
  const row = await db
    .selectFrom('access_hold')
    .select('id')
    .where('asset_id', '=', assetId)
    .where('lifted_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Grants held back while a data exposure is looked into, and given back afterwards: audited, and probed like every other change. */
export function makeGrantSuspension(services: Services): GrantSuspension {
  return {
    suspend: async (trx, { assetIds, incidentId, reason, actor, now }) => {
      let count = 0;
      for (const assetId of [...assetIds].sort()) {
        await lockHolds(trx, assetId);
        const hold = await trx
          .insertInto('access_hold')
          .values({ asset_id: assetId, incident_id: incidentId, by: actor.personId, reason, started_at: now })
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .executeTakeFirst();
        if (hold === undefined) continue;
        const grants = await grantsOn(trx, assetId, ['provisioning', 'active'], true);
        for (const request of grants) {
          await move(trx, request, 'suspending', { trouble: null, trouble_since: null }, now);
          await recordEvent(trx, { requestId: request.id, kind: 'suspending', now });
          await enqueueApply(trx, request, `suspend:${hold.id}`, now);
          await recordAudit(trx, {
            actor,
            action: 'access.suspend',
            subject: { kind: 'access', id: request.id },
            now,
            before: { state: request.state },
            after: { state: 'suspending', hold: hold.id },
          });
        }
        await recordAudit(trx, {
          actor,
          action: 'access.hold',
          subject: { kind: 'asset', id: assetId },
          now,
          after: { hold: hold.id, grants: grants.length },
          text: { reason },
        });
        count += grants.length;
      }
      return count;
    },

    lift: async (trx, { incidentId, actor, now }) => {
      const lifted = await trx
        .updateTable('access_hold')
        .set({ lifted_at: now, lifted_by: actor.personId })
        .where('incident_id', '=', incidentId)
        .where('lifted_at', 'is', null)
        .returning(['id', 'asset_id'])
        .execute();
      let count = 0;
      for (const hold of lifted) {
        await lockHolds(trx, hold.asset_id);
        await recordAudit(trx, {
          actor,
          action: 'access.hold-lifted',
          subject: { kind: 'asset', id: hold.asset_id },
          now,
          before: { hold: hold.id },
        });
        if (await isHeld(trx, hold.asset_id)) continue;
        for (const request of await grantsOn(trx, hold.asset_id, ['suspending', 'suspended'], true)) {
          if (request.ends_at !== null && request.ends_at <= now) {
            await startEnding(services, trx, request, { how: 'expired', reason: null, by: null, actor, now });
            continue;
          }
          // Back through the same door as the first grant: granted, probed, recorded.
          await move(trx, request, 'provisioning', { trouble: null, trouble_since: null }, now);
          await recordEvent(trx, { requestId: request.id, kind: 'restoring', now });
          await recordAudit(trx, {
            actor,
            action: 'access.restore',
            subject: { kind: 'access', id: request.id },
            now,
            before: { state: request.state },
            after: { state: 'provisioning', hold: hold.id },
          });
          await enqueueApply(trx, request, `lift:${hold.id}`, now);
          await noteToRequester(services, trx, request, 'restored', now, hold.id);
          count += 1;
        }
      }
      return count;
    },

    handOver: async (trx, { fromId, intoId }) => {
      const mine = await trx
        .selectFrom('access_hold')
        .select('asset_id')
        .where('incident_id', '=', intoId)
        .where('lifted_at', 'is', null)
        .execute();
      await trx
        .updateTable('access_hold')
        .set({ incident_id: intoId })
        .where('incident_id', '=', fromId)
        .where('lifted_at', 'is', null)
        .where((eb) =>
          mine.length === 0
            ? eb.lit(true)
            : eb(
                'asset_id',
                'not in',
                mine.map(({ asset_id }) => asset_id),
              ),
        )
        .execute();
    },

    heldBy: async (db, incidentId) => {
      const holds = await db
        .selectFrom('access_hold')
        .select(['asset_id', 'started_at'])
        .where('incident_id', '=', incidentId)
        .where('lifted_at', 'is', null)
        .orderBy('started_at')
        .execute();
      const datasets: SuspendedDataset[] = [];
      for (const hold of holds) {
        const grants = await grantsOn(db, hold.asset_id, ['suspending', 'suspended']);
        datasets.push({
          assetId: hold.asset_id,
          assetName: services.catalog.current().view.get(hold.asset_id)?.name ?? 'a dataset that is gone',
          grants: grants.length,
          confirmed: grants.filter(({ state, probe }) => state === 'suspended' && probe?.can === false)
            .length,
          stillIn: grants.flatMap(({ state, probe }) =>
            state === 'suspended' && probe?.can === true ? [probe.words] : [],
          ),
          startedAt: hold.started_at,
        });
      }
      return datasets;
    },

    liveGrants: async (db, assetIds) => {
      if (assetIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('access_request')
        .select(({ fn }) => ['asset_id', fn.countAll<string>().as('count')])
        .where('asset_id', 'in', [...assetIds])
        .where('state', 'in', ['provisioning', 'active'])
        .groupBy('asset_id')
        .execute();
      return new Map(rows.map(({ asset_id, count }) => [asset_id, Number(count)]));
    },
  };
}

/** The warehouse's side of one suspension is done: the person is told, and with the last one whoever asked for it. */
export async function settleSuspension(
  services: Services,
  trx: Trx,
  request: AccessRow,
  now: Date,
): Promise<void> {
  const holds = await trx
    .selectFrom('access_hold')
    .select(['id', 'incident_id'])
    .where('asset_id', '=', request.asset_id)
    .where('lifted_at', 'is', null)
    .execute();
  const [first] = holds;
  if (first === undefined) return;
  await noteToRequester(services, trx, request, 'suspended', now, first.id);
  const waiting = await grantsOn(trx, request.asset_id, ['suspending']);
  if (waiting.length > 0) return;
  for (const hold of holds) {
    await enqueue(trx, {
      kind: holdSettledKind,
      queue: 'work',
      key: `${holdSettledKind}:${hold.id}`,
      payload: { incidentId: hold.incident_id, assetId: request.asset_id },
      now,
    });
  }
}

async function grantsOn(
  db: Db | Trx,
  assetId: string,
  states: readonly AccessRow['state'][],
  lock = false,
): Promise<AccessRow[]> {
  return requestQuery(db)
    .where('access_request.asset_id', '=', assetId)
    .where('access_request.state', 'in', [...states])
    .orderBy('access_request.id')
    .$if(lock, (query) => query.forUpdate('access_request'))
    .execute();
}
