import type { Actor } from '../audit/record.js';
import type { Db, Trx } from '../db/database.js';
import type { WantedAct } from './engine/look-before.js';
import type { Plan } from './plan/plan.js';
import type { PolicyRequest } from './plan/request.js';
import type { Policy, PolicyRule } from './policy/schema.js';
import type { Beneficiaries, SubjectFacts, SubjectKind } from './subject.js';

/** A wish to have something approved, in the caller's transaction. The subject's own row must already be there. */
export interface OpenRequest {
  kind: SubjectKind;
  subjectId: string;
  /** What people see: `ACC-12`, `BF-3`. */
  reference: string;
  requesterId: string;
  actor: Actor;
  reason: string | null;
  ticket?: string;
  /** Of `requireTicket` (src/approvals/ticket.ts), asked before the transaction. */
  ticketSeen?: 'there' | 'unknown' | null;
  purposeId?: string;
  termsAccepted?: boolean;
  now: Date;
}

export interface Opened {
  requestId: string;
  /** `approved` where policy approves by itself: `onApproved` has then already run. */
  state: 'pending' | 'approved';
  plan: Plan;
}

export interface Decide {
  requestId: string;
  actor: Actor;
  /** Who pressed the button. */
  personId: string;
  verdict: 'approve' | 'deny';
  /** Needed to deny. */
  reason: string | null;
  /** The approver allows less time than was asked, in milliseconds. */
  shortenToMs?: number;
  /** Where policy wants a second confirmation: the one that was given (src/approvals/confirmation/). */
  confirmationId?: string;
  now: Date;
}

export interface Decided {
  /** State of the request afterwards. */
  state: RequestState;
  /** One sentence for whoever decided: what it meant and what is still missing. */
  text: string;
  /** Nothing was decided yet: policy wants a second sign-in, here. */
  confirmUrl?: string;
}

export type RequestState = 'pending' | 'approved' | 'denied' | 'withdrawn' | 'expired' | 'cancelled';

/** A request as cards show it. Names are read at this moment. */
export interface RequestView {
  requestId: string;
  reference: string;
  title: string;
  state: RequestState;
  requester: { id: string; name: string };
  reason: string | null;
  ticket: string | null;
  ticketSeen: 'there' | 'unknown' | null;
  purpose: string | null;
  rule: string;
  openedAt: Date;
  expiresAt: Date;
  decidedAt: Date | null;
  decidedBy: string | null;
  how: 'people' | 'policy' | 'break-glass' | null;
  outcomeReason: string | null;
  stages: {
    name: string;
    state: 'waiting' | 'open' | 'passed' | 'skipped' | 'ended';
    /** Who can give it now; empty for a stage that is over, or when nobody can. */
    candidates: string[];
    /** Who gave it, and whom they stood in for. */
    given: { name: string; standingInFor: string | null; reason: string | null }[];
    needed: number;
  }[];
  /** Person ids whom the open stage was put to and who have not given or handed on their part. */
  asked: string[];
  /** Whoever asked may take it at once, in an emergency. */
  breakGlass: boolean;
}

export interface WaitingRequest {
  requestId: string;
  kind: SubjectKind;
  subjectId: string;
  reference: string;
  title: string;
  requesterName: string;
  reason: string | null;
  openedAt: Date;
}

/** What a form shows before anything is sent. */
export interface PlanPreview {
  plan: Plan;
  /** The deciding rule with its limits, ticket and purposes; null when none matches. */
  rule: PolicyRule | null;
  policy: Policy;
  /** Usual working time from asking to the decision under this rule; null until there are five. */
  usualMs: number | null;
  /** Live things whoever asks has under the rule, of how many it allows; null where it sets no limit. */
  room: { live: number; most: number } | null;
}

/** A request that was made, for asking another policy about it. */
export interface StoredRequest {
  reference: string;
  /** Name of whoever asked. */
  requester: string;
  state: RequestState;
  request: PolicyRequest;
}

export interface StoredRequests {
  /** Oldest first. */
  requests: StoredRequest[];
  /** References of those whose dataset or pipeline is gone, so that no rule can be asked. */
  unreadable: string[];
}

export interface ByPerson {
  requestId: string;
  personId: string;
  actor: Actor;
  now: Date;
}

/**
 * The engine, used alike by access, backfills and definition changes. Functions with `trx` run in the caller's transaction;
 * the others make their own. All of them authorise. Errors are sentences for the person: nothing was changed when one is
 * thrown.
 */
