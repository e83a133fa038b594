import { type Kysely, sql } from 'kysely';

/** Oldest code this level serves: 0.1.0. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table slack_message add column topic text;

    create table notice_stop (
      person_id uuid not null references person (id) on delete cascade,
      topic text not null,
      at timestamptz not null,
      primary key (person_id, topic)
    );

    create table notice_waiting (
      key text primary key,
      person_id uuid not null references person (id) on delete cascade,
      topic text not null,
      card_kind text not null,
      card_id text not null,
      variant text not null,
      due_at timestamptz not null,
      created_at timestamptz not null
    );
    create index notice_waiting_digest on notice_waiting (person_id, due_at, created_at);
    create index notice_waiting_due on notice_waiting (due_at);
  `.execute(db);
}
