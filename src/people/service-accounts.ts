import { sql } from 'kysely';
import type { StewardConfig } from '../config/steward-schema.js';
import type { Db, Trx } from '../db/database.js';

/**
 * Service accounts of steward.yml: rows of `person` without a Slack account, with the people who run them. All of those can
 * use what the account may, so none of them approves anything for it.
 */

export interface ServiceAccount {
  personId: string;
  name: string;
}

/** Makes the tables say what steward.yml says. An account that disappeared from it can be asked for no more; its grants end on time. */
export async function syncServiceAccounts(
  trx: Trx,
  config: StewardConfig,
  params: { idByEmail: ReadonlyMap<string, string>; now: Date },
): Promise<void> {
  const kept: string[] = [];
  for (const account of config.serviceAccounts) {
    const known = await trx
      .selectFrom('service_account')
      .select('person_id')
      .where('id', '=', account.id)
      .executeTakeFirst();
    const name = account.name ?? account.id;
    const personId = known?.person_id ?? (await newAccount(trx, { id: account.id, name, now: params.now }));
    kept.push(personId);
    await trx
      .updateTable('person')
      .set({ name, status: 'active', updated_at: params.now })
      .where('id', '=', personId)
      .execute();
    await trx
      .updateTable('service_account')
      .set({ teams: [...account.teams] })
      .where('person_id', '=', personId)
      .execute();
    await trx.deleteFrom('service_account_person').where('account_id', '=', personId).execute();
    for (const email of new Set([...account.owners, ...account.members])) {
      const memberId = params.idByEmail.get(email);
      if (memberId)
        await trx
          .insertInto('service_account_person')
          .values({ account_id: personId, person_id: memberId })
          .execute();
    }
    await trx.deleteFrom('person_warehouse').where('person_id', '=', personId).execute();
    for (const [warehouse, login] of Object.entries(account.warehouse))
      await trx.insertInto('person_warehouse').values({ person_id: personId, warehouse, login }).execute();
  }
  await trx
    .updateTable('person')
    .set({ status: 'left', updated_at: params.now })
    .where('id', 'in', trx.selectFrom('service_account').select('person_id'))
    .where('id', 'not in', [...kept, '00000000-0000-0000-0000-000000000000'])
    .execute();
}

async function newAccount(trx: Trx, params: { id: string; name: string; now: Date }): Promise<string> {
  const { now } = params;
  const person = await trx
    .insertInto('person')
    .values({
      email: null,
      slack_id: null,
      name: params.name,
      time_zone: null,
      manager_id: null,
      kind: 'service',
      status: 'active',
      origin: 'config',
      created_at: now,
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx.insertInto('service_account').values({ person_id: person.id, id: params.id }).execute();
  return person.id;
}

/** Ids of everybody who runs this account: its owners and members, and who is in its teams now. */
export async function peopleOfAccount(db: Db | Trx, accountId: string): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    select person_id from service_account_person where account_id = ${accountId}
    union
    select m.person_id from team_member m join service_account a on m.team_id = any(a.teams) where a.person_id = ${accountId}`.execute(
    db,
  );
  return rows.map((row) => row.person_id);
}

/** Accounts this person runs, by name: those they may ask for. */
export async function accountsOf(db: Db | Trx, personId: string): Promise<ServiceAccount[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select p.id, p.name from person p join service_account a on a.person_id = p.id
    where p.status = 'active' and (
      exists (select 1 from service_account_person s where s.account_id = p.id and s.person_id = ${personId})
      or exists (select 1 from team_member m where m.person_id = ${personId} and m.team_id = any(a.teams)))
    order by p.name`.execute(db);
  return rows.map((row) => ({ personId: row.id, name: row.name }));
}
