import type { Asset } from '../catalog/asset.js';
import type { CatalogView } from '../catalog/view.js';
import type { ReadBackTo } from './context.js';
import type { Use } from './intent.js';
import type { NoticesOf } from './notices.js';
import type { Age, EvidenceState, VerdictWord } from './trust-table.js';

/** One piece of evidence and what it allows. */
export interface Evidence {
  state: EvidenceState;
  age: Age;
  verdict: VerdictWord;
  /** One sentence that says what was seen, where and when. */
  text: string;
  /** When it was seen, ISO time; absent for what has no time. */
  since?: string;
  /** Since when it is so, ISO time: the first of the failures in a row. Absent where nobody knows. */
  began?: string;
  /** It may have begun earlier: older results are there that were not read. */
  beganAtLeast?: true;
  /** The asset it was seen on. */
  assetId: string;
  reference?: string;
}

export interface Verdict {
  verdict: VerdictWord;
  use: Use;
  /** Evidence worse than SAFE, worst and newest first. */
  reasons: Evidence[];
  /** Evidence that speaks for it. */
  support: Evidence[];
  /** Since when the verdict is what it is, ISO time; absent where that is not known. */
  since?: string;
  /** What ended then; absent for a verdict that something speaks against: its reasons say it. */
  sinceThen?: string;
  /** Nothing is known from before `since`: it may be so for longer. */
  sinceAtLeast?: true;
  useInstead?: string;
}

export interface VerdictInput {
  view: CatalogView;
  noticesOf: NoticesOf;
  now: Date;
  use: Use;
  /** Hidden assets give evidence without a name. */
  mayName: (asset: Asset) => boolean;
  /** Since when measurements of an asset are known, where there are older ones. */
  readBackTo?: ReadBackTo;
  /** Newest tie-out that a use accepts as current, by policy (`catalog.tieOutMaxAge`). */
  tieOutMaxAgeMs?: TieOutMaxAge | undefined;
}

/** Milliseconds; a use that is not named takes the table's own limit. */
export type TieOutMaxAge = Partial<Record<Use, number>>;
