import type { ActionTable, Role } from '../authority/authority.js';
import type { Asset } from '../catalog/asset.js';
import type { Db, Trx } from '../db/database.js';
import { ownersOf } from '../people/owners-of.js';
import type { Person } from '../people/person.js';
import { peopleOfAccount } from '../people/service-accounts.js';
import type { Services } from '../services.js';
import type { AccessRow } from './lifecycle.js';

export const accessActions: ActionTable = {
  'access.request': ['member'],
  'access.show': [
    'requester',
    'beneficiary',
    'approver',
    'owner',
    'security',
    'governance',
    'admin',
    'operator',
  ],
  'access.extend': ['requester', 'beneficiary'],
  'access.return': ['requester', 'beneficiary'],
  'access.revoke': ['owner', 'security', 'admin'],
  'access.accept-remains': ['owner', 'security'],
  'access.who': ['owner', 'security', 'governance', 'admin', 'data-team', 'operator'],
  'access.review-start': ['governance', 'admin', 'operator'],
  'access.drift': ['owner', 'security', 'admin'],
  'access.export': ['governance', 'security', 'admin', 'operator'],
};

/** What a person is to Steward itself. */
export function standingRoles(services: Pick<Services, 'config'>, person: Person): Set<Role> {
  const roles = new Set<Role>(['anyone']);
  const { authority } = services.config;
  if (person.status !== 'active') return roles;
  if (person.kind === 'member') roles.add('member');
  if (person.kind === 'operator') roles.add('operator');
  if (person.isAdmin) roles.add('admin');
  const inAny = (teams: readonly string[]) => teams.some((team) => person.teams.includes(team));
  if (inAny(authority.governance)) roles.add('governance');
  if (inAny(authority.security)) roles.add('security');
  if (inAny(authority.dataTeam)) roles.add('data-team');
  return roles;
}

/** … and to an asset. Owners are read from the catalog of this moment. */
export async function rolesOnAsset(
  services: Services,
  db: Db | Trx,
  person: Person,
  asset: Asset | undefined,
): Promise<Set<Role>> {
  const roles = standingRoles(services, person);
  const owners = await ownersOf(services, db, asset);
  if (owners.some((owner) => owner.id === person.id)) roles.add('owner');
  return roles;
}

/** … and to a request. */
export async function rolesOnRequest(
  services: Services,
  db: Db | Trx,
  person: Person,
  request: AccessRow,
): Promise<Set<Role>> {
  const roles = await rolesOnAsset(
    services,
    db,
    person,
    services.catalog.current().view.get(request.asset_id),
  );
  if (request.requester_id === person.id) roles.add('requester');
  if (request.beneficiary_id === person.id) roles.add('beneficiary');
  // Whoever runs a service account holds what it holds.
  if (
    request.beneficiary_kind === 'service' &&
    (await peopleOfAccount(db, request.beneficiary_id)).includes(person.id)
  ) {
    roles.add('beneficiary');
  }
  const asked = await db
    .selectFrom('approval_notified')
    .innerJoin('approval_request', 'approval_request.id', 'approval_notified.request_id')
    .select('approval_request.id')
    .where('approval_request.subject_id', '=', request.id)
    .where('approval_notified.person_id', '=', person.id)
    .executeTakeFirst();
  if (asked) roles.add('approver');
  return roles;
}
