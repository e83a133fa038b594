import type { Role } from '../authority/authority.js';
import type { Asset } from '../catalog/asset.js';
import type { Db, Trx } from '../db/database.js';
import { onCallOrNobody } from '../people/on-call.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';

/** Whoever acts: a person, or the operator at the command line. */
export interface Acting {
  person: Person | null;
  operator?: boolean;
}

/** What this person is to a backfill of this asset, read in the deciding transaction. A look-up that fails throws. */
export async function rolesOn(
  services: Services,
  db: Db | Trx,
  acting: Acting,
  subject: { asset: Asset | undefined; requesterId: string | null; now: Date },
): Promise<ReadonlySet<Role>> {
  const roles = new Set<Role>();
  if (acting.operator === true) roles.add('operator');
  const { person } = acting;
  if (person === null || person.status !== 'active' || person.kind === 'bot' || person.kind === 'guest')
    return roles;
  roles.add('member');
  if (person.isAdmin) roles.add('admin');
  if (person.id === subject.requesterId) roles.add('requester');
  if (person.teams.some((team) => services.config.authority.dataTeam.includes(team))) roles.add('data-team');
  for (const owner of subject.asset?.owners ?? []) {
    const owners = await services.directory.resolveOwner(db, owner);
    if (owners.some(({ id }) => id === person.id)) roles.add('owner');
    if (owner.team === undefined) continue;
    const onCall = await onCallOrNobody(services, db, owner.team, subject.now);
    if (onCall.some(({ id }) => id === person.id)) roles.add('on-call');
  }
  return roles;
}

/** As `authority.require`, for this person and this backfill. */
export async function requireOn(
  services: Services,
  db: Db | Trx,
  action: string,
  acting: Acting,
  subject: { asset: Asset | undefined; requesterId: string | null; now: Date },
): Promise<void> {
  services.authority.require(action, await rolesOn(services, db, acting, subject));
}
