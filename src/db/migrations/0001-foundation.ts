import { type Kysely, sql } from 'kysely';

/** Oldest code this level serves: 0.1.0. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table clock (
      id int primary key check (id = 1),
      offset_ms bigint not null default 0,
      demo boolean not null default false
    );
    insert into clock (id) values (1);

    create table setting (
      key text primary key,
      value jsonb not null,
      updated_at timestamptz not null
    );

    create table person (
      id uuid primary key default gen_random_uuid(),
      email text unique,
      slack_id text unique,
      name text not null,
      time_zone text,
      manager_id uuid references person (id) on delete set null,
      kind text not null check (kind in ('member', 'guest', 'bot', 'operator', 'service')),
      status text not null check (status in ('active', 'left', 'erased')),
      origin text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create table team (
      id text primary key,
      name text not null,
      slack_usergroup text,
      calendar jsonb,
      updated_at timestamptz not null
    );
    create table team_member (
      team_id text not null references team (id) on delete cascade,
      person_id uuid not null references person (id) on delete cascade,
      primary key (team_id, person_id)
    );
    create index team_member_person on team_member (person_id);
    create table person_warehouse (
      person_id uuid not null references person (id) on delete cascade,
      warehouse text not null,
      login text not null,
      primary key (person_id, warehouse)
    );

    create table inbox (
      id bigint generated always as identity primary key,
      key text not null unique,
      transport text not null check (transport in ('http', 'socket', 'webhook')),
      kind text not null,
      body jsonb not null,
      state text not null default 'received' check (state in ('received', 'done', 'failed')),
      attempts int not null default 0,
      run_at timestamptz not null,
      received_at timestamptz not null,
      finished_at timestamptz,
      last_error text
    );
    create index inbox_open on inbox (run_at, id) where state = 'received';
    create index inbox_finished on inbox (finished_at) where state <> 'received';

    create table outbox (
      id bigint generated always as identity primary key,
      kind text not null,
      queue text not null check (queue in ('slack', 'work', 'io')),
      key text not null unique,
      lane text,
      payload jsonb not null,
      state text not null default 'pending' check (state in ('pending', 'queued', 'done', 'dead')),
      attempts int not null default 0,
      max_attempts int not null default 12,
      run_at timestamptz not null,
      queued_at timestamptz,
      created_at timestamptz not null,
      finished_at timestamptz,
      last_error text
    );
    create index outbox_due on outbox (run_at, id) where state = 'pending';
    create index outbox_queued on outbox (queued_at) where state = 'queued';
    create index outbox_lane on outbox (lane, id) where state in ('pending', 'queued');
    create index outbox_finished on outbox (finished_at) where state = 'done';

    create table lane (
      key text primary key,
      not_before timestamptz,
      locked_until timestamptz,
      fence bigint not null default 0
    );

    create table audit (
      id bigint generated always as identity primary key,
      at timestamptz not null,
      actor_id uuid,
      actor_kind text not null check (actor_kind in ('person', 'operator', 'policy', 'schedule', 'system')),
      channel text not null check (channel in ('slack', 'cli', 'policy', 'schedule', 'webhook')),
      action text not null,
      subject_kind text not null,
      subject_id text not null,
      before jsonb,
      after jsonb,
      text_hash text,
      xid xid8 not null default pg_current_xact_id(),
      seal_seq bigint unique,
      seal_mac text,
      check ((seal_seq is null) = (seal_mac is null))
    );
    create index audit_unsealed on audit (id) where seal_seq is null;
    create index audit_subject on audit (subject_kind, subject_id, id);
    create index audit_at on audit (at, id);
    create table audit_text (
      audit_id bigint primary key references audit (id) on delete cascade,
      salt text not null,
      text text not null
    );
    create table audit_head (
      id bigint generated always as identity primary key,
      seal_seq bigint not null,
      seal_mac text not null,
      at timestamptz not null
    );

    create table slack_message (
      id uuid primary key default gen_random_uuid(),
      key text not null unique,
      card_kind text not null,
      card_id text not null,
      variant text not null default '',
      channel_id text,
      person_id uuid references person (id) on delete cascade,
      thread_key text,
      ts text,
      permalink text,
      content_hash text,
      sending_at timestamptz,
      state text not null default 'wanted' check (state in ('wanted', 'sent', 'gone')),
      gone_reason text,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create table slack_file (
      key text primary key,
      message_id uuid not null references slack_message (id) on delete cascade,
      file_id text,
      created_at timestamptz not null
    );
    create table reply (
      id uuid primary key default gen_random_uuid(),
      delivery_key text not null unique,
      person_id uuid references person (id) on delete cascade,
      channel_id text,
      text text not null,
      blocks jsonb not null,
      created_at timestamptz not null
    );
    create index reply_age on reply (created_at);
    create index slack_message_card on slack_message (card_kind, card_id);
    create index slack_message_place on slack_message (channel_id, ts);

    create table asset_notice (
      id uuid primary key default gen_random_uuid(),
      asset_id uuid not null,
      kind text not null check (kind in ('incident', 'backfill', 'planned')),
      subject_id text not null,
      reference text not null,
      relation text not null check (relation in ('direct', 'downstream')),
      level text not null check (level in ('do_not_use', 'caution', 'info')),
      private boolean not null default false,
      summary text not null,
      use_instead text,
      eta timestamptz,
      starts_at timestamptz not null,
      ends_at timestamptz,
      updated_at timestamptz not null,
      unique (kind, subject_id, asset_id)
    );
    create index asset_notice_live on asset_notice (asset_id) where ends_at is null;
    create index asset_notice_history on asset_notice (asset_id, starts_at);

    create function notify_outbox() returns trigger language plpgsql as $$
    begin
      perform pg_notify('steward_outbox', '');
      return null;
    end $$;
    create trigger outbox_inserted after insert on outbox for each statement execute function notify_outbox();
    -- Work that was put off is due at another time now: whoever sleeps until the next piece must hear of it.
    create trigger outbox_put_off after update on outbox for each row
      when (new.state = 'pending' and (old.state <> 'pending' or old.run_at <> new.run_at))
      execute function notify_outbox();
    create trigger inbox_inserted after insert on inbox for each statement execute function notify_outbox();

    create function notify_clock() returns trigger language plpgsql as $$
    begin
      perform pg_notify('steward_clock', new.offset_ms::text);
      return null;
    end $$;
    create trigger clock_moved after update on clock for each row execute function notify_clock();
  `.execute(db);
}
