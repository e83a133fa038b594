import type { Insertable } from 'kysely';
import type { Db, Trx } from '../../db/database.js';
import type { Services } from '../../services.js';
import type { Incident } from '../incident.js';
import { referenceOf } from '../incident.js';
import type { IncidentTables } from '../tables.js';
import { isLive } from '../transitions.js';
import { type RadiusAsset, walkRadius } from './walk.js';

/**
 * Walks the lineage again from what is broken and writes what was found, with the banners that every answer about these assets shows
 * until the incident is resolved. Same transaction as the change that caused it.
 */
export async function storeRadius(
  services: Services,
  trx: Trx,
  incident: Incident,
  brokenIds: readonly string[],
  now: Date,
): Promise<RadiusAsset[]> {
  const { view, version } = services.catalog.current();
  const radius = walkRadius(view, brokenIds);
  const known = new Set(radius.map(({ assetId }) => assetId));
  const kept = await trx
    .selectFrom('incident_asset')
    .selectAll()
    .where('incident_id', '=', incident.id)
    .where('relation', '=', 'direct')
    .execute();
  await trx.deleteFrom('incident_asset').where('incident_id', '=', incident.id).execute();
  const rows: Insertable<IncidentTables['incident_asset']>[] = radius.map((asset) => ({
    incident_id: incident.id,
    asset_id: asset.assetId,
    relation: asset.relation,
    kind: asset.kind,
    name: asset.name,
    tier: asset.tier,
    distance: asset.distance,
    via_id: asset.viaId,
    owners: JSON.stringify(asset.owners),
    added_at: now,
  }));
  // What was broken and has since been deleted from the catalog stays in the incident under the name it had.
  for (const row of kept) {
    if (!known.has(row.asset_id) && brokenIds.includes(row.asset_id))
      rows.push({ ...row, owners: JSON.stringify(row.owners), tier: row.tier ?? null, via_id: null });
  }
  for (let start = 0; start < rows.length; start += 500)
    await trx
      .insertInto('incident_asset')
      .values(rows.slice(start, start + 500))
      .execute();
  await trx
    .updateTable('incident')
    .set({ radius_version: version, updated_at: now })
    .where('id', '=', incident.id)
    .execute();
  await writeNotices(trx, incident, now);
  return radius;
}

/** Adds to what is broken, keeping what was there. */
export async function brokenAssets(trx: Db | Trx, incidentId: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('incident_asset')
    .select('asset_id')
    .where('incident_id', '=', incidentId)
    .where('relation', '=', 'direct')
    .execute();
  return rows.map(({ asset_id }) => asset_id);
}

/**
 * The banners of one incident: broken assets are not to be used, what stands downstream with caution. A private one says nothing but
 * that there is something. They end when the incident is resolved, declined, cancelled or merged.
 */
export async function writeNotices(trx: Trx, before: Incident, now: Date): Promise<void> {
  const incident = await trx
    .selectFrom('incident')
    .selectAll()
    .where('id', '=', before.id)
    .executeTakeFirstOrThrow();
  const shown = isLive(incident.state) && !incident.drill;
  if (!shown) {
    await trx
      .updateTable('asset_notice')
      .set({ ends_at: now, updated_at: now })
      .where('kind', '=', 'incident')
      .where('subject_id', '=', incident.id)
      .where('ends_at', 'is', null)
      .execute();
    return;
  }
  const latest = await trx
    .selectFrom('incident_update')
    .selectAll()
    .where('incident_id', '=', incident.id)
    .where('for_consumers', '=', true)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const assets = await trx
    .selectFrom('incident_asset')
    .selectAll()
    .where('incident_id', '=', incident.id)
    .execute();
  const wrong = latest?.wrong ?? incident.title;
  await trx
    .updateTable('asset_notice')
    .set({ ends_at: now, updated_at: now })
    .where('kind', '=', 'incident')
    .where('subject_id', '=', incident.id)
    .where('ends_at', 'is', null)
    .where(
      'asset_id',
      'not in',
      assets.length === 0 ? ['00000000-0000-0000-0000-000000000000'] : assets.map(({ asset_id }) => asset_id),
    )
    .execute();
  const mitigated = incident.mitigated_at !== null;
  const rows = assets.map((asset) => ({
    asset_id: asset.asset_id,
    kind: 'incident' as const,
    subject_id: incident.id,
    reference: referenceOf(incident),
    relation: asset.relation,
    level: asset.relation === 'direct' && !mitigated ? ('do_not_use' as const) : ('caution' as const),
    private: incident.private,
    summary: incident.private ? 'There is an open incident on this data.' : wrong,
    use_instead: incident.private ? null : (latest?.use_instead ?? null),
    eta: incident.private ? null : (latest?.eta ?? null),
    starts_at: incident.started_at ?? incident.declared_at ?? now,
    ends_at: null,
    updated_at: now,
  }));
  for (let start = 0; start < rows.length; start += 500) {
    await trx
      .insertInto('asset_notice')
      .values(rows.slice(start, start + 500))
      .onConflict((conflict) =>
        conflict.columns(['kind', 'subject_id', 'asset_id']).doUpdateSet((eb) => ({
          relation: eb.ref('excluded.relation'),
          level: eb.ref('excluded.level'),
          private: eb.ref('excluded.private'),
          summary: eb.ref('excluded.summary'),
          use_instead: eb.ref('excluded.use_instead'),
          eta: eb.ref('excluded.eta'),
          ends_at: null,
          updated_at: now,
        })),
      )
      .execute();
  }
}
