import type { Selectable } from 'kysely';
import type { Actor } from '../audit/record.js';
import type { Role } from '../authority/authority.js';
import type { Db, Trx } from '../db/database.js';
import { onCallOrNobody } from '../people/on-call.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import type { IncidentAction } from './authority.js';
import { NoIncidentError } from './errors.js';
import type { IncidentTables } from './tables.js';
import { openStates } from './transitions.js';

export type Incident = Selectable<IncidentTables['incident']>;
export type IncidentAsset = Selectable<IncidentTables['incident_asset']>;

/** What people see: `INC-12`. */
export function referenceOf(incident: Pick<Incident, 'number'>): string {
  return `INC-${incident.number}`;
}

/** Reads `12`, `INC-12`, `inc 12`, `#12`; null for anything else. */
export function readNumber(text: string): number | null {
  const match = /^\s*(?:INC[-\s]?|#)?(\d{1,9})\s*$/i.exec(text);
  return match?.[1] === undefined ? null : Number(match[1]);
}

export async function loadIncident(db: Db | Trx, id: string): Promise<Incident | null> {
  return (await db.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

export async function assetsOf(db: Db | Trx, incidentId: string): Promise<IncidentAsset[]> {
  return db
    .selectFrom('incident_asset')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('distance')
    .orderBy('tier')
    .orderBy('name')
    .execute();
}

/** Whether this person may know of it: everyone, unless it is private; then its members alone (and security, of an exposure). */
export async function canSee(
  services: Services,
  db: Db | Trx,
  incident: Incident,
  person: Person | null,
): Promise<boolean> {
  if (!incident.private) return true;
  if (person === null) return false;
  if (incident.kind === 'data_exposure' && isSecurity(services, person)) return true;
  const member = await db
    .selectFrom('incident_member')
    .select('person_id')
    .where('incident_id', '=', incident.id)
    .where('person_id', '=', person.id)
    .executeTakeFirst();
  return member !== undefined;
}

export function isSecurity(services: Services, person: Person): boolean {
  const teams = [...services.config.incidents.security, ...services.config.authority.security];
  return person.teams.some((team) => teams.includes(team));
}

/** By number, for this person. Throws `NoIncidentError`, the same for one that is private and one that is not there. */
export async function incidentByNumber(
  services: Services,
  person: Person | null,
  number: number,
): Promise<Incident> {
  const incident = await services.db
    .selectFrom('incident')
    .selectAll()
    .where('number', '=', number)
    .executeTakeFirst();
  if (incident === undefined || !(await canSee(services, services.db, incident, person)))
    throw new NoIncidentError(`INC-${number}`);
  return incident;
}

/** The incident whose channel this is. */
export async function incidentOfChannel(db: Db | Trx, channelId: string): Promise<Incident | null> {
  const found = await db
    .selectFrom('incident')
    .selectAll()
    .where('channel_id', '=', channelId)
    .orderBy('number', 'desc')
    .executeTakeFirst();
  return found ?? null;
}

export interface ListFilter {
  /** Default: what is open. */
  states?: readonly Incident['state'][];
  text?: string;
  limit?: number;
  /** Numbers below this one: the cursor. */
  before?: number;
}

/** Newest first, what this person may see. */
export async function listIncidents(
  services: Services,
  person: Person | null,
  filter: ListFilter = {},
): Promise<Incident[]> {
  const security = person !== null && isSecurity(services, person);
  let query = services.db
    .selectFrom('incident')
    .selectAll()
    .where('state', 'in', [...(filter.states ?? openStates)])
    .where((eb) =>
      eb.or([
        eb('private', '=', false),
        ...(security ? [eb('kind', '=', 'data_exposure' as const)] : []),
        ...(person === null
          ? []
          : [
              eb.exists(
                eb
                  .selectFrom('incident_member')
                  .select('incident_member.person_id')
                  .whereRef('incident_member.incident_id', '=', 'incident.id')
                  .where('incident_member.person_id', '=', person.id),
              ),
            ]),
      ]),
    )
    .orderBy('number', 'desc')
    .limit(filter.limit ?? 20);
  if (filter.before !== undefined) query = query.where('number', '<', filter.before);
  if (filter.text !== undefined && filter.text !== '')
    query = query.where('title', 'ilike', `%${filter.text.replaceAll(/[%_\\]/g, '\\$&')}%`);
  return query.execute();
}

/** What somebody is to this incident. */
export async function rolesIn(
  services: Services,
  db: Db | Trx,
  incident: Incident | null,
  actor: Actor,
  now: Date,
): Promise<Set<Role>> {
  const roles = new Set<Role>(['anyone']);
  if (actor.kind === 'operator') roles.add('operator');
  // Policy, schedule and the alert webhook act for the installation itself, under rules that an admin wrote.
  if (actor.kind === 'policy' || actor.kind === 'schedule' || actor.kind === 'system') roles.add('operator');
  if (actor.personId === null) return roles;
  const person = await services.directory.byId(db, actor.personId);
  if (person === null || person.status !== 'active') return roles;
  if (person.isAdmin) roles.add('admin');
  if (person.kind === 'member') roles.add('member');
  if (isSecurity(services, person)) roles.add('security');
  const dataTeams = services.config.authority.dataTeam;
  // An installation that names no data team has one: everyone who is not a guest.
  if (
    person.kind === 'member' &&
    (dataTeams.length === 0 || person.teams.some((team) => dataTeams.includes(team)))
  )
    roles.add('data-team');
  const runningTeam = services.config.incidents.team;
  if (runningTeam !== undefined) {
    const onCall = await onCallOrNobody(services, db, runningTeam, now);
    if (onCall.some(({ id }) => id === person.id)) roles.add('on-call');
  }
  if (incident === null) return roles;
  const member = await db
    .selectFrom('incident_member')
    .select('how')
    .where('incident_id', '=', incident.id)
    .where('person_id', '=', person.id)
    .executeTakeFirst();
  if (member !== undefined) roles.add('incident-member');
  const role = await db
    .selectFrom('incident_role')
    .select('role')
    .where('incident_id', '=', incident.id)
    .where('person_id', '=', person.id)
    .executeTakeFirst();
  if (role !== undefined) roles.add('incident-lead');
  if (await ownsAny(services, db, incident.id, person)) roles.add('owner');
  return roles;
}

/** Whether this person is an owner of what is broken, as the catalog has it now. */
async function ownsAny(
  services: Services,
  db: Db | Trx,
  incidentId: string,
  person: Person,
): Promise<boolean> {
  const { view } = services.catalog.current();
  const rows = await db
    .selectFrom('incident_asset')
    .select('asset_id')
    .where('incident_id', '=', incidentId)
    .where('relation', '=', 'direct')
    .execute();
  for (const { asset_id } of rows) {
    for (const owner of view.get(asset_id)?.owners ?? []) {
      const people = await services.directory.resolveOwner(db, owner);
      if (people.some(({ id }) => id === person.id)) return true;
    }
  }
  return false;
}

/** Asks whether the actor may do this here; throws `NotAllowedError`, or `NoIncidentError` where they may not know of it. */
export async function authorise(
  services: Services,
  trx: Trx,
  incident: Incident,
  actor: Actor,
  action: IncidentAction,
  now: Date,
): Promise<void> {
  const roles = await rolesIn(services, trx, incident, actor, now);
  if (incident.private && !roles.has('operator')) {
    const person = actor.personId === null ? null : await services.directory.byId(trx, actor.personId);
    if (!(await canSee(services, trx, incident, person))) throw new NoIncidentError(referenceOf(incident));
  }
  services.authority.require(action, roles);
}
