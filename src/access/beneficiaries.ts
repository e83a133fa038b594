import type { Beneficiaries } from '../approvals/subject.js';
import type { Db, Trx } from '../db/database.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';

/**
 * Who gains by access for this person. For a service account: its owner (its manager in steward.yml) and everybody in its
 * teams, because they all can use it.
 */
export async function beneficiariesFor(
  services: Pick<Services, 'directory'>,
  db: Db | Trx,
  person: Person,
  requesterId: string,
): Promise<Beneficiaries> {
  if (person.kind !== 'service') {
    return { kind: person.id === requesterId ? 'self' : 'person', personIds: [person.id] };
  }
  const members = await Promise.all(person.teams.map((team) => services.directory.teamMembers(db, team)));
  const owners = person.managerId ? [person.managerId] : [];
  return {
    kind: 'service',
    personIds: [...new Set([person.id, ...owners, ...members.flat().map((member) => member.id)])],
  };
}
