import type { Asset, VisibilityLevel } from './asset.js';
import { hasLabel, sameLabel } from './labels.js';

/** One rule of `catalog.visibility` in steward.yml. */
export interface VisibilityRule {
  match: {
    tag?: string | undefined;
    classification?: string | undefined;
    domain?: string | undefined;
    kind?: string | undefined;
    tier?: number | undefined;
    name?: string | undefined;
    source?: string | undefined;
  };
  /** Who sees it in full. */
  teams: readonly string[];
  /** What everyone else gets. */
  otherwise: VisibilityLevel;
}

/** Whoever asks, as far as visibility needs to know. An unknown person belongs to no team. */
export interface Viewer {
  id?: string;
  teams: readonly string[];
  /** The operator at the command line reads files that are open to them anyway. */
  seesAll?: boolean;
}

export const operatorViewer: Viewer = { teams: [], seesAll: true };

const strictness: Record<VisibilityLevel, number> = { open: 0, requestable: 1, hidden: 2 };

/** What a viewer may know of an asset: the strictest rule that matches and whose teams the viewer is not in. */
export function levelOf(asset: Asset, viewer: Viewer, rules: readonly VisibilityRule[]): VisibilityLevel {
  if (viewer.seesAll) return 'open';
  let level: VisibilityLevel = 'open';
  for (const rule of rules) {
    if (!matches(rule, asset)) continue;
    if (rule.teams.some((team) => viewer.teams.includes(team))) continue;
    if (strictness[rule.otherwise] > strictness[level]) level = rule.otherwise;
  }
  return level;
}

/** Whether somebody may know that an asset is there: see it in a list, be offered its name, be told what touches it. */
export function mayKnowOf(asset: Asset, viewer: Viewer, rules: readonly VisibilityRule[]): boolean {
  return levelOf(asset, viewer, rules) !== 'hidden';
}

/** Whether somebody who is in no team may not know of it: then no place where anybody reads may name it. */
export function isHidden(
  config: { catalog: { visibility: readonly VisibilityRule[] } },
  asset: Asset,
): boolean {
  return !mayKnowOf(asset, { teams: [] }, config.catalog.visibility);
}

/** Whether somebody may read everything that the catalog says of an asset. */
export function mayRead(asset: Asset, viewer: Viewer, rules: readonly VisibilityRule[]): boolean {
  return levelOf(asset, viewer, rules) === 'open';
}

function matches(rule: VisibilityRule, asset: Asset): boolean {
  const { match } = rule;
  const tests: boolean[] = [];
  // Visibility is an asset's as a whole: one column that a rule is about is enough.
  if (match.tag !== undefined) {
    const wanted = match.tag;
    tests.push(hasLabel(asset.tags, wanted) || asset.columns.some(({ tags }) => hasLabel(tags, wanted)));
  }
  if (match.classification !== undefined) {
    const wanted = match.classification;
    tests.push(
      hasLabel(asset.classification, wanted) ||
        asset.columns.some((column) => hasLabel(column.classification, wanted)),
    );
  }
  if (match.domain !== undefined)
    tests.push(asset.domain !== undefined && sameLabel(asset.domain, match.domain));
  if (match.kind !== undefined) tests.push(asset.kind === match.kind);
  if (match.tier !== undefined) tests.push(asset.tier === match.tier);
  if (match.name !== undefined) tests.push(glob(match.name).test(asset.name));
  if (match.source !== undefined) tests.push(asset.source === match.source);
  // a rule without a condition would match everything by accident: it matches nothing
  return tests.length > 0 && tests.every(Boolean);
}

const globs = new Map<string, RegExp>();
function glob(pattern: string): RegExp {
  let expression = globs.get(pattern);
  if (!expression) {
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
    expression = new RegExp(`^${escaped}$`, 'i');
    globs.set(pattern, expression);
  }
  return expression;
}

/** Answers for one viewer, computed once per asset. */
export function makeLevels(
  viewer: Viewer,
  rules: readonly VisibilityRule[],
): (asset: Asset) => VisibilityLevel {
  const known = new Map<string, VisibilityLevel>();
  return (asset) => {
    if (viewer.seesAll || rules.length === 0) return 'open';
    let level = known.get(asset.id);
    if (level === undefined) {
      level = levelOf(asset, viewer, rules);
      known.set(asset.id, level);
    }
    return level;
  };
}
