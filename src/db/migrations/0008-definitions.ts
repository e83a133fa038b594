import { type Kysely, sql } from 'kysely';

/** Oldest code this level serves: 0.1.0. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table definition_change (
      id uuid primary key default gen_random_uuid(),
      number int generated always as identity unique,
      kind text not null check (kind in ('change', 'deprecate')),
      state text not null check (state in ('proposed', 'approved', 'in-source', 'denied', 'withdrawn', 'expired', 'cancelled')),
      asset_id uuid not null,
      asset_name text not null,
      present jsonb not null,
      proposed jsonb not null,
      successor_id uuid,
      successor text,
      last_day text check (last_day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
      reason text not null,
      effective_date text not null check (effective_date ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
      impact jsonb not null,
      requested_by uuid references person (id) on delete set null,
      view_id text not null unique,
      patch text,
      patch_file text,
      thread_permalink text,
      approved_at timestamptz,
      in_source_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      check ((kind = 'deprecate') = (last_day is not null))
    );
    create unique index definition_change_one_proposal on definition_change (asset_id) where state = 'proposed';
    create index definition_change_approved on definition_change (asset_id) where state = 'approved';
  `.execute(db);
}
