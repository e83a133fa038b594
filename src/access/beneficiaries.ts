import type { Beneficiaries } from '../approvals/subject.js';
import type { Db, Trx } from '../db/database.js';
import type { Person } from '../people/person.js';
import { peopleOfAccount } from '../people/service-accounts.js';

/** Who gains by access for this person. For a service account: everybody who runs it, because they all can use it. */
export async function beneficiariesFor(
  db: Db | Trx,
  person: Person,
  requesterId: string,
): Promise<Beneficiaries> {
  if (person.kind !== 'service') {
    return { kind: person.id === requesterId ? 'self' : 'person', personIds: [person.id] };
  }
  return { kind: 'service', personIds: [person.id, ...(await peopleOfAccount(db, person.id))] };
}
