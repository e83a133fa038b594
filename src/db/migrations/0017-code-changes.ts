import { type Kysely, sql } from 'kysely';

/** Versions of tables whose code changed. Oldest code this level serves: 0.1.0 (it shows such a version as one of details). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table asset_version drop constraint asset_version_change_check;
    alter table asset_version add constraint asset_version_change_check check (change in
      ('created', 'meaning', 'schema', 'code', 'governance', 'wording', 'removed', 'restored'));
  `.execute(db);
}
