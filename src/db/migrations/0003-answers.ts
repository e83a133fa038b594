import { type Kysely, sql } from 'kysely';

/** Oldest code this level serves: 0.1.0. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table question (
      id uuid primary key default gen_random_uuid(),
      at timestamptz not null,
      person_id uuid references person (id) on delete set null,
      surface text not null,
      -- erased after the time that retention says; counts stay
      text text,
      folded text not null,
      intent text not null,
      outcome text not null check (outcome in ('answered', 'ambiguous', 'unknown')),
      asset_id uuid,
      use text not null default 'general',
      ms real not null
    );
    create index question_recent on question (at desc, id);
    create index question_person on question (person_id, folded, at);
    create index question_asset on question (asset_id, at) where asset_id is not null;

    create table answer_feedback (
      person_id uuid not null references person (id) on delete cascade,
      asset_id uuid not null,
      helpful boolean not null,
      reason text check (reason in ('wrong-thing', 'wrong-answer', 'outdated', 'unclear')),
      at timestamptz not null,
      primary key (person_id, asset_id)
    );
    create index answer_feedback_asset on answer_feedback (asset_id, at);

    create table gap (
      id uuid primary key default gen_random_uuid(),
      type text not null check (type in ('missing', 'incorrect', 'conflicting', 'stale')),
      folded text not null,
      title text not null,
      asset_id uuid,
      state text not null default 'open' check (state in ('open', 'assigned', 'planned', 'closed', 'dismissed')),
      wish text check (wish in ('metric', 'dataset', 'source')),
      owner_id uuid references person (id) on delete set null,
      promised_on date,
      demand int not null default 1,
      tier int,
      first_at timestamptz not null,
      last_at timestamptz not null,
      closed_at timestamptz,
      closed_by uuid references person (id) on delete set null,
      resolution text,
      resolved_asset_id uuid
    );
    create unique index gap_live on gap (type, folded) where state in ('open', 'assigned', 'planned');
    create index gap_demand on gap (demand desc, last_at desc, id) where state in ('open', 'assigned', 'planned');
    create table gap_asker (
      gap_id uuid not null references gap (id) on delete cascade,
      person_id uuid not null references person (id) on delete cascade,
      at timestamptz not null,
      wants_notice boolean not null default true,
      primary key (gap_id, person_id)
    );

    create table alias (
      id uuid primary key default gen_random_uuid(),
      asset_id uuid not null,
      text text not null,
      folded text not null,
      state text not null default 'proposed' check (state in ('proposed', 'accepted', 'rejected')),
      confirmations int not null default 1,
      proposed_by uuid references person (id) on delete set null,
      proposed_at timestamptz not null,
      decided_by uuid references person (id) on delete set null,
      decided_at timestamptz
    );
    create unique index alias_accepted on alias (folded) where state = 'accepted';
    create unique index alias_once on alias (asset_id, folded);
    create index alias_asset on alias (asset_id, state);

    create table golden_question (
      id uuid primary key default gen_random_uuid(),
      question text not null unique,
      asset_id uuid not null,
      created_at timestamptz not null,
      checked_at timestamptz,
      passed boolean
    );
  `.execute(db);
}
