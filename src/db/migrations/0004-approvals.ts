import { type Kysely, sql } from 'kysely';

/** Oldest code this level serves: 0.1.0. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table policy_version (
      hash text primary key,
      sources jsonb not null,
      previous_hash text,
      loaded_at timestamptz not null
    );

    create table approval_request (
      id uuid primary key default gen_random_uuid(),
      kind text not null check (kind in ('access', 'access-extension', 'backfill', 'definition')),
      subject_id text not null,
      reference text not null,
      requester_id uuid not null references person (id),
      beneficiary_ids uuid[] not null default '{}',
      state text not null check (state in ('pending', 'approved', 'denied', 'withdrawn', 'expired', 'cancelled')),
      policy_hash text not null,
      rule text not null,
      title text not null,
      reason text,
      ticket text,
      purpose_id text,
      terms_hash text,
      opened_at timestamptz not null,
      expires_at timestamptz not null,
      decided_at timestamptz,
      decided_by uuid references person (id),
      decided_how text check (decided_how in ('people', 'policy', 'break-glass')),
      outcome_reason text,
      working_ms bigint,
      check ((state = 'pending') = (decided_at is null))
    );
    create unique index approval_request_pending on approval_request (kind, subject_id) where state = 'pending';
    create index approval_request_subject on approval_request (kind, subject_id, opened_at);
    create index approval_request_requester on approval_request (requester_id, opened_at);
    create index approval_request_open on approval_request (opened_at, id) where state = 'pending';
    create index approval_request_rule on approval_request (rule, decided_at) where state in ('approved', 'denied');
    create index approval_request_opened on approval_request (opened_at, id);

    create table approval_stage (
      request_id uuid not null references approval_request (id) on delete cascade,
      idx int not null,
      name text not null,
      state text not null check (state in ('waiting', 'open', 'passed', 'skipped', 'ended')),
      policy jsonb not null,
      opened_at timestamptz,
      closed_at timestamptz,
      reminders int not null default 0,
      escalated_at timestamptz,
      primary key (request_id, idx)
    );
    create unique index approval_stage_one_open on approval_stage (request_id) where state = 'open';

    create table approval_decision (
      id uuid primary key default gen_random_uuid(),
      request_id uuid not null references approval_request (id) on delete cascade,
      stage int not null,
      person_id uuid not null references person (id),
      principal_id uuid not null references person (id),
      verdict text not null check (verdict in ('approve', 'deny')),
      reason text,
      shorten_to_ms bigint,
      at timestamptz not null,
      unique (request_id, person_id),
      unique (request_id, principal_id)
    );
    create index approval_decision_person on approval_decision (person_id, at);
    create unique index approval_decision_one_denial on approval_decision (request_id) where verdict = 'deny';

    create table approval_notified (
      request_id uuid not null references approval_request (id) on delete cascade,
      stage int not null,
      person_id uuid not null references person (id),
      at timestamptz not null,
      primary key (request_id, stage, person_id)
    );
    create index approval_notified_person on approval_notified (person_id, at);

    create table approval_handover (
      request_id uuid not null references approval_request (id) on delete cascade,
      stage int not null,
      from_id uuid not null references person (id),
      to_id uuid not null references person (id),
      reason text not null,
      at timestamptz not null,
      primary key (request_id, stage, from_id)
    );

    create table approval_delegation (
      id uuid primary key default gen_random_uuid(),
      from_id uuid not null references person (id),
      to_id uuid not null references person (id),
      starts_at timestamptz not null,
      ends_at timestamptz not null,
      reason text,
      created_at timestamptz not null,
      ended_at timestamptz,
      check (from_id <> to_id),
      check (starts_at < ends_at)
    );
    create index approval_delegation_to on approval_delegation (to_id, ends_at) where ended_at is null;
    create index approval_delegation_from on approval_delegation (from_id, ends_at) where ended_at is null;

    create table approval_comment (
      channel_id text not null,
      ts text not null,
      request_id uuid not null references approval_request (id) on delete cascade,
      person_id uuid not null references person (id),
      at timestamptz not null,
      primary key (channel_id, ts)
    );
    create index approval_comment_request on approval_comment (request_id, at);

    create table approval_break_glass (
      request_id uuid primary key references approval_request (id) on delete cascade,
      person_id uuid not null references person (id),
      minutes int not null check (minutes > 0),
      reason text not null,
      at timestamptz not null,
      ends_at timestamptz not null,
      review_team text not null,
      skipped int not null,
      reviewed_by uuid references person (id),
      reviewed_at timestamptz,
      verdict text check (verdict in ('justified', 'not-justified')),
      note text,
      check ((reviewed_at is null) = (verdict is null))
    );
    create index approval_break_glass_person on approval_break_glass (person_id, ends_at);
    create index approval_break_glass_open on approval_break_glass (at) where reviewed_at is null;
  `.execute(db);
}
