import { type Kysely, sql } from 'kysely';

/** How bad a group of alerts says it is, to see when it becomes worse. Oldest code this level serves: 0.1.0 (it leaves the column empty). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table alert_group add column severity text`.execute(db);
}
