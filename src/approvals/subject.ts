import type { Actor } from '../audit/record.js';
import type { OwnerRef } from '../catalog/asset.js';
import type { Db, Trx } from '../db/database.js';

/**
 * What the engine needs to know of the thing that asks: an access request, a backfill, a definition change. Every kind
 * registers one `Subject`; the engine calls it and knows nothing else about it.
 */
export type SubjectKind = 'access' | 'access-extension' | 'backfill' | 'definition';

/** What policy rules may look at. Read again at every decision, so that a new owner counts and a former one does not. */
export interface SubjectFacts {
  /** Which rules apply: an extension is judged by the rules for access. */
  policyKind: 'access' | 'backfill' | 'definition';
  /** One line for people: `read on finance.payouts for 7 days`. Never parsed. */
  title: string;
  /** `read`, `masked`, `write`; other kinds may leave it out. */
  level?: string;
  /** How long it is asked for, in milliseconds. */
  durationMs?: number;
  /** Tier of the asset, 1 is the most important; absent when nobody set one. */
  tier?: number;
  /** Labels of the asset itself. */
  classification: readonly string[];
  /** Columns asked for, where not all. Their labels then stand for the asset's. */
  columns: readonly { name: string; classification: readonly string[] }[];
  domain?: string;
  /** Name of the asset or pipeline as people know it, and as the warehouse does. */
  asset?: string;
  relation?: string;
  owners: readonly OwnerRef[];
  backupOwner?: OwnerRef;
  extension: boolean;
  /** Not everybody may know that it is there: no channel is told of it. */
  hidden?: boolean;
  /** Whatever else rules may ask about under `when.facts`: `partitions: 31`, `downstreamTier: 1`, `board: true`. */
  facts: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** People who gain by the approval, beside whoever asks. None of them may approve it. */
export interface Beneficiaries {
  kind: 'self' | 'person' | 'service';
  /** Person ids: the person it is for; for a service account its owners and members. */
  personIds: readonly string[];
}

export type EndedOutcome = 'denied' | 'withdrawn' | 'expired' | 'cancelled';

/** What happened to the request, as told to its subject. */
export interface SubjectEvent {
  requestId: string;
  subjectId: string;
  requesterId: string;
  actor: Actor;
  now: Date;
  /** Why: a reviewer's words, a rule's sentence; null when nobody said. */
  reason: string | null;
  /** Name of the policy rule that decided. */
  rule: string;
  policyHash: string;
}

export interface ApprovedEvent extends SubjectEvent {
  /** How it was approved; break-glass is marked in all reports. */
  how: 'people' | 'policy' | 'break-glass';
  /** An approver may shorten what was asked, in milliseconds; break-glass is cut to its maximum. */
  durationMs?: number;
}

export interface EndedEvent extends SubjectEvent {
  outcome: EndedOutcome;
}

/**
 * One kind of thing that is approved. All four functions run inside the engine's transaction: what they write commits or
 * vanishes with the decision. They must not talk to the outside; they `enqueue` instead.
 */
export interface Subject {
  kind: SubjectKind;
  /** For sentences: `access request`, `backfill`. */
  noun: string;
  /** Kind of card (src/slack/cards) that shows it; the engine posts and refreshes it by the subject's id. */
  cardKind: string;
  /**
   * Locks what the subject's own acts lock before they end an undecided request about it (`Approvals.cancel`): the engine then takes the
   * locks in the same order, and a decision and such an act never wait for each other.
   */
  lockFirst?: (trx: Trx, subjectId: string) => Promise<void>;
  facts: (trx: Trx, subjectId: string, now: Date) => Promise<SubjectFacts>;
  beneficiaries: (trx: Trx, subjectId: string, now: Date) => Promise<Beneficiaries>;
  /** Live things this person already holds under the rule; counted against `limits.maxLivePerPerson`. */
  liveCount?: (db: Db | Trx, personId: string, rule: string, now: Date) => Promise<number>;
  onApproved: (trx: Trx, event: ApprovedEvent) => Promise<void>;
  onEnded: (trx: Trx, event: EndedEvent) => Promise<void>;
}

/** By kind; made by src/app.ts. */
export type Subjects = Readonly<Partial<Record<SubjectKind, Subject>>>;
