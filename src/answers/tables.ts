import type { ColumnType, Generated } from 'kysely';
import type { Outcome } from './answer-types.js';

type Timestamp = ColumnType<Date, Date, Date>;
type NullableTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;

export const gapTypes = ['missing', 'incorrect', 'conflicting', 'stale'] as const;
export type GapType = (typeof gapTypes)[number];
export type GapState = 'open' | 'assigned' | 'planned' | 'closed' | 'dismissed';
/** Kinds of things that somebody may wish for. */
export const wishes = ['metric', 'dataset', 'source'] as const;
export type Wish = (typeof wishes)[number];
export const gapStages = ['accepted', 'designing', 'building', 'in-review'] as const;
export type GapStage = (typeof gapStages)[number];
export const feedbackReasons = ['wrong-thing', 'wrong-answer', 'outdated', 'unclear'] as const;
export type FeedbackReason = (typeof feedbackReasons)[number];
export type AliasState = 'proposed' | 'accepted' | 'rejected';

export interface AnswerTables {
  /** What was asked, written in batches. The words are erased by retention, the counts stay. */
  question: {
    id: Generated<string>;
    at: Timestamp;
    person_id: string | null;
    surface: string;
    text: Nullable<string>;
    /** The words that carry meaning, folded: equal for equal questions. */
    folded: string;
    intent: string;
    outcome: Outcome;
    asset_id: Nullable<string>;
    use: string;
    ms: number;
  };
  /** Last one wins, per person and asset. */
  answer_feedback: {
    person_id: string;
    asset_id: string;
    helpful: boolean;
    reason: Nullable<FeedbackReason>;
    at: Timestamp;
  };
  /** Something the catalog could not say, or said wrong. One live row per type and folded words. */
  gap: {
    id: Generated<string>;
    type: GapType;
    folded: string;
    title: string;
    asset_id: Nullable<string>;
    state: ColumnType<GapState, GapState | undefined, GapState>;
    /** A wish for something new. */
    wish: Nullable<Wish>;
    /** How far something new is, once somebody took it on. */
    stage: Nullable<GapStage>;
    owner_id: Nullable<string>;
    /** ISO date. */
    promised_on: Nullable<string>;
    /** How often it was asked. */
    demand: Generated<number>;
    tier: Nullable<number>;
    first_at: Timestamp;
    last_at: Timestamp;
    closed_at: NullableTimestamp;
    closed_by: Nullable<string>;
    resolution: Nullable<string>;
    resolved_asset_id: Nullable<string>;
  };
  gap_asker: { gap_id: string; person_id: string; at: Timestamp; wants_notice: Generated<boolean> };
  /** A name that people use: proposed by a confirmed ask-back, in force once the owner accepts it. */
  alias: {
    id: Generated<string>;
    asset_id: string;
    text: string;
    folded: string;
    state: ColumnType<AliasState, AliasState | undefined, AliasState>;
    confirmations: Generated<number>;
    proposed_by: Nullable<string>;
    proposed_at: Timestamp;
    decided_by: Nullable<string>;
    decided_at: NullableTimestamp;
  };
  /** A question whose right answer is known, asked again after every sync. */
  golden_question: {
    id: Generated<string>;
    question: string;
    asset_id: string;
    created_at: Timestamp;
    checked_at: NullableTimestamp;
    passed: Nullable<boolean>;
    /** When its owner was last told that it is answered wrongly. */
    told_at: NullableTimestamp;
  };
}
