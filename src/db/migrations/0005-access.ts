import { type Kysely, sql } from 'kysely';

/** Oldest code this level serves: 0.1.0. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table access_right (
      id uuid primary key default gen_random_uuid(),
      key text not null unique,
      object_key text not null,
      warehouse text not null,
      login text not null,
      relation text not null,
      level text not null check (level in ('read', 'masked', 'write')),
      columns text[] not null default '{}',
      person_id uuid references person (id),
      companions jsonb not null default '[]',
      probe jsonb,
      probed_at timestamptz,
      created_at timestamptz not null
    );
    create index access_right_object on access_right (object_key);
    create index access_right_relation on access_right (warehouse, relation);

    create table access_request (
      id uuid primary key default gen_random_uuid(),
      number int generated always as identity unique,
      batch_id uuid not null,
      view_id text,
      view_index int not null default 0,
      requester_id uuid not null references person (id),
      beneficiary_kind text not null check (beneficiary_kind in ('self', 'person', 'service')),
      beneficiary_id uuid not null references person (id),
      asset_id uuid not null,
      asset_name text not null,
      right_id uuid not null references access_right (id),
      level text not null check (level in ('read', 'masked', 'write')),
      columns text[] not null default '{}',
      duration_ms bigint not null check (duration_ms > 0),
      wanted_start timestamptz,
      wanted_end timestamptz,
      state text not null check (state in ('requested', 'approved', 'provisioning', 'active', 'revoking', 'ended')),
      ended_how text check (ended_how in ('denied', 'withdrawn', 'lapsed', 'cancelled', 'expired', 'returned', 'revoked', 'failed')),
      ended_reason text,
      rule text,
      policy_hash text,
      how text check (how in ('people', 'policy', 'break-glass')),
      created_at timestamptz not null,
      approved_at timestamptz,
      starts_at timestamptz,
      ends_at timestamptz,
      active_at timestamptz,
      ended_at timestamptz,
      ending_how text check (ending_how in ('expired', 'returned', 'revoked')),
      ending_reason text,
      ending_by uuid references person (id),
      extensions int not null default 0,
      trouble text,
      trouble_since timestamptz,
      remains jsonb,
      unique (view_id, view_index),
      check ((state = 'ended') = (ended_how is not null)),
      check (state not in ('approved', 'provisioning', 'active') or ends_at is not null)
    );
    create index access_request_requester on access_request (requester_id, number desc);
    create index access_request_beneficiary on access_request (beneficiary_id, number desc);
    create index access_request_right_live on access_request (right_id) where state in ('approved', 'provisioning', 'active', 'revoking');
    create index access_request_live on access_request (asset_id) where state in ('approved', 'provisioning', 'active', 'revoking');
    create index access_request_batch on access_request (batch_id);
    create index access_request_created on access_request (created_at, id);

    create table access_extension (
      id uuid primary key default gen_random_uuid(),
      request_id uuid not null references access_request (id) on delete cascade,
      asked_by uuid not null references person (id),
      by_ms bigint not null check (by_ms > 0),
      until timestamptz not null,
      reason text,
      state text not null check (state in ('requested', 'granted', 'refused')),
      created_at timestamptz not null,
      decided_at timestamptz
    );
    create unique index access_extension_open on access_extension (request_id) where state = 'requested';
    create index access_extension_request on access_extension (request_id, created_at);

    create table access_event (
      id bigint generated always as identity primary key,
      request_id uuid not null references access_request (id) on delete cascade,
      at timestamptz not null,
      kind text not null,
      detail jsonb not null default '{}'
    );
    create index access_event_request on access_event (request_id, id);

    create table access_task (
      id uuid primary key default gen_random_uuid(),
      request_id uuid not null references access_request (id) on delete cascade,
      kind text not null check (kind in ('grant', 'revoke')),
      team text not null,
      state text not null check (state in ('open', 'done', 'dropped')),
      created_at timestamptz not null,
      done_at timestamptz,
      done_by uuid references person (id),
      unique (request_id, kind)
    );
    create index access_task_open on access_task (team, created_at) where state = 'open';

    create table access_drift (
      id uuid primary key default gen_random_uuid(),
      key text not null,
      kind text not null check (kind in ('vanished', 'foreign')),
      warehouse text not null,
      relation text not null,
      login text not null,
      asset_id uuid,
      right_id uuid references access_right (id),
      detail jsonb not null default '{}',
      found_at timestamptz not null,
      seen_at timestamptz not null,
      resolved_at timestamptz,
      resolution text check (resolution in ('repaired', 'removed', 'gone', 'accepted'))
    );
    create unique index access_drift_open on access_drift (key) where resolved_at is null;

    create table access_campaign (
      id uuid primary key default gen_random_uuid(),
      name text not null,
      policy_hash text not null,
      started_at timestamptz not null,
      deadline timestamptz not null,
      on_silence text not null check (on_silence in ('keep', 'revoke')),
      closed_at timestamptz,
      unique (name, started_at)
    );
    create unique index access_campaign_open on access_campaign (name) where closed_at is null;

    create table access_campaign_item (
      campaign_id uuid not null references access_campaign (id) on delete cascade,
      request_id uuid not null references access_request (id) on delete cascade,
      owner_id uuid not null references person (id),
      last_used_at timestamptz,
      decision text check (decision in ('keep', 'revoke')),
      decided_by uuid references person (id),
      decided_at timestamptz,
      by_silence boolean not null default false,
      primary key (campaign_id, request_id)
    );
    create index access_campaign_item_owner on access_campaign_item (owner_id, campaign_id);
  `.execute(db);
}
