import { type Kysely, sql } from 'kysely';

/** What keeps a ticket from being made, for the card to say. Oldest code this level serves: 0.1.0 (it leaves the column empty). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table incident_link add column last_error text`.execute(db);
}
