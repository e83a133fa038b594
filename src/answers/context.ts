import type { Asset, VisibilityLevel } from '../catalog/asset.js';
import type { SearchIndex } from '../catalog/search/index-types.js';
import type { CatalogView } from '../catalog/view.js';
import { makeLevels, type Viewer, type VisibilityRule } from '../catalog/visibility.js';
import { noVersions, type VersionsOf } from './history.js';
import { type NoticesOf, noNotices } from './notices.js';
import type { TieOutMaxAge } from './verdict-types.js';
import { visibleIndex } from './visible-index.js';

/** Everything an answer is made from. No clock, no pool, no configuration of its own. */
export interface AnswerInput {
  view: CatalogView;
  index: SearchIndex;
  now: Date;
  viewer: Viewer;
  rules?: readonly VisibilityRule[];
  noticesOf?: NoticesOf;
  versionsOf?: VersionsOf;
  tieOutMaxAgeMs?: TieOutMaxAge;
  /** The source's own number is shown beside the answer. */
  numberShown?: boolean;
}

/** The same for one viewer: `index` holds nothing that they may not know of. */
export interface AnswerContext {
  view: CatalogView;
  index: SearchIndex;
  now: Date;
  viewer: Viewer;
  noticesOf: NoticesOf;
  versionsOf: VersionsOf;
  levelOf: (asset: Asset) => VisibilityLevel;
  /** Whether an asset may be named at all to this viewer. */
  mayName: (asset: Asset) => boolean;
  tieOutMaxAgeMs: TieOutMaxAge | undefined;
  numberShown: boolean;
}

export function makeAnswerContext(input: AnswerInput): AnswerContext {
  const levelOf = makeLevels(input.viewer, input.rules ?? []);
  return {
    view: input.view,
    index: visibleIndex(input.view, input.index, input.viewer, input.rules ?? []),
    now: input.now,
    viewer: input.viewer,
    noticesOf: input.noticesOf ?? noNotices,
    versionsOf: input.versionsOf ?? noVersions,
    levelOf,
    mayName: (asset) => levelOf(asset) !== 'hidden',
    tieOutMaxAgeMs: input.tieOutMaxAgeMs,
    numberShown: input.numberShown ?? false,
  };
}
