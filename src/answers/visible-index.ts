import type { Asset, VisibilityLevel } from '../catalog/asset.js';
import { buildIndex } from '../catalog/search/build-index.js';
import type { SearchIndex } from '../catalog/search/index-types.js';
import { usageShare } from '../catalog/search/usage-share.js';
import { buildIndexInWorker, inProcessLimit } from '../catalog/search/worker/build-in-worker.js';
import type { CatalogView } from '../catalog/view.js';
import { makeLevels, type Viewer, type VisibilityRule } from '../catalog/visibility.js';
import { plain } from './words.js';

/** Smaller indexes of one base index, by the viewer's teams that matter to the rules, and those that are being built. */
interface Smaller {
  ready: Map<string, SearchIndex>;
  coming: Map<string, Promise<void>>;
}
/** Kept as long as the base index is. */
const smaller = new WeakMap<SearchIndex, Smaller>();
const keptPerBase = 16;

function smallerOf(base: SearchIndex): Smaller {
  const known = smaller.get(base) ?? { ready: new Map(), coming: new Map() };
  smaller.set(base, known);
  return known;
}

function keyOf(view: CatalogView, viewer: Viewer, rules: readonly VisibilityRule[]): string {
  const teams = new Set(rules.flatMap((rule) => rule.teams).filter((team) => viewer.teams.includes(team)));
  return JSON.stringify([view.version, [...teams].sort(), rules]);
}

function keep({ ready }: Smaller, key: string, index: SearchIndex): void {
  if (ready.size >= keptPerBase) ready.delete(ready.keys().next().value ?? '');
  ready.set(key, index);
}

/**
 * The index a viewer is answered from. A hidden asset must not show even through its words (a typo that is no longer
 * corrected, a rarer word), so viewers from whom something is hidden get an index that was built without it. Of what must
 * be requested only name, label and purpose are searched. Where the catalog is large, {@link prepareIndex} is awaited before.
 */
export function visibleIndex(
  view: CatalogView,
  base: SearchIndex,
  viewer: Viewer,
  rules: readonly VisibilityRule[],
): SearchIndex {
  if (viewer.seesAll || rules.length === 0) return base;
  const key = keyOf(view, viewer, rules);
  const known = smallerOf(base);
  let index = known.ready.get(key);
  if (!index) {
    const visible = visibleAssets(view, makeLevels(viewer, rules));
    index = visible === undefined ? base : buildIndex(visible, usageShare(view));
    keep(known, key, index);
  }
  return index;
}

/**
 * Builds the index of a viewer in a thread where that takes longer than others may be kept waiting, so that {@link visibleIndex} has
 * it. Whoever asks for the same meanwhile waits for the same.
 */
export async function prepareIndex(
  { view, index: base }: { view: CatalogView; index: SearchIndex },
  viewer: Viewer,
  rules: readonly VisibilityRule[],
): Promise<void> {
  if (viewer.seesAll || rules.length === 0 || view.assets().length < inProcessLimit) return;
  const key = keyOf(view, viewer, rules);
  const known = smallerOf(base);
  if (known.ready.has(key)) return;
  const build = async (): Promise<void> => {
    const visible = visibleAssets(view, makeLevels(viewer, rules));
    keep(known, key, visible === undefined ? base : await buildIndexInWorker(visible, usageShare(view)));
  };
  const coming = known.coming.get(key) ?? build().finally(() => known.coming.delete(key));
  if (!known.ready.has(key)) known.coming.set(key, coming);
  await coming;
}

/** What a viewer may find; undefined where that is everything. */
function visibleAssets(view: CatalogView, levelOf: (asset: Asset) => VisibilityLevel): Asset[] | undefined {
  let restricted = false;
  const visible: Asset[] = [];
  for (const asset of view.assets()) {
    const level = levelOf(asset);
    if (level !== 'open') restricted = true;
    if (level === 'open') visible.push(asset);
    if (level === 'requestable') visible.push(outlineOf(asset));
  }
  return restricted ? visible : undefined;
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