export interface Approvals {
  /** Throws `RefusedByPolicyError`, `NobodyCanApproveError` or `InvalidInputError` (fields: reason, ticket, purpose, duration). */
  openRequest: (trx: Trx, wish: OpenRequest) => Promise<Opened>;
  /** The plan these facts would get, for forms and `policy explain`. Writes nothing. */
  preview: (
    db: Db | Trx,
    ask: { facts: SubjectFacts; beneficiaries: Beneficiaries; requesterId: string; now: Date },
  ) => Promise<PlanPreview>;
  /**
   * Throws what `openRequest` would throw; for a form before it is sent. Writes nothing. Gives the deciding rule; `alongside` says how many
   * others of a rule are asked for in the same breath, since they take places too.
   */
  check: (
    db: Db | Trx,
    wish: Pick<OpenRequest, 'requesterId' | 'reason' | 'ticket' | 'purposeId' | 'termsAccepted' | 'now'> & {
      facts: SubjectFacts;
      beneficiaries: Beneficiaries;
      alongside?: ReadonlyMap<string, number>;
    },
  ) => Promise<{ rule: string }>;
  /** Where the newest request of a subject stands, for its card; null when none was made. */
  view: (
    db: Db | Trx,
    params: { kind: SubjectKind; subjectId: string; now: Date },
  ) => Promise<RequestView | null>;
  /** Undecided requests that wait for this person, oldest first. */
  waitingFor: (db: Db | Trx, params: { personId: string; limit: number }) => Promise<WaitingRequest[]>;
  /** Open requests and those asked since a moment, for `policy check --against`. Writes nothing. */
  stored: (db: Db, params: { since: Date }) => Promise<StoredRequests>;
  decide: (decision: Decide) => Promise<Decided>;
  /** Before a form about a request is filled in: throws what sending it would throw. Writes nothing. */
  lookBefore: (params: { requestId: string; personId: string; act: WantedAct; now: Date }) => Promise<{
    /** For how long it is asked, in milliseconds; null where it has no end. */
    durationMs: number | null;
    /** How long break-glass lasts at most; null for any other act. */
    maxMinutes: number | null;
  }>;
  /** By the requester only, while undecided. */
  withdraw: (by: ByPerson) => Promise<void>;
  /** Ends an undecided request because its subject is gone (dataset dropped, pipeline removed). */
  cancel: (
    trx: Trx,
    params: { kind: SubjectKind; subjectId: string; reason: string; actor: Actor; now: Date },
  ) => Promise<void>;
  /** An approver of the current stage hands their part to a colleague. */
  reassign: (params: ByPerson & { toPersonId: string; reason: string }) => Promise<void>;
  /** Stand-in from start to end: approvals asked of one person may be given by the other. */
  delegate: (params: {
    fromPersonId: string;
    toPersonId: string;
    startsAt: Date;
    endsAt: Date;
    reason: string | null;
    actor: Actor;
    now: Date;
  }) => Promise<string>;
  /** What waited for somebody who left is put to whoever may decide it now, to the administrators where that is nobody. */
  approverLeft: (params: { personId: string; now: Date }) => Promise<void>;
  endDelegation: (params: {
    delegationId: string;
    personId: string;
    actor: Actor;
    now: Date;
  }) => Promise<void>;
  /** Emergency: approves at once where the matched rule allows it, for oneself only, and tells everybody who was skipped. */
  breakGlass: (params: ByPerson & { reason: string; minutes: number; confirmed: boolean }) => Promise<void>;
  /** The team that reviews a use of break-glass says what it found. */
  reviewBreakGlass: (
    params: ByPerson & { verdict: 'justified' | 'not-justified'; note: string },
  ) => Promise<void>;
  /** A message in the card's thread: kept by reference, never its words. */
  comment: (params: {
    cardKind: string;
    subjectId: string;
    channelId: string;
    ts: string;
    personId: string;
    now: Date;
  }) => Promise<boolean>;
  /** Timers: reminders, escalation, expiry. Called by the effects of the same names; harmless when there is nothing to do. */
  remind: (params: { requestId: string; stage: number; now: Date }) => Promise<void>;
  escalate: (params: { requestId: string; stage: number; now: Date }) => Promise<void>;
  expire: (params: { requestId: string; now: Date }) => Promise<void>;
}
