import type { ColumnType, Generated } from 'kysely';
import type { RequestState } from './approvals.js';
import type { StagePolicy } from './policy/schema.js';
import type { SubjectKind } from './subject.js';

type Timestamp = ColumnType<Date, Date, Date>;
type NullableTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;
/** bigint: arrives as a string. */
type NullableBig = ColumnType<string | null, number | null | undefined, number | null>;

export type StageState = 'waiting' | 'open' | 'passed' | 'skipped' | 'ended';

export interface ApprovalTables {
  policy_version: {
    hash: string;
    sources: ColumnType<{ path: string; text: string }[], string, never>;
    previous_hash: string | null;
    loaded_at: Timestamp;
  };
  approval_request: {
    id: Generated<string>;
    kind: SubjectKind;
    subject_id: string;
    reference: string;
    requester_id: string;
    beneficiary_ids: string[];
    state: RequestState;
    policy_hash: string;
    rule: string;
    title: string;
    reason: Nullable<string>;
    ticket: Nullable<string>;
    /** What the ticket system said when it was asked; null where policy names none. */
    ticket_seen: Nullable<'there' | 'unknown'>;
    purpose_id: Nullable<string>;
    /** SHA-256 of the terms that were shown and accepted. */
    terms_hash: Nullable<string>;
    opened_at: Timestamp;
    expires_at: Timestamp;
    decided_at: NullableTimestamp;
    decided_by: Nullable<string>;
    decided_how: Nullable<'people' | 'policy' | 'break-glass'>;
    outcome_reason: Nullable<string>;
    /** Working time from asking to the decision, by the common calendar. */
    working_ms: NullableBig;
  };
  approval_stage: {
    request_id: string;
    idx: number;
    name: string;
    state: StageState;
    /** As pinned at asking; `replace` and `reassign` of an escalation change it. */
    policy: ColumnType<StagePolicy, string, string>;
    opened_at: NullableTimestamp;
    closed_at: NullableTimestamp;
    reminders: Generated<number>;
    escalated_at: NullableTimestamp;
  };
  approval_decision: {
    id: Generated<string>;
    request_id: string;
    stage: number;
    person_id: string;
    /** Whose part was given: the person, or whoever they stand in for. */
    principal_id: string;
    verdict: 'approve' | 'deny';
    reason: Nullable<string>;
    shorten_to_ms: NullableBig;
    at: Timestamp;
  };
  approval_notified: { request_id: string; stage: number; person_id: string; at: Timestamp };
  approval_handover: {
    request_id: string;
    stage: number;
    from_id: string;
    to_id: string;
    reason: string;
    at: Timestamp;
  };
  approval_delegation: {
    id: Generated<string>;
    from_id: string;
    to_id: string;
    starts_at: Timestamp;
    ends_at: Timestamp;
    reason: Nullable<string>;
    created_at: Timestamp;
    ended_at: NullableTimestamp;
  };
  /** What an approver pressed and has yet to confirm by a second sign-in. */
  approval_confirmation: {
    id: Generated<string>;
    request_id: string;
    stage: number;
    person_id: string;
    reason: Nullable<string>;
    shorten_to_ms: NullableBig;
    state: 'wanted' | 'started' | 'confirmed' | 'used' | 'refused';
    /** SHA-256 of the flow's `state` and of the browser's cookie; gone once the browser came back. */
    state_hash: Nullable<string>;
    browser_hash: Nullable<string>;
    nonce: Nullable<string>;
    code_verifier: Nullable<string>;
    issuer: Nullable<string>;
    created_at: Timestamp;
    expires_at: Timestamp;
    settled_at: NullableTimestamp;
  };
  approval_comment: { channel_id: string; ts: string; request_id: string; person_id: string; at: Timestamp };
  approval_break_glass: {
    request_id: string;
    person_id: string;
    minutes: number;
    reason: string;
    at: Timestamp;
    ends_at: Timestamp;
    review_team: string;
    /** Approvers who were passed over and told. */
    skipped: number;
    reviewed_by: Nullable<string>;
    reviewed_at: NullableTimestamp;
    verdict: Nullable<'justified' | 'not-justified'>;
    note: Nullable<string>;
  };
}
