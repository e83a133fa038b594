import { type Kysely, sql } from 'kysely';

/**
 * Grants suspended while a data exposure is looked into, channels that are archived after their incident, drafts of reviews, tickets
 * that are read back. Oldest code this level serves: 0.1.0 (it never meets the new states unless newer code made them).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table access_request drop constraint access_request_state_check;
    alter table access_request add constraint access_request_state_check check (state in
      ('requested', 'approved', 'provisioning', 'active', 'suspending', 'suspended', 'revoking', 'ended'));
    create index access_request_held on access_request (asset_id) where state in ('suspending', 'suspended');

    create table access_hold (
      id uuid primary key default gen_random_uuid(),
      asset_id uuid not null,
      incident_id uuid not null,
      by uuid references person (id),
      reason text not null default '',
      started_at timestamptz not null,
      lifted_at timestamptz,
      lifted_by uuid references person (id)
    );
    create unique index access_hold_live on access_hold (asset_id, incident_id) where lifted_at is null;
    create index access_hold_incident on access_hold (incident_id);

    alter table incident drop constraint incident_channel_state_check;
    alter table incident add constraint incident_channel_state_check check (channel_state in
      ('none', 'wanted', 'ready', 'gone', 'archived'));
    alter table incident add column review_draft jsonb;

    alter table incident_link add column checked_at timestamptz;
    alter table incident_link add column task_id uuid references incident_task (id) on delete cascade;
  `.execute(db);
}
