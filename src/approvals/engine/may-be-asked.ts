import type { Person } from '../../people/person.js';

/** Somebody who may be asked: an active member, no guest, bot or service account. */
export function mayBeAsked(person: Person | null): person is Person {
  return person !== null && person.status === 'active' && person.kind === 'member';
}
