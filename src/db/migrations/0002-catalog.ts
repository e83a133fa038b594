import { type Kysely, sql } from 'kysely';

/** Oldest code this level serves: 0.1.0. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table catalog_version (
      id int primary key check (id = 1),
      version bigint not null default 0,
      changed_at timestamptz
    );
    insert into catalog_version (id) values (1);

    create table catalog_source (
      name text primary key,
      type text not null,
      position int not null,
      info jsonb not null default '{}',
      warnings jsonb not null default '[]',
      unresolved jsonb not null default '[]',
      synced_at timestamptz,
      attempted_at timestamptz not null,
      error text,
      removed_at timestamptz
    );

    create table asset (
      id uuid primary key,
      source text not null references catalog_source (name),
      source_id text not null,
      kind text not null check (kind in ('metric', 'model', 'source', 'column', 'exposure', 'term', 'pipeline')),
      name text not null,
      draft jsonb not null,
      content_hash text not null,
      first_seen_at timestamptz not null,
      changed_at timestamptz not null,
      removed_at timestamptz,
      unique (source, source_id)
    );
    create index asset_listed on asset (kind, name, id) where removed_at is null;

    create table asset_edge (
      from_id uuid not null references asset (id),
      to_id uuid not null references asset (id),
      kind text not null check (kind in ('upstream', 'measures', 'exposes', 'runs')),
      primary key (from_id, to_id, kind)
    );
    create index asset_edge_to on asset_edge (to_id);

    create table asset_version (
      id bigint generated always as identity primary key,
      asset_id uuid not null references asset (id),
      number int not null,
      at timestamptz not null,
      change text not null check (change in ('created', 'meaning', 'schema', 'governance', 'wording', 'removed', 'restored')),
      breaking boolean not null default false,
      content_hash text not null,
      draft jsonb not null,
      changes jsonb not null default '[]',
      schema_changes jsonb not null default '[]',
      revision text,
      unique (asset_id, number)
    );
    create index asset_version_recent on asset_version (at desc, id desc);

    create table signal (
      id bigint generated always as identity primary key,
      asset_id uuid not null references asset (id),
      type text not null check (type in ('test', 'freshness', 'run', 'tie-out', 'usage', 'volume')),
      name text not null,
      column_name text,
      status text not null check (status in ('pass', 'warn', 'fail', 'error', 'skipped', 'unknown')),
      observed_at timestamptz not null,
      loaded_at timestamptz,
      value double precision,
      unit text,
      message text,
      unique nulls not distinct (asset_id, type, name, column_name, observed_at, status)
    );
    create index signal_history on signal (asset_id, observed_at desc);

    create function notify_catalog() returns trigger language plpgsql as $$
    begin
      perform pg_notify('steward_catalog', new.version::text);
      return null;
    end $$;
    create trigger catalog_changed after update on catalog_version for each row execute function notify_catalog();
  `.execute(db);
}
