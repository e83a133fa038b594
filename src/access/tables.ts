import type { ColumnType, Generated } from 'kysely';
import type { Probe, ProbeSource } from './provisioners/provisioner.js';

type Timestamp = ColumnType<Date, Date, Date>;
type NullableTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;
/** bigint: arrives as a string. */
type Big = ColumnType<string, number, number>;
type Json<T> = ColumnType<T, string, string>;
type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>;

export const accessLevels = ['read', 'masked', 'write'] as const;
export type AccessLevel = (typeof accessLevels)[number];
export type AccessState =
  | 'requested'
  | 'approved'
  | 'provisioning'
  | 'active'
  | 'suspending'
  | 'suspended'
  | 'revoking'
  | 'ended';
export type EndingHow = 'expired' | 'returned' | 'revoked';
export type EndedHow = EndingHow | 'denied' | 'withdrawn' | 'lapsed' | 'cancelled' | 'failed';

export interface AccessTables {
  /** What somebody can hold: a login's level on a relation, or on some of its columns. Several requests may stand on one. */
  access_right: {
    id: Generated<string>;
    key: string;
    /** Same login and relation: rights that can disturb one another. */
    object_key: string;
    warehouse: string;
    login: string;
    relation: string;
    level: AccessLevel;
    columns: string[];
    person_id: Nullable<string>;
    /** What had to be granted with it and is taken back with the last right that needs it: `usage on schema finance`. */
    companions: ColumnType<string[], string | undefined, string>;
    probe: NullableJson<Probe>;
    probed_at: NullableTimestamp;
    created_at: Timestamp;
  };
  access_request: {
    id: Generated<string>;
    /** `ACC-<number>`. */
    number: Generated<number>;
    batch_id: string;
    view_id: Nullable<string>;
    view_index: number;
    requester_id: string;
    beneficiary_kind: 'self' | 'person' | 'service';
    beneficiary_id: string;
    asset_id: string;
    asset_name: string;
    right_id: string;
    level: AccessLevel;
    columns: string[];
    duration_ms: Big;
    wanted_start: NullableTimestamp;
    wanted_end: NullableTimestamp;
    state: AccessState;
    ended_how: Nullable<EndedHow>;
    ended_reason: Nullable<string>;
    rule: Nullable<string>;
    policy_hash: Nullable<string>;
    how: Nullable<'people' | 'policy' | 'break-glass'>;
    created_at: Timestamp;
    approved_at: NullableTimestamp;
    starts_at: NullableTimestamp;
    ends_at: NullableTimestamp;
    active_at: NullableTimestamp;
    ended_at: NullableTimestamp;
    ending_how: Nullable<EndingHow>;
    ending_reason: Nullable<string>;
    ending_by: Nullable<string>;
    extensions: Generated<number>;
    /** Why the warehouse's side is not done yet, in words; null when all is well. */
    trouble: Nullable<string>;
    trouble_since: NullableTimestamp;
    /** What access a revoke left, and where it comes from. */
    remains: NullableJson<ProbeSource[]>;
  };
  access_extension: {
    id: Generated<string>;
    request_id: string;
    asked_by: string;
    by_ms: Big;
    until: Timestamp;
    reason: Nullable<string>;
    state: 'requested' | 'granted' | 'refused';
    created_at: Timestamp;
    decided_at: NullableTimestamp;
  };
  access_event: {
    id: Generated<string>;
    request_id: string;
    at: Timestamp;
    kind: string;
    detail: Json<Record<string, unknown>>;
  };
  access_task: {
    id: Generated<string>;
    request_id: string;
    kind: 'grant' | 'revoke';
    team: string;
    state: 'open' | 'done' | 'dropped';
    created_at: Timestamp;
    done_at: NullableTimestamp;
    done_by: Nullable<string>;
  };
  /** Nobody may use what was granted on this asset while an incident is looked into. */
  access_hold: {
    id: Generated<string>;
    asset_id: string;
    incident_id: string;
    by: Nullable<string>;
    reason: ColumnType<string, string | undefined, string>;
    started_at: Timestamp;
    lifted_at: NullableTimestamp;
    lifted_by: Nullable<string>;
  };
  access_drift: {
    id: Generated<string>;
    key: string;
    kind: 'vanished' | 'foreign';
    warehouse: string;
    relation: string;
    login: string;
    asset_id: Nullable<string>;
    right_id: Nullable<string>;
    detail: Json<Record<string, unknown>>;
    found_at: Timestamp;
    seen_at: Timestamp;
    resolved_at: NullableTimestamp;
    resolution: Nullable<'repaired' | 'removed' | 'gone' | 'accepted'>;
  };
  access_campaign: {
    id: Generated<string>;
    name: string;
    policy_hash: string;
    started_at: Timestamp;
    deadline: Timestamp;
    on_silence: 'keep' | 'revoke';
    closed_at: NullableTimestamp;
  };
  access_campaign_item: {
    campaign_id: string;
    request_id: string;
    owner_id: string;
    last_used_at: NullableTimestamp;
    decision: Nullable<'keep' | 'revoke'>;
    decided_by: Nullable<string>;
    decided_at: NullableTimestamp;
    by_silence: Generated<boolean>;
  };
}
