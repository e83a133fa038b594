import { type Kysely, sql } from 'kysely';

/** Oldest code this level serves: 0.1.0. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create sequence incident_number as int;
    create table incident (
      id uuid primary key default gen_random_uuid(),
      number int not null unique default nextval('incident_number'),
      state text not null check (state in
        ('triage', 'investigating', 'identified', 'monitoring', 'resolved', 'closed', 'declined', 'cancelled', 'merged')),
      severity text not null,
      kind text not null default 'incident' check (kind in ('incident', 'data_exposure')),
      title text not null,
      summary text not null default '',
      private boolean not null default false,
      drill boolean not null default false,
      cause text,
      fixed_by text,
      fingerprint text,
      runbook text,
      declared_by uuid,
      declared_via text not null,
      delivery_key text unique,
      state_reason text,
      merged_into uuid references incident (id),
      channel_id text,
      channel_name text,
      channel_state text not null default 'none' check (channel_state in ('none', 'wanted', 'ready', 'gone')),
      started_at timestamptz,
      detected_at timestamptz,
      declared_at timestamptz,
      acknowledged_at timestamptz,
      identified_at timestamptz,
      mitigated_at timestamptz,
      resolved_at timestamptz,
      closed_at timestamptz,
      last_update_at timestamptz,
      next_update_at timestamptz,
      reminders_snoozed_until timestamptz,
      healthy_since timestamptz,
      radius_version text,
      review_summary text,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create index incident_open on incident (number desc)
      where state in ('triage', 'investigating', 'identified', 'monitoring', 'resolved');
    create index incident_channel on incident (channel_id) where channel_id is not null;
    create index incident_declared on incident (declared_at) where declared_at is not null;

    create table incident_asset (
      incident_id uuid not null references incident (id) on delete cascade,
      asset_id uuid not null,
      relation text not null check (relation in ('direct', 'downstream')),
      kind text not null,
      name text not null,
      tier int,
      distance int not null,
      via_id uuid,
      owners jsonb not null default '[]',
      consumers int not null default 0,
      added_at timestamptz not null,
      primary key (incident_id, asset_id)
    );
    create index incident_asset_asset on incident_asset (asset_id);

    create table incident_member (
      incident_id uuid not null references incident (id) on delete cascade,
      person_id uuid not null references person (id) on delete cascade,
      how text not null,
      joined boolean not null default true,
      subscribed boolean not null default false,
      invited_at timestamptz,
      invite_error text,
      added_at timestamptz not null,
      primary key (incident_id, person_id)
    );
    create index incident_member_person on incident_member (person_id);
    create table incident_role (
      incident_id uuid not null references incident (id) on delete cascade,
      role text not null check (role in ('lead', 'comms', 'scribe')),
      person_id uuid not null references person (id) on delete cascade,
      assigned_by uuid,
      assigned_at timestamptz not null,
      primary key (incident_id, role)
    );

    create table incident_event (
      id uuid primary key default gen_random_uuid(),
      incident_id uuid not null references incident (id) on delete cascade,
      at timestamptz not null,
      kind text not null,
      text text not null,
      actor_id uuid,
      link text,
      origin text not null check (origin in ('auto', 'emoji', 'command')),
      source_key text,
      data jsonb not null default '{}',
      hidden boolean not null default false,
      created_at timestamptz not null,
      unique (incident_id, source_key)
    );
    create index incident_event_time on incident_event (incident_id, at, id);

    create table incident_task (
      id uuid primary key default gen_random_uuid(),
      incident_id uuid not null references incident (id) on delete cascade,
      number int not null,
      kind text not null check (kind in ('task', 'follow_up', 'checklist', 'action')),
      action text check (action in ('rollback', 'hotfix', 'backfill', 'other')),
      title text not null,
      owner_id uuid,
      due_at timestamptz,
      state text not null default 'open' check (state in ('open', 'done', 'dropped')),
      link text,
      source_key text,
      external jsonb,
      created_by uuid,
      done_by uuid,
      done_at timestamptz,
      reminded_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (incident_id, number),
      unique (incident_id, source_key)
    );
    create index incident_task_due on incident_task (due_at) where state = 'open';

    create table incident_update (
      id uuid primary key default gen_random_uuid(),
      incident_id uuid not null references incident (id) on delete cascade,
      number int not null,
      at timestamptz not null,
      by uuid,
      wrong text not null,
      do_not_use text,
      use_instead text,
      eta timestamptz,
      next_update_at timestamptz,
      for_consumers boolean not null default true,
      delivery_key text unique,
      unique (incident_id, number)
    );

    create table alert_group (
      id uuid primary key default gen_random_uuid(),
      key text not null,
      incident_id uuid references incident (id),
      state text not null check (state in ('open', 'merged')),
      status text not null check (status in ('firing', 'recovered')),
      title text not null,
      root_asset_id uuid,
      suspect_asset_id uuid,
      because text not null,
      fingerprint text not null,
      alerts int not null,
      flaps int not null,
      first_at timestamptz not null,
      last_at timestamptz not null,
      merged_into uuid references alert_group (id),
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create index alert_group_recent on alert_group (last_at) where state = 'open';
    create index alert_group_incident on alert_group (incident_id);
    create table alert (
      id text primary key,
      group_id uuid references alert_group (id),
      source text not null,
      endpoint text not null,
      fingerprint text not null,
      status text not null check (status in ('firing', 'resolved')),
      kind text not null,
      severity text not null,
      title text not null,
      description text not null,
      url text,
      asset_id uuid,
      hint jsonb,
      column_name text,
      owners jsonb not null,
      labels jsonb not null,
      at timestamptz not null,
      data_since timestamptz,
      run text,
      seen int not null default 1,
      muted boolean not null default false,
      received_at timestamptz not null
    );
    create index alert_time on alert (at);
    create index alert_fingerprint on alert (fingerprint, at);
    create index alert_group_of on alert (group_id);

    create table alert_endpoint (
      key text primary key,
      last_at timestamptz not null,
      silent_since timestamptz
    );
    create table mute (
      id uuid primary key default gen_random_uuid(),
      asset_id uuid,
      fingerprint text,
      label text not null,
      reason text not null,
      planned boolean not null default false,
      source_key text unique,
      by uuid,
      starts_at timestamptz not null,
      until timestamptz not null,
      ended_at timestamptz,
      created_at timestamptz not null,
      check (asset_id is not null or fingerprint is not null)
    );
    create index mute_live on mute (until) where ended_at is null;

    create table asset_asked (
      asset_id uuid not null,
      person_id uuid not null references person (id) on delete cascade,
      asked_at timestamptz not null,
      primary key (asset_id, person_id)
    );

    create table incident_rule_firing (
      incident_id uuid not null references incident (id) on delete cascade,
      rule text not null,
      occasion text not null,
      at timestamptz not null,
      result text not null default '',
      primary key (incident_id, rule, occasion)
    );
    create table incident_page (
      id uuid primary key default gen_random_uuid(),
      incident_id uuid not null references incident (id) on delete cascade,
      pager text not null,
      dedup_key text not null unique,
      reason text not null,
      team_id text,
      state text not null check (state in ('wanted', 'sent', 'acknowledged', 'resolved', 'failed')),
      last_error text,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create table incident_link (
      id uuid primary key default gen_random_uuid(),
      incident_id uuid not null references incident (id) on delete cascade,
      kind text not null,
      title text not null,
      url text,
      system text,
      external_id text,
      written_hash text,
      external_state text,
      by uuid,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create unique index incident_link_external on incident_link (system, external_id) where external_id is not null;
    create index incident_link_incident on incident_link (incident_id);
  `.execute(db);
}
