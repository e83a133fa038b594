import type { KnownBlock } from '@slack/types';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';

type Timestamp = ColumnType<Date, Date, Date>;
type NullableTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Json = JSONColumnType<Record<string, unknown>, string, string>;

/** bigint keys arrive as strings from the driver; they are ids, never numbers to compute with. */
type BigId = Generated<string>;

export interface FoundationTables {
  /** The one message in the agent view that an answer is told in bit by bit; `ts` is null until Slack said where it is. */
  reply_stream: { delivery_key: string; channel_id: string; ts: string | null; created_at: Timestamp };
  clock: { id: number; offset_ms: ColumnType<string, number, number>; demo: boolean };
  setting: { key: string; value: JSONColumnType<unknown & object, string, string>; updated_at: Timestamp };
  person: {
    id: Generated<string>;
    email: string | null;
    slack_id: string | null;
    name: string;
    time_zone: string | null;
    manager_id: string | null;
    kind: 'member' | 'guest' | 'bot' | 'operator' | 'service';
    status: 'active' | 'left' | 'erased';
    /** Which source said so last: `config`, `slack`, `csv`, `seen`. */
    origin: string;
    created_at: Timestamp;
    updated_at: Timestamp;
  };
  team: {
    id: string;
    name: string;
    slack_usergroup: string | null;
    calendar: Json | null;
    updated_at: Timestamp;
  };
  team_member: { team_id: string; person_id: string };
  person_warehouse: { person_id: string; warehouse: string; login: string };
  inbox: {
    id: BigId;
    key: string;
    transport: 'http' | 'socket' | 'webhook';
    kind: string;
    body: JSONColumnType<Record<string, unknown>, string, string>;
    state: ColumnType<InboxState, InboxState | undefined, InboxState>;
    attempts: Generated<number>;
    run_at: Timestamp;
    received_at: Timestamp;
    finished_at: NullableTimestamp;
    last_error: string | null;
  };
  outbox: {
    id: BigId;
    kind: string;
    queue: QueueName;
    key: string;
    lane: string | null;
    payload: Json;
    state: ColumnType<OutboxState, OutboxState | undefined, OutboxState>;
    attempts: Generated<number>;
    max_attempts: Generated<number>;
    run_at: Timestamp;
    queued_at: NullableTimestamp;
    created_at: Timestamp;
    finished_at: NullableTimestamp;
    last_error: string | null;
  };
  /** What a pager said about a team's rotation when it was last asked; `trouble` since then, if there is any. */
  on_call_look: {
    team_id: string;
    people: string[];
    looked_at: NullableTimestamp;
    trouble: string | null;
  };
  lane: {
    key: string;
    not_before: NullableTimestamp;
    locked_until: NullableTimestamp;
    fence: ColumnType<string, number | undefined, number>;
  };
  audit: {
    id: BigId;
    at: Timestamp;
    actor_id: string | null;
    actor_kind: ActorKind;
    channel: AuditChannel;
    action: string;
    subject_kind: string;
    subject_id: string;
    before: Json | null;
    after: Json | null;
    text_hash: string | null;
    xid: Generated<string>;
    seal_seq: string | null;
    seal_mac: string | null;
  };
  /** Erasable words of an audit row: JSON, kept as written because its salted hash is in the chain. */
  audit_text: { audit_id: string; salt: string; text: string };
  audit_head: { id: Generated<number>; seal_seq: string; seal_mac: string; at: Timestamp };
  /** Where the chain begins since old rows were deleted: one row at most, written by `purge_audit` only. */
  audit_purge: {
    id: number;
    through_seq: string;
    through_mac: string;
    /** Newest of the deleted rows. */
    through_at: Timestamp;
    at: Timestamp;
    seal_mac: string;
  };
  slack_message: {
    id: Generated<string>;
    key: string;
    card_kind: string;
    card_id: string;
    variant: string;
    /** A channel id, or null while only the person is known. */
    channel_id: string | null;
    person_id: string | null;
    /** `key` of the message in whose thread this one stands. */
    thread_key: string | null;
    ts: string | null;
    permalink: string | null;
    content_hash: string | null;
    /** Set before the API call: when it is still set without a \`ts\`, an answer was lost and the channel is searched first. */
    sending_at: NullableTimestamp;
    state: ColumnType<'wanted' | 'sent' | 'gone', 'wanted' | undefined, 'wanted' | 'sent' | 'gone'>;
    gone_reason: string | null;
    /** Of a notice (src/notices/): what its reader can stop. */
    topic: ColumnType<string | null, string | null | undefined, string | null>;
    created_at: Timestamp;
    updated_at: Timestamp;
  };
  /** Accounts of programs, as steward.yml names them; each is a row of `person` too. */
  service_account: {
    person_id: string;
    id: string;
    teams: ColumnType<string[], string[] | undefined, string[]>;
  };
  service_account_person: { account_id: string; person_id: string };
  slack_file: { key: string; message_id: string; file_id: string | null; created_at: Timestamp };
  /** An answer to one delivery, kept so that it is posted once and can be shared. */
  reply: {
    id: Generated<string>;
    delivery_key: string;
    person_id: string | null;
    channel_id: string | null;
    text: string;
    blocks: JSONColumnType<KnownBlock[], string, string>;
    created_at: Timestamp;
  };
  /** What incidents and backfills say about assets, in their own transaction; everyone else reads only this. */
  asset_notice: {
    id: Generated<string>;
    asset_id: string;
    kind: 'incident' | 'backfill' | 'planned';
    subject_id: string;
    /** What people see: `INC-12`, `BF-3`. */
    reference: string;
    /** Whether the asset itself is broken or only stands downstream of what is. */
    relation: 'direct' | 'downstream';
    level: 'do_not_use' | 'caution' | 'info';
    /** A private incident: answers show a neutral notice without reference and words. */
    private: boolean;
    summary: string;
    use_instead: string | null;
    eta: NullableTimestamp;
    starts_at: Timestamp;
    ends_at: NullableTimestamp;
    updated_at: Timestamp;
  };
}

export type InboxState = 'received' | 'done' | 'failed';
export type OutboxState = 'pending' | 'queued' | 'done' | 'dead';
export type QueueName = 'slack' | 'work' | 'io';
export type ActorKind = 'person' | 'operator' | 'policy' | 'schedule' | 'system';
/** `web`: the page of a second confirmation. */
export type AuditChannel = 'slack' | 'cli' | 'policy' | 'schedule' | 'webhook' | 'web';
