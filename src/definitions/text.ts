import type { AssetDraft } from '../catalog/asset.js';

/** The words of a definition that people may propose to change. */
export interface DefinitionText {
  description: string;
  label: string;
  synonyms: string[];
  caveats: string[];
}

export type Proposed = Partial<DefinitionText>;

/** What stands on the asset, counted in full and named as far as the proposer may see it. */
export interface Impact {
  total: number;
  dashboards: number;
  metrics: number;
  named: {
    assetId: string;
    name: string;
    kind: string;
    tier?: number;
    owners: string[];
    restricted?: true;
  }[];
}

export function presentText(asset: AssetDraft): DefinitionText {
  return {
    description: asset.description,
    label: asset.label ?? '',
    synonyms: [...asset.synonyms],
    caveats: [...asset.caveats],
  };
}

/** Sources fold and wrap text: only words count, not how they are broken into lines. */
export function sameWords(one: string, other: string): boolean {
  return folded(one) === folded(other);
}

export function sameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => sameWords(item, other[index] ?? ''));
}

/** What of a wish differs from the present text; empty when nothing does. */
export function differences(present: DefinitionText, wanted: DefinitionText): Proposed {
  return {
    ...(sameWords(present.description, wanted.description) ? {} : { description: wanted.description.trim() }),
    ...(sameWords(present.label, wanted.label) ? {} : { label: wanted.label.trim() }),
    ...(sameList(present.synonyms, wanted.synonyms) ? {} : { synonyms: wanted.synonyms }),
    ...(sameList(present.caveats, wanted.caveats) ? {} : { caveats: wanted.caveats }),
  };
}

/**
 * Whether the source now says what was proposed. Of lists it must have every line and differ from before: connectors add lines of their own, so
 * it may have more.
 */
export function fulfils(now: DefinitionText, proposed: Proposed, before: DefinitionText): boolean {
  const has = (field: 'synonyms' | 'caveats'): boolean => {
    const wanted = proposed[field];
    if (wanted === undefined || sameList(now[field], wanted)) return true;
    return (
      !sameList(now[field], before[field]) &&
      wanted.every((item) => now[field].some((one) => sameWords(one, item)))
    );
  };
  return (
    (proposed.description === undefined || sameWords(now.description, proposed.description)) &&
    (proposed.label === undefined || sameWords(now.label, proposed.label)) &&
    has('synonyms') &&
    has('caveats')
  );
}

function folded(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
