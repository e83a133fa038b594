import type { Asset, VisibilityLevel } from '../catalog/asset.js';
import { buildIndex } from '../catalog/search/build-index.js';
import type { SearchIndex } from '../catalog/search/index-types.js';
import type { CatalogView } from '../catalog/view.js';
import { makeLevels, type Viewer, type VisibilityRule } from '../catalog/visibility.js';
import { plain } from './words.js';

/** Smaller indexes by the viewer's teams that matter to the rules, kept as long as the base index is. */
const smaller = new WeakMap<SearchIndex, Map<string, SearchIndex>>();
const keptPerBase = 16;

/**
 * The index a viewer is answered from. A hidden asset must not show even through its words (a typo that is no longer
 * corrected, a rarer word), so viewers from whom something is hidden get an index that was built without it. Of what must
 * be requested only name, label and purpose are searched.
 */
export function visibleIndex(
  view: CatalogView,
  base: SearchIndex,
  viewer: Viewer,
  rules: readonly VisibilityRule[],
): SearchIndex {
  if (viewer.seesAll || rules.length === 0) return base;
  const teams = new Set(rules.flatMap((rule) => rule.teams).filter((team) => viewer.teams.includes(team)));
  const key = JSON.stringify([view.version, [...teams].sort(), rules]);
  const known = smaller.get(base) ?? new Map<string, SearchIndex>();
  smaller.set(base, known);
  let index = known.get(key);
  if (!index) {
    index = withoutRestricted(view, base, makeLevels(viewer, rules));
    if (known.size >= keptPerBase) known.delete(known.keys().next().value ?? '');
    known.set(key, index);
  }
  return index;
}

function withoutRestricted(
  view: CatalogView,
  base: SearchIndex,
  levelOf: (asset: Asset) => VisibilityLevel,
): SearchIndex {
  let restricted = false;
  const visible: Asset[] = [];
  for (const asset of view.assets()) {
    const level = levelOf(asset);
    if (level !== 'open') restricted = true;
    if (level === 'open') visible.push(asset);
    if (level === 'requestable') visible.push(outlineOf(asset));
  }
  return restricted ? buildIndex(visible) : base;
}

/** What somebody may know of an asset that they would have to request: name, purpose, owner. */
export function outlineOf(asset: Asset): Asset {
  const outline: Asset = {
    ...asset,
    description: purposeOf(asset),
    synonyms: [],
    dimensions: [],
    filters: [],
    caveats: [],
    columns: [],
    context: [],
    tags: [],
    meta: {},
    provenance: {},
  };
  delete outline.formula;
  delete outline.exampleQuery;
  delete outline.runbook;
  delete outline.url;
  delete outline.relation;
  delete outline.path;
  delete outline.contract;
  delete outline.timeDimension;
  return outline;
}

/** The first sentence of a description. */
export function purposeOf(asset: Asset): string {
  const text = plain(asset.description, 240);
  return /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}
