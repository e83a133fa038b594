import type { ColumnType, Generated, JSONColumnType } from 'kysely';

type Time = ColumnType<Date, Date, Date>;
type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Maybe<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>;
type Defaulted<Value> = ColumnType<Value, Value | undefined, Value>;
type Json<Value extends object> = JSONColumnType<Value, string, string>;

export type IncidentState =
  | 'triage'
  | 'investigating'
  | 'identified'
  | 'monitoring'
  | 'resolved'
  | 'closed'
  | 'declined'
  | 'cancelled'
  | 'merged';
/** Sentences with the numbers of the timeline's entries they rest on. */
export interface ReviewDraft {
  at: string;
  sentences: { text: string; cites: string[] }[];
}
export type RoleName = 'lead' | 'comms' | 'scribe';
export type TaskKind = 'task' | 'follow_up' | 'checklist' | 'action';

export interface IncidentTables {
  incident: {
    id: Generated<string>;
    number: Generated<number>;
    state: IncidentState;
    severity: string;
    kind: Defaulted<'incident' | 'data_exposure'>;
    title: string;
    summary: Defaulted<string>;
    private: Defaulted<boolean>;
    drill: Defaulted<boolean>;
    cause: Maybe<string>;
    fixed_by: Maybe<string>;
    fingerprint: Maybe<string>;
    runbook: Maybe<string>;
    declared_by: Maybe<string>;
    declared_via: string;
    /** What made it, once: a redelivered command or a group of alerts. */
    delivery_key: Maybe<string>;
    state_reason: Maybe<string>;
    merged_into: Maybe<string>;
    channel_id: Maybe<string>;
    channel_name: Maybe<string>;
    channel_state: Defaulted<'none' | 'wanted' | 'ready' | 'gone' | 'archived'>;
    /** When the data went bad, by the data's own timestamps. */
    started_at: MaybeTime;
    detected_at: MaybeTime;
    declared_at: MaybeTime;
    acknowledged_at: MaybeTime;
    identified_at: MaybeTime;
    mitigated_at: MaybeTime;
    resolved_at: MaybeTime;
    closed_at: MaybeTime;
    last_update_at: MaybeTime;
    next_update_at: MaybeTime;
    reminders_snoozed_until: MaybeTime;
    healthy_since: MaybeTime;
    /** Catalog version the blast radius was walked on. */
    radius_version: Maybe<string>;
    review_summary: Maybe<string>;
    /** What a model made of the timeline, and what each sentence rests on: a draft until somebody has read it. */
    review_draft: ColumnType<ReviewDraft | null, string | null | undefined, string | null>;
    created_at: Time;
    updated_at: Time;
  };
  incident_asset: {
    incident_id: string;
    asset_id: string;
    relation: 'direct' | 'downstream';
    kind: string;
    name: string;
    tier: Maybe<number>;
    distance: number;
    via_id: Maybe<string>;
    owners: Json<string[]>;
    consumers: Defaulted<number>;
    added_at: Time;
  };
  incident_member: {
    incident_id: string;
    person_id: string;
    how: string;
    joined: Defaulted<boolean>;
    subscribed: Defaulted<boolean>;
    invited_at: MaybeTime;
    invite_error: Maybe<string>;
    added_at: Time;
  };
  incident_role: {
    incident_id: string;
    role: RoleName;
    person_id: string;
    assigned_by: Maybe<string>;
    assigned_at: Time;
  };
  incident_event: {
    id: Generated<string>;
    incident_id: string;
    at: Time;
    kind: string;
    text: string;
    actor_id: Maybe<string>;
    link: Maybe<string>;
    origin: 'auto' | 'emoji' | 'command';
    /** Where it came from, once per incident: `<channel>:<ts>` of a message. */
    source_key: Maybe<string>;
    data: ColumnType<Record<string, unknown>, string | undefined, string>;
    hidden: Defaulted<boolean>;
    created_at: Time;
  };
  incident_task: {
    id: Generated<string>;
    incident_id: string;
    number: number;
    kind: TaskKind;
    action: Maybe<'rollback' | 'hotfix' | 'backfill' | 'other'>;
    title: string;
    owner_id: Maybe<string>;
    due_at: MaybeTime;
    state: Defaulted<'open' | 'done' | 'dropped'>;
    link: Maybe<string>;
    source_key: Maybe<string>;
    external: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
    created_by: Maybe<string>;
    done_by: Maybe<string>;
    done_at: MaybeTime;
    reminded_at: MaybeTime;
    created_at: Time;
    updated_at: Time;
  };
  incident_update: {
    id: Generated<string>;
    incident_id: string;
    number: number;
    at: Time;
    by: Maybe<string>;
    wrong: string;
    do_not_use: Maybe<string>;
    use_instead: Maybe<string>;
    eta: MaybeTime;
    next_update_at: MaybeTime;
    for_consumers: Defaulted<boolean>;
    delivery_key: Maybe<string>;
  };
  alert_group: {
    id: Generated<string>;
    key: string;
    incident_id: Maybe<string>;
    state: 'open' | 'merged';
    status: 'firing' | 'recovered';
    title: string;
    root_asset_id: Maybe<string>;
    suspect_asset_id: Maybe<string>;
    because: string;
    fingerprint: string;
    alerts: number;
    flaps: number;
    /** What its checks say of how bad it is; null where it was grouped by older code. */
    severity: Maybe<string>;
    first_at: Time;
    last_at: Time;
    merged_into: Maybe<string>;
    created_at: Time;
    updated_at: Time;
  };
  alert: {
    id: string;
    group_id: Maybe<string>;
    source: string;
    endpoint: string;
    fingerprint: string;
    status: 'firing' | 'resolved';
    kind: string;
    severity: string;
    title: string;
    description: string;
    url: Maybe<string>;
    asset_id: Maybe<string>;
    hint: ColumnType<Record<string, string> | null, string | null, string | null>;
    column_name: Maybe<string>;
    owners: Json<string[]>;
    labels: Json<Record<string, string>>;
    at: Time;
    data_since: MaybeTime;
    run: Maybe<string>;
    /** How often it was delivered. */
    seen: Defaulted<number>;
    muted: Defaulted<boolean>;
    received_at: Time;
  };
  alert_endpoint: { key: string; last_at: Time; silent_since: MaybeTime };
  mute: {
    id: Generated<string>;
    asset_id: Maybe<string>;
    fingerprint: Maybe<string>;
    label: string;
    reason: string;
    planned: Defaulted<boolean>;
    source_key: Maybe<string>;
    by: Maybe<string>;
    starts_at: Time;
    until: Time;
    ended_at: MaybeTime;
    created_at: Time;
  };
  /** Who asked about an asset, and when last: its consumers. Written by the answers, read here. */
  asset_asked: { asset_id: string; person_id: string; asked_at: Time };
  incident_rule_firing: {
    incident_id: string;
    rule: string;
    occasion: string;
    at: Time;
    result: Defaulted<string>;
  };
  incident_page: {
    id: Generated<string>;
    incident_id: string;
    pager: string;
    dedup_key: string;
    reason: string;
    team_id: Maybe<string>;
    state: 'wanted' | 'sent' | 'acknowledged' | 'resolved' | 'failed';
    last_error: Maybe<string>;
    created_at: Time;
    updated_at: Time;
  };
  incident_link: {
    id: Generated<string>;
    incident_id: string;
    kind: string;
    title: string;
    url: Maybe<string>;
    /** Name of the tracker in steward.yml, for tickets. */
    system: Maybe<string>;
    external_id: Maybe<string>;
    /** Hash of what we wrote there last: our own writes coming back are no news. */
    written_hash: Maybe<string>;
    external_state: Maybe<string>;
    /** Why it could not be made or brought up to date at the last try. */
    last_error: Maybe<string>;
    /** When the tracker was last asked for news of it. */
    checked_at: MaybeTime;
    /** The task or follow-up that the ticket stands for; null: the incident itself. */
    task_id: Maybe<string>;
    by: Maybe<string>;
    created_at: Time;
    updated_at: Time;
  };
}
