import type { CatalogView } from '../../catalog/view.js';
import type { AssetHint } from '../alerts/alert.js';

const tables = ['model', 'source'] as const;

/**
 * The catalog's asset an alert is about, or null when the catalog has no such thing or several. A column's alert is about its
 * table. The most exact name wins: native id, relation, test name, then plain name.
 */
export function resolveAsset(view: CatalogView, hint: AssetHint | null): string | null {
  if (hint === null) return null;
  if (hint.sourceId !== undefined) {
    const exact = view.bySourceId(hint.sourceId);
    if (exact !== undefined) return view.tableOf(exact.id)?.id ?? exact.id;
  }
  if (hint.relation !== undefined) {
    const found = only(view.byRelation(hint.relation).map(({ id }) => id));
    if (found !== null) return found;
  }
  if (hint.test !== undefined) {
    const found = resolveTest(view, hint.test);
    if (found !== null) return found;
  }
  if (hint.name === undefined) return null;
  const byTable = only(view.resolve(hint.name, { kinds: tables }).map(({ id }) => id));
  return byTable ?? only(view.resolve(hint.name).map(({ id }) => id));
}

function only(ids: readonly string[]): string | null {
  const distinct = [...new Set(ids)];
  return distinct.length === 1 ? (distinct[0] ?? null) : null;
}

/**
 * dbt names a generic test `<test>_<model>_<column>`, a source test `source_<test>_<source>_<table>_<column>`: the longest asset
 * name standing between underscores is what it tests.
 */
function resolveTest(view: CatalogView, uniqueId: string): string | null {
  const name = uniqueId.split('.')[2] ?? uniqueId;
  const words = name.split('_');
  const isSource = words[0] === 'source';
  for (let length = words.length - 1; length >= 1; length -= 1) {
    for (let start = 1; start + length <= words.length; start += 1) {
      const candidate = words.slice(start, start + length).join('_');
      const found = only(
        [...view.byName(candidate, 'model'), ...(isSource ? view.byName(candidate, 'source') : [])].map(
          ({ id }) => id,
        ),
      );
      if (found !== null) return found;
    }
  }
  return null;
}
