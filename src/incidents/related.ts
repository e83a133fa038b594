import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { canSee, type Incident } from './incident.js';
import { openStates } from './transitions.js';

/** Open incidents on the same lineage: upstream of what is broken here, the same, or downstream. Join instead of a duplicate. */
export async function openOnSameLineage(
  services: Services,
  person: Person | null,
  assetIds: readonly string[],
  limit = 5,
): Promise<Incident[]> {
  if (assetIds.length === 0) return [];
  const { view } = services.catalog.current();
  const lineage = new Set<string>();
  for (const id of assetIds) {
    lineage.add(id);
    for (const { asset } of [...view.upstream(id), ...view.downstream(id)]) lineage.add(asset.id);
  }
  const rows = await services.db
    .selectFrom('incident')
    .selectAll()
    .where('state', 'in', [...openStates])
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('incident_asset')
        .select('incident_id')
        .where('relation', '=', 'direct')
        .where('asset_id', 'in', [...lineage]),
    )
    .orderBy('number', 'desc')
    .limit(limit * 3)
    .execute();
  const seen: Incident[] = [];
  for (const row of rows) if (await canSee(services, services.db, row, person)) seen.push(row);
  return seen.slice(0, limit);
}

/** Up to three earlier ones like this incident, with what fixed them. */
export async function earlierLike(
  services: Services,
  person: Person | null,
  incident: Incident,
): Promise<Incident[]> {
  const direct = await services.db
    .selectFrom('incident_asset')
    .select('asset_id')
    .where('incident_id', '=', incident.id)
    .where('relation', '=', 'direct')
    .execute();
  const { fingerprint, cause, number } = incident;
  const assetIds = direct.map(({ asset_id }) => asset_id);
  return earlierOn(services, person, { assetIds, fingerprint, cause, before: number });
}

/** Up to three that are over, by fingerprint, broken asset and cause; likest first. */
export async function earlierOn(
  services: Services,
  person: Person | null,
  like: {
    assetIds: readonly string[];
    fingerprint?: string | null;
    cause?: string | null;
    before?: number;
  },
): Promise<Incident[]> {
  const { assetIds, fingerprint = null, cause = null, before } = like;
  if (assetIds.length === 0 && fingerprint === null && cause === null) return [];
  let query = services.db
    .selectFrom('incident')
    .selectAll()
    .where('state', 'in', ['resolved', 'closed'])
    .where('drill', '=', false)
    .where((eb) =>
      eb.or([
        ...(assetIds.length === 0
          ? []
          : [
              eb(
                'id',
                'in',
                eb
                  .selectFrom('incident_asset')
                  .select('incident_id')
                  .where('relation', '=', 'direct')
                  .where('asset_id', 'in', [...assetIds]),
              ),
            ]),
        ...(fingerprint === null ? [] : [eb('fingerprint', '=', fingerprint)]),
        ...(cause === null ? [] : [eb('cause', '=', cause)]),
      ]),
    )
    .orderBy('number', 'desc')
    .limit(20);
  if (before !== undefined) query = query.where('number', '<', before);
  const rows = await query.execute();
  const score = (row: Incident): number =>
    Number(row.fingerprint !== null && row.fingerprint === fingerprint) * 2 +
    Number(row.cause !== null && row.cause === cause) +
    Number(row.fixed_by !== null);
  const visible: Incident[] = [];
  for (const row of rows) if (await canSee(services, services.db, row, person)) visible.push(row);
  return visible.sort((a, b) => score(b) - score(a) || b.number - a.number).slice(0, 3);
}
