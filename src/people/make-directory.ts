import type { StewardConfig } from '../config/steward-schema.js';
import type { Db, Trx } from '../db/database.js';
import type { Directory } from './directory.js';
import { onCallAt, onCallByPager } from './on-call.js';
import type { Person } from './person.js';

type PersonRow = {
  id: string;
  name: string;
  email: string | null;
  slack_id: string | null;
  time_zone: string | null;
  manager_id: string | null;
  kind: Person['kind'];
  status: Person['status'];
};

/** Look-ups of people in PostgreSQL, with on-call from steward.yml's rotations or from what a pager said last. */
export function makeDirectory(config: StewardConfig): Directory {
  const admins = new Set(config.authority.admins);

  async function complete(db: Db | Trx, rows: PersonRow[]): Promise<Person[]> {
    if (rows.length === 0) return [];
    const ids = rows.map((row) => row.id);
    const [teams, logins] = await Promise.all([
      db.selectFrom('team_member').selectAll().where('person_id', 'in', ids).execute(),
      db.selectFrom('person_warehouse').selectAll().where('person_id', 'in', ids).execute(),
    ]);
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      email: row.email,
      slackId: row.slack_id,
      timeZone: row.time_zone,
      managerId: row.manager_id,
      kind: row.kind,
      status: row.status,
      teams: teams.filter((team) => team.person_id === row.id).map((team) => team.team_id),
      logins: Object.fromEntries(
        logins.filter((login) => login.person_id === row.id).map((login) => [login.warehouse, login.login]),
      ),
      isAdmin: row.email !== null && admins.has(row.email),
    }));
  }

  const select = (db: Db | Trx) =>
    db
      .selectFrom('person')
      .select(['id', 'name', 'email', 'slack_id', 'time_zone', 'manager_id', 'kind', 'status']);

  const one = async (db: Db | Trx, row: PersonRow | undefined): Promise<Person | null> =>
    (await complete(db, row ? [row] : []))[0] ?? null;

  const directory: Directory = {
    byId: async (db, id) => one(db, await select(db).where('id', '=', id).executeTakeFirst()),
    bySlackId: async (db, slackId) =>
      one(db, await select(db).where('slack_id', '=', slackId).executeTakeFirst()),
    byEmail: async (db, email) =>
      one(db, await select(db).where('email', '=', email.toLowerCase()).executeTakeFirst()),
    async teamMembers(db, teamId) {
      const rows = await select(db)
        .innerJoin('team_member', 'team_member.person_id', 'person.id')
        .where('team_member.team_id', '=', teamId)
        .where('person.status', '=', 'active')
        .orderBy('person.name')
        .execute();
      return complete(db, rows);
    },
    async managerOf(db, personId) {
      const row = await select(db)
        .where('id', '=', db.selectFrom('person as p').select('p.manager_id').where('p.id', '=', personId))
        .where('status', '=', 'active')
        .executeTakeFirst();
      return one(db, row);
    },
    async resolveOwner(db, owner) {
      if (owner.email) {
        const found = await directory.byEmail(db, owner.email);
        if (found?.status === 'active') return [found];
      }
      for (const word of [owner.team, owner.name]) {
        if (!word) continue;
        const team = teamNamed(config, word);
        if (team) {
          const members = await directory.teamMembers(db, team);
          if (members.length > 0) return members;
        }
      }
      if (owner.name) {
        const rows = await select(db)
          .where((where) => where(where.fn('lower', ['name']), '=', (owner.name ?? '').toLowerCase()))
          .where('status', '=', 'active')
          .execute();
        // Two people of one name: nobody is better than the wrong one.
        if (rows.length === 1) return complete(db, rows);
      }
      return [];
    },
    async onCall(db, teamId, at) {
      const team = config.teams.find((candidate) => candidate.id === teamId);
      if (!team?.onCall) return [];
      if (!('people' in team.onCall)) {
        const ids = await onCallByPager(db, team, at);
        const found = await Promise.all(ids.map((id) => directory.byId(db, id)));
        return found.filter(isActive);
      }
      const emails = onCallAt(team.onCall, config.people, at);
      const people = await Promise.all(emails.map((email) => directory.byEmail(db, email)));
      return people.filter(isActive);
    },
  };
  return directory;
}

function isActive(person: Person | null): person is Person {
  return person !== null && person.status === 'active';
}

/** A team by id or by name, e-mail local part included (`finance-data@…` is often a team's address). */
function teamNamed(config: StewardConfig, word: string): string | null {
  const wanted = word
    .trim()
    .toLowerCase()
    .replace(/^[@#]/, '')
    .replace(/[\s_]+/g, '-');
  const team = config.teams.find(
    (candidate) =>
      candidate.id === wanted || candidate.name?.toLowerCase().replace(/[\s_]+/g, '-') === wanted,
  );
  return team?.id ?? null;
}
