import type { StewardConfig } from '../config/steward-schema.js';
import type { Db } from '../db/database.js';
import { syncServiceAccounts } from './service-accounts.js';

export interface SyncedPeople {
  people: number;
  teams: number;
}

/**
 * Makes the tables say what steward.yml says: people by e-mail, their managers, teams and warehouse logins. People who
 * are only known from Slack stay; a person who disappeared from the file loses teams and logins, not their history.
 */
export async function syncPeople(db: Db, config: StewardConfig, now: Date): Promise<SyncedPeople> {
  return db.transaction().execute(async (trx) => {
    const idByEmail = new Map<string, string>();
    for (const person of config.people) {
      // A Slack id seen before the file named it belongs to the same human being: the rows become one.
      if (person.slack) {
        await trx
          .updateTable('person')
          .set({ email: person.email })
          .where('slack_id', '=', person.slack)
          .where('email', 'is', null)
          .execute();
      }
      const row = await trx
        .insertInto('person')
        .values({
          email: person.email,
          slack_id: person.slack ?? null,
          name: person.name ?? person.email,
          time_zone: person.timeZone ?? null,
          manager_id: null,
          kind: person.guest ? 'guest' : 'member',
          status: 'active',
          origin: 'config',
          created_at: now,
          updated_at: now,
        })
        .onConflict((conflict) =>
          conflict.column('email').doUpdateSet((set) => ({
            slack_id: person.slack ?? set.ref('person.slack_id'),
            name: person.name ?? set.ref('person.name'),
            time_zone: person.timeZone ?? set.ref('person.time_zone'),
            kind: person.guest ? 'guest' : 'member',
            origin: 'config',
            updated_at: now,
          })),
        )
        .returning('id')
        .executeTakeFirstOrThrow();
      idByEmail.set(person.email, row.id);
    }
    for (const person of config.people) {
      const id = idByEmail.get(person.email);
      if (!id) continue;
      const managerId = person.manager ? (idByEmail.get(person.manager) ?? null) : null;
      await trx.updateTable('person').set({ manager_id: managerId }).where('id', '=', id).execute();
      await trx.deleteFrom('person_warehouse').where('person_id', '=', id).execute();
      const logins = Object.entries(person.warehouse).map(([warehouse, login]) => ({
        person_id: id,
        warehouse,
        login,
      }));
      if (logins.length > 0) await trx.insertInto('person_warehouse').values(logins).execute();
    }
    // With the login of somebody whom the file no longer names, access could still be asked for.
    await trx
      .deleteFrom('person_warehouse')
      .where('person_id', 'in', (query) =>
        query
          .selectFrom('person')
          .select('id')
          .where('origin', '=', 'config')
          .where('kind', '<>', 'service')
          .where(({ eb, not }) => not(eb('email', '=', eb.fn.any(eb.val([...idByEmail.keys()]))))),
      )
      .execute();
    const teams = new Map<
      string,
      { name: string; usergroup: string | null; members: Set<string>; calendar: string | null }
    >();
    for (const team of config.teams) {
      teams.set(team.id, {
        name: team.name ?? team.id,
        usergroup: team.slackUsergroup ?? null,
        members: new Set(team.members ?? []),
        calendar: team.calendar ? JSON.stringify(team.calendar) : null,
      });
    }
    for (const person of config.people) {
      for (const teamId of person.teams) {
        const team = teams.get(teamId) ?? {
          name: teamId,
          usergroup: null,
          members: new Set<string>(),
          calendar: null,
        };
        team.members.add(person.email);
        teams.set(teamId, team);
      }
    }
    for (const [id, team] of teams) {
      await trx
        .insertInto('team')
        .values({
          id,
          name: team.name,
          slack_usergroup: team.usergroup,
          calendar: team.calendar,
          updated_at: now,
        })
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet({
            name: team.name,
            slack_usergroup: team.usergroup,
            calendar: team.calendar,
            updated_at: now,
          }),
        )
        .execute();
      if (team.usergroup && team.members.size === 0) continue;
      await trx.deleteFrom('team_member').where('team_id', '=', id).execute();
      const members = [...team.members].flatMap((email) => {
        const personId = idByEmail.get(email.toLowerCase());
        return personId ? [{ team_id: id, person_id: personId }] : [];
      });
      if (members.length > 0) await trx.insertInto('team_member').values(members).execute();
    }
    await syncServiceAccounts(trx, config, { idByEmail, now });
    await trx
      .deleteFrom('team')
      .where('id', 'not in', [...teams.keys(), ''])
      .execute();
    return { people: idByEmail.size, teams: teams.size };
  });
}
