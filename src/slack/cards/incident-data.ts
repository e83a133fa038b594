import type { Selectable } from 'kysely';
import type { SuspendedDataset } from '../../incidents/grant-suspension.js';
import { type Health, healthOf } from '../../incidents/health.js';
import {
  assetsOf,
  canSee,
  type Incident,
  type IncidentAsset,
  loadIncident,
  referenceOf,
} from '../../incidents/incident.js';
import { hiddenFromSome } from '../../incidents/known-assets.js';
import { type Outside, outsideOf } from '../../incidents/outside.js';
import type { IncidentTables } from '../../incidents/tables.js';
import { isOver } from '../../incidents/transitions.js';
import type { Services } from '../../services.js';

export interface IncidentCardData {
  incident: Incident;
  assets: IncidentAsset[];
  /** Who owns what is broken, as people where they are known. */
  owners: { name: string; slackId: string | null }[];
  roles: { role: string; name: string; slackId: string | null }[];
  tasks: Selectable<IncidentTables['incident_task']>[];
  update: Selectable<IncidentTables['incident_update']> | null;
  /** The newest update that consumers may see. */
  forConsumers: Selectable<IncidentTables['incident_update']> | null;
  /** Grants that are held back; of a data exposure only. */
  suspended: SuspendedDataset[];
  /** Whether it closes by itself, and what it waits for; while it is watched. */
  health: Health | null;
  /** Other incidents under which its data still stands, by asset. */
  alsoUnder: ReadonlyMap<string, string>;
  /** The incident that it was merged into; null where it was not, or where that one is private. */
  mergedInto: string | null;
  /** Pages and tickets, and what keeps them from going out. */
  outside: Outside;
  groups: {
    alerts: number;
    status: string;
    flaps: number;
    /** How bad it says it is; null where that is not known. */
    severity: string | null;
    because: string;
    title: string;
  }[];
}

/** Everything the incident's cards show, read when they are rendered. */
export async function loadCardData(services: Services, id: string): Promise<IncidentCardData | null> {
  const incident = await loadIncident(services.db, id);
  if (incident === null) return null;
  const { db } = services;
  const assets = nameable(services, incident, await assetsOf(db, id));
  const updates = await db
    .selectFrom('incident_update')
    .selectAll()
    .where('incident_id', '=', id)
    .orderBy('number', 'desc')
    .limit(10)
    .execute();
  return {
    incident,
    assets,
    owners: await ownersOf(services, assets),
    roles: (
      await db
        .selectFrom('incident_role')
        .innerJoin('person', 'person.id', 'incident_role.person_id')
        .select(['incident_role.role', 'person.name', 'person.slack_id'])
        .where('incident_role.incident_id', '=', id)
        .execute()
    ).map(({ role, name, slack_id }) => ({ role, name, slackId: slack_id })),
    tasks: await db
      .selectFrom('incident_task')
      .selectAll()
      .where('incident_id', '=', id)
      .orderBy('number')
      .execute(),
    update: updates[0] ?? null,
    forConsumers: updates.find(({ for_consumers }) => for_consumers) ?? null,
    suspended: incident.kind === 'data_exposure' ? await services.suspension.heldBy(db, id) : [],
    health:
      incident.state === 'monitoring' ? await healthOf(services, db, incident, services.clock.now()) : null,
    alsoUnder:
      isOver(incident.state) || incident.state === 'resolved'
        ? await otherIncidentsOf(services, id)
        : new Map(),
    mergedInto: await mergedInto(services, incident),
    outside: await outsideOf(db, id),
    groups: (
      await db
        .selectFrom('alert_group')
        .select([
          'alerts',
          'status',
          'flaps',
          'severity',
          'because',
          'title',
          'root_asset_id',
          'suspect_asset_id',
        ])
        .where('incident_id', '=', id)
        .where('state', '=', 'open')
        .orderBy('first_at')
        .limit(10)
        .execute()
    ).map(({ root_asset_id, suspect_asset_id, because, ...group }) => ({
      ...group,
      because: withoutName(services, incident, because, suspect_asset_id ?? root_asset_id),
    })),
  };
}

async function mergedInto(services: Services, incident: Incident): Promise<string | null> {
  let into: Incident | null = incident;
  for (let steps = 0; steps < 10 && into?.merged_into; steps += 1)
    into = await loadIncident(services.db, into.merged_into);
  return into === null || into === incident || into.private ? null : referenceOf(into);
}

/** Banners of other incidents on the same assets: what is over here may go on there. A private one has no name. */
async function otherIncidentsOf(services: Services, id: string): Promise<Map<string, string>> {
  const rows = await services.db
    .selectFrom('asset_notice')
    .innerJoin('incident_asset', 'incident_asset.asset_id', 'asset_notice.asset_id')
    .select(['asset_notice.asset_id', 'asset_notice.reference', 'asset_notice.private'])
    .where('incident_asset.incident_id', '=', id)
    .where('asset_notice.kind', '=', 'incident')
    .where('asset_notice.subject_id', '!=', id)
    .where('asset_notice.ends_at', 'is', null)
    .orderBy('asset_notice.reference')
    .execute();
  return new Map(rows.map((row) => [row.asset_id, row.private ? 'another incident' : row.reference]));
}

/**
 * Cards, pictures and notices of an incident are read by whoever is in its channel: what is hidden from anybody is neither named nor counted there, unless
 * the incident is private, whose members were chosen.
 */
function nameable(services: Services, incident: Incident, assets: IncidentAsset[]): IncidentAsset[] {
  if (incident.private) return assets;
  return assets.filter((row) => hiddenFromSome(services, row.asset_id) === undefined);
}

/** Why alerts are one incident, with the table that it names only where everybody may know of it. */
function withoutName(
  services: Services,
  incident: Incident,
  because: string,
  assetId: string | null,
): string {
  const asset = incident.private || assetId === null ? undefined : hiddenFromSome(services, assetId);
  return asset === undefined ? because : because.replaceAll(asset.name, 'one table');
}

/** An owner stands in the radius as the catalog wrote it; an address is a person where somebody has it. */
async function ownersOf(
  services: Services,
  assets: readonly IncidentAsset[],
): Promise<IncidentCardData['owners']> {
  const written = assets.filter(({ relation }) => relation === 'direct').flatMap(({ owners }) => owners);
  const owners: IncidentCardData['owners'] = [];
  for (const owner of [...new Set(written)].slice(0, 12)) {
    const person = owner.includes('@') ? await services.directory.byEmail(services.db, owner) : null;
    owners.push({ name: person?.name || owner, slackId: person?.slackId ?? null });
  }
  return owners;
}

export { canSee };
