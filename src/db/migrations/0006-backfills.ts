import { type Kysely, sql } from 'kysely';

/** Oldest code this level serves: 0.1.0. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table backfill (
      id uuid primary key default gen_random_uuid(),
      number int generated always as identity unique,
      state text not null check (state in ('requested', 'waiting', 'running', 'paused', 'halted', 'cancelling', 'verifying',
        'succeeded', 'failed', 'cancelled', 'declined', 'withdrawn', 'expired', 'joined')),
      asset_id uuid not null,
      asset_name text not null,
      executor text not null,
      pipeline text not null,
      grain text not null check (grain in ('hour', 'day', 'month')),
      time_zone text not null,
      requested_by uuid references person (id) on delete set null,
      request_key text not null unique,
      window_text text not null,
      window_from timestamptz not null,
      window_to timestamptz not null check (window_to > window_from),
      partitions int not null check (partitions > 0),
      reprocess text not null check (reprocess in ('missing', 'failed', 'all')),
      direction text not null check (direction in ('forward', 'backward')),
      concurrency int not null check (concurrency > 0),
      stop_after int not null check (stop_after > 0),
      depends_on_past boolean not null,
      reason text not null,
      incident_id text,
      preview jsonb not null,
      preview_hash text not null,
      rule text,
      approval_id uuid,
      joined_to uuid references backfill (id),
      waits_for uuid references backfill (id),
      hold text,
      epoch int not null default 0,
      started_at timestamptz,
      counted_from timestamptz,
      finished_at timestamptz,
      eta timestamptz,
      shown_at timestamptz,
      shown_percent int not null default 0,
      reworked boolean not null default false,
      verification jsonb,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      check ((state = 'joined') = (joined_to is not null))
    );
    create index backfill_live on backfill (asset_id)
      where state in ('requested', 'waiting', 'running', 'paused', 'halted', 'cancelling', 'verifying');
    create index backfill_turn on backfill (state, number) where state in ('waiting', 'running');
    create index backfill_recent on backfill (number desc);
    create index backfill_by_person on backfill (requested_by, created_at);
    create index backfill_waits on backfill (waits_for) where waits_for is not null;
    create index backfill_joined on backfill (joined_to) where joined_to is not null;

    create table backfill_chunk (
      id uuid primary key default gen_random_uuid(),
      backfill_id uuid not null references backfill (id) on delete cascade,
      seq int not null,
      asset_id uuid not null,
      executor text not null,
      pipeline text not null,
      partition_keys text[] not null check (cardinality(partition_keys) > 0),
      range_from timestamptz not null,
      range_to timestamptz not null check (range_to > range_from),
      state text not null default 'pending' check (state in ('pending', 'starting', 'unknown', 'running', 'stalled', 'cancelling',
        'succeeded', 'failed', 'cancelled', 'skipped')),
      attempt int not null default 0,
      external_id text,
      external_url text,
      not_before timestamptz,
      claimed_at timestamptz,
      told_at timestamptz,
      started_at timestamptz,
      finished_at timestamptz,
      error text,
      log_url text,
      updated_at timestamptz not null,
      unique (backfill_id, seq)
    );
    create index backfill_chunk_active on backfill_chunk (executor, asset_id)
      where state in ('starting', 'unknown', 'running', 'stalled', 'cancelling');
    create index backfill_chunk_next on backfill_chunk (backfill_id, seq) where state = 'pending';

    create table backfill_partition (
      backfill_id uuid not null references backfill (id) on delete cascade,
      key text not null,
      range_from timestamptz not null,
      range_to timestamptz not null,
      rows_before bigint,
      rows_after bigint,
      primary key (backfill_id, key)
    );

    create table backfill_run (
      id uuid primary key default gen_random_uuid(),
      asset_id uuid not null,
      chunk_id uuid references backfill_chunk (id) on delete cascade,
      attempt int not null,
      partitions int not null,
      seconds double precision not null,
      rows bigint,
      outcome text not null check (outcome in ('succeeded', 'failed')),
      finished_at timestamptz not null,
      unique (chunk_id, attempt)
    );
    create index backfill_run_recent on backfill_run (asset_id, finished_at desc);

    create table backfill_event (
      id uuid primary key default gen_random_uuid(),
      backfill_id uuid not null references backfill (id) on delete cascade,
      kind text not null,
      text text not null,
      at timestamptz not null
    );
    create index backfill_event_of on backfill_event (backfill_id, at);

    create table backfill_watcher (
      backfill_id uuid not null references backfill (id) on delete cascade,
      person_id uuid not null references person (id) on delete cascade,
      primary key (backfill_id, person_id)
    );
  `.execute(db);
}
