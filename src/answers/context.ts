import type { Asset, Signal, VisibilityLevel } from '../catalog/asset.js';
import { onsetsAmong } from '../catalog/failure-onsets.js';
import type { PersonName } from '../catalog/owner-names.js';
import type { SearchIndex } from '../catalog/search/index-types.js';
import type { CatalogView } from '../catalog/view.js';
import { makeLevels, type Viewer, type VisibilityRule } from '../catalog/visibility.js';
import { noVersions, type VersionsOf } from './history.js';
import { type NoticesOf, noNotices } from './notices.js';
import type { TieOutMaxAge } from './verdict-types.js';
import { visibleIndex } from './visible-index.js';

export type OnsetsOf = (assetId: string) => readonly Signal[];
export type ReadBackTo = (assetId: string) => Date | undefined;

/** Everything an answer is made from. No clock, no pool, no configuration of its own. */
export interface AnswerInput {
  view: CatalogView;
  index: SearchIndex;
  now: Date;
  viewer: Viewer;
  /** Teams whose channel the question is asked in. */
  placeTeams?: readonly string[];
  rules?: readonly VisibilityRule[];
  noticesOf?: NoticesOf;
  versionsOf?: VersionsOf;
  /** When checks of an asset began to fail; made from `view.signals` where absent. */
  onsetsOf?: OnsetsOf;
  /** Since when the measurements of an asset are known, where older ones are there that were not read. */
  readBackTo?: ReadBackTo;
  tieOutMaxAgeMs?: TieOutMaxAge;
  /** Names of owners of whom the source gives only the address; nobody's where absent (files alone). */
  personName?: PersonName;
  /** The source's own number is shown beside the answer. */
  numberShown?: boolean;
}

/** The same for one viewer: `index` holds nothing that they may not know of. */
export interface AnswerContext {
  view: CatalogView;
  index: SearchIndex;
  now: Date;
  viewer: Viewer;
  placeTeams: readonly string[];
  noticesOf: NoticesOf;
  versionsOf: VersionsOf;
  onsetsOf: OnsetsOf;
  /** As far as `onsetsOf` does not know more. */
  onsetsBackTo: ReadBackTo;
  readBackTo: ReadBackTo;
  levelOf: (asset: Asset) => VisibilityLevel;
  /** Whether an asset may be named at all to this viewer. */
  mayName: (asset: Asset) => boolean;
  tieOutMaxAgeMs: TieOutMaxAge | undefined;
  personName: PersonName;
  numberShown: boolean;
}

export function makeAnswerContext(input: AnswerInput): AnswerContext {
  const levelOf = makeLevels(input.viewer, input.rules ?? []);
  const readBackTo = input.readBackTo ?? (() => undefined);
  return {
    view: input.view,
    index: visibleIndex(input.view, input.index, input.viewer, input.rules ?? []),
    now: input.now,
    viewer: input.viewer,
    placeTeams: input.placeTeams ?? [],
    noticesOf: input.noticesOf ?? noNotices,
    versionsOf: input.versionsOf ?? noVersions,
    onsetsOf: input.onsetsOf ?? ((id) => onsetsAmong(input.view.signals(id))),
    onsetsBackTo: input.onsetsOf === undefined ? readBackTo : () => undefined,
    readBackTo,
    levelOf,
    mayName: (asset) => levelOf(asset) !== 'hidden',
    tieOutMaxAgeMs: input.tieOutMaxAgeMs,
    personName: input.personName ?? (() => undefined),
    numberShown: input.numberShown ?? false,
  };
}

/** Where an asset can be looked at, for whoever may read all of it: its own page, else the file it stands in. */
export function addressFor(asset: Asset, { levelOf }: Pick<AnswerContext, 'levelOf'>): string | undefined {
  return levelOf(asset) === 'open' ? (asset.url ?? asset.provenance['*']?.url) : undefined;
}
