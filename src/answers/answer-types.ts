import type { Asset, VisibilityLevel } from '../catalog/asset.js';
import type { Fact } from './facts.js';
import type { Intent, Use } from './intent.js';
import type { ScoredAsset } from './retrieve.js';
import type { Verdict } from './verdict-types.js';

export type Outcome = 'answered' | 'ambiguous' | 'unknown';

/** A candidate of an ask-back, with what tells it apart from the others. */
export interface Offer {
  asset: Asset;
  tellsApart: string;
}

export const changeEventKinds = [
  'definition',
  'schema',
  'incident',
  'backfill',
  'planned',
  'late',
  'failed-run',
  'failed-test',
  'deploy',
  'volume',
] as const;
export type ChangeEventKind = (typeof changeEventKinds)[number];

/** Something that happened to an asset or to what it is built from. */
export interface ChangeEvent {
  at: string;
  kind: ChangeEventKind;
  assetId: string;
  /** Steps upstream; 0 is the asset itself. */
  distance: number;
  /** A plain sentence. */
  text: string;
  reference?: string;
  url?: string;
  /** Name of the check that failed, where one did. */
  check?: string;
}

/** How a definition came to be what it is, in sentences. */
export interface ToldHistory {
  /** What stands before the versions; all there is where none is told. */
  opening: string;
  /** One version each, and where it was decided and announced. */
  versions: {
    text: string;
    threadUrl?: string;
    announcementUrl?: string;
    pullRequestUrl?: string;
    commitUrl?: string;
  }[];
  /** How many more there are; empty where that is all. */
  rest: string;
}

/** An answer as plain data: cards, the command line and batches are written from this and nothing else. */
export interface Answer {
  outcome: Outcome;
  intent: Intent;
  question: string;
  use: Use;
  /** Best first, at most ten, filled for every outcome. */
  assets: ScoredAsset[];
  /** The one thing the answer is about. */
  subject?: Asset;
  /** Name of several things that the answer is about together: they are its `items`. */
  group?: string;
  /** `requestable`: name, purpose and owner are all that may be shown. */
  level: VisibilityLevel;
  /** Ambiguous: two to five. */
  offers: Offer[];
  /** Why they are offered, where it is not that one wording fits several: several were named, one was misspelled, a part of one was asked for, or a query that reads them was pasted. Then the wording is no name of any. */
  offeredAs?: 'several' | 'slip' | 'part' | 'query' | 'within';
  facts: Fact[];
  verdict?: Verdict;
  /** Why-changed: newest and nearest first. */
  events?: ChangeEvent[];
  /** Why-changed: the beginning of the time that was asked about, and what of it was not looked at, in a sentence. */
  eventsFrom?: Date;
  notLookedAt?: string;
  /** History: the parts that its text is made of. */
  history?: ToldHistory;
  /** Value: where the number is to be read, which Steward does not state by itself. */
  numberIn?: { disclaimer?: string; dashboard?: { name: string; url?: string }; query?: string };
  /** Lists, lineage, who-uses. */
  items?: { asset: Asset; note?: string }[];
  /** Said before an answer about the whole of something, a part of which was asked for that nothing here is about. */
  unspoken?: string;
  /** Said before an answer about one of several things that bear the name that was asked for. */
  alsoCalled?: string;
  /** Several things were asked in one message, and only the first is answered. */
  firstOnly?: true;
  /** Act: which form fits. */
  command?: 'access' | 'backfill' | 'incident';
  /** Unknown: who would probably know. */
  likelyOwner?: string;
  /** Says it all; reads well aloud; no markup. */
  text: string;
}
