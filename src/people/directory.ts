import type { Db, Trx } from '../db/database.js';
import type { Person } from './person.js';

/**
 * Look-ups of people. Every function takes the transaction (or the pool) it reads in, so that eligibility is read again at
 * decision time in the deciding transaction. A look-up that fails throws: callers fail closed.
 */
export interface Directory {
  byId: (db: Db | Trx, id: string) => Promise<Person | null>;
  bySlackId: (db: Db | Trx, slackId: string) => Promise<Person | null>;
  byEmail: (db: Db | Trx, email: string) => Promise<Person | null>;
  /** An owner as a catalog wrote it (e-mail, name, team id) to active people; empty when nobody is found. */
  resolveOwner: (db: Db | Trx, owner: { name?: string; email?: string; team?: string }) => Promise<Person[]>;
  /** Active members of a team (from steward.yml or its Slack user group). */
  teamMembers: (db: Db | Trx, teamId: string) => Promise<Person[]>;
  managerOf: (db: Db | Trx, personId: string) => Promise<Person | null>;
  /** Whoever is on call for the team at this time; empty when it has no rotation. */
  onCall: (db: Db | Trx, teamId: string, at: Date) => Promise<Person[]>;
}
