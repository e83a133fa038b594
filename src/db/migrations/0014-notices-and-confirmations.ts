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

    create table approval_confirmation (
      id uuid primary key default gen_random_uuid(),
      request_id uuid not null references approval_request (id) on delete cascade,
      stage int not null,
      person_id uuid not null references person (id) on delete cascade,
      reason text,
      shorten_to_ms bigint,
      state text not null check (state in ('wanted', 'started', 'confirmed', 'used', 'refused')),
      state_hash text unique,
      browser_hash text,
      nonce text,
      code_verifier text,
      issuer text,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      settled_at timestamptz
    );
    create index approval_confirmation_request on approval_confirmation (request_id, person_id);
    create index approval_confirmation_expired on approval_confirmation (expires_at);

    create table service_account (
      person_id uuid primary key references person (id) on delete cascade,
      id text not null unique,
      teams text[] not null default '{}'
    );
    create table service_account_person (
      account_id uuid not null references service_account (person_id) on delete cascade,
      person_id uuid not null references person (id) on delete cascade,
      primary key (account_id, person_id)
    );
    create index service_account_person_person on service_account_person (person_id);

    alter table approval_request add column ticket_seen text check (ticket_seen in ('there', 'unknown'));

    alter table audit drop constraint audit_channel_check;
    alter table audit add constraint audit_channel_check
      check (channel in ('slack', 'cli', 'policy', 'schedule', 'webhook', 'web'));
  `.execute(db);
}
