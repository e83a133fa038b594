import { type Kysely, sql } from 'kysely';

/** Oldest code this level serves: 0.1.0. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- who wants to hear of an asset or of a whole domain; stopped: does not, even after having asked about it
    create table subscription (
      id uuid primary key default gen_random_uuid(),
      asset_id uuid,
      domain text,
      person_id uuid references person (id) on delete cascade,
      channel_id text,
      state text not null check (state in ('on', 'stopped')),
      created_by uuid references person (id) on delete set null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      check (num_nonnulls(asset_id, domain) = 1),
      check (num_nonnulls(person_id, channel_id) = 1),
      unique nulls not distinct (asset_id, domain, person_id, channel_id)
    );
    create index subscription_person on subscription (person_id) where person_id is not null;
    create index subscription_domain on subscription (domain) where domain is not null;

    create table release_note (
      id uuid primary key default gen_random_uuid(),
      domain text not null,
      state text not null check (state in ('draft', 'sent', 'dropped')),
      -- what its owner wrote above the list
      words text not null default '',
      created_at timestamptz not null,
      updated_at timestamptz not null,
      sent_at timestamptz,
      decided_by uuid references person (id) on delete set null
    );
    create unique index release_note_one_draft on release_note (domain) where state = 'draft';
    create table release_note_item (
      note_id uuid not null references release_note (id) on delete cascade,
      asset_id uuid not null,
      version int not null,
      change text not null,
      breaking boolean not null,
      -- left out by its owner
      omitted boolean not null default false,
      at timestamptz not null,
      primary key (note_id, asset_id, version)
    );

    alter table definition_change
      add column branch text,
      add column pull_request_url text,
      add column pull_request_error text;

    -- a day and not a moment: as text nothing shifts it by a time zone
    alter table gap alter column promised_on type text using promised_on::text;
    -- a wish for something new: how far it is
    alter table gap add column stage text check (stage in ('accepted', 'designing', 'building', 'in-review'));
    alter table golden_question add column told_at timestamptz;
    drop index gap_demand;
    create index gap_rank on gap (demand desc, (coalesce(tier, 9)), last_at desc, id) where state in ('open', 'assigned', 'planned');
    create index gap_owner on gap (owner_id) where state in ('open', 'assigned', 'planned');
  `.execute(db);
}
