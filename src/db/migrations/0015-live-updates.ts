import { type Kysely, sql } from 'kysely';

/**
 * Oldest code this level serves: 0.1.0 (which does not know the table and counts messages instead).
 * Places for updates of live messages: whoever updates one takes a place for a minute, so that all processes together share them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table live_update (
      place int primary key,
      used_at timestamptz not null default '-infinity'
    );
    insert into live_update (place) select generate_series(1, 30);
  `.execute(db);
}
