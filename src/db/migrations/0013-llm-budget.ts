import { type Kysely, sql } from 'kysely';

/** Oldest code this level serves: 0.1.0. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table llm_day (
      day date primary key,
      tokens bigint not null check (tokens >= 0)
    );
    create table llm_person_day (
      day date not null,
      person_id uuid not null references person (id) on delete cascade,
      calls int not null check (calls > 0),
      primary key (day, person_id)
    );
    create table reply_stream (
      delivery_key text primary key,
      channel_id text not null,
      ts text,
      created_at timestamptz not null
    );
    create index reply_stream_age on reply_stream (created_at);
  `.execute(db);
}
