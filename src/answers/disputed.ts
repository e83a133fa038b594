import type { Asset } from '../catalog/asset.js';
import { fieldInWords } from '../catalog/field-words.js';
import { grouped } from '../catalog/grouped.js';
import type { CatalogGap, CatalogView } from '../catalog/view.js';
import { listInWords } from './words.js';

const indexes = new WeakMap<CatalogView, Map<string, CatalogGap[]>>();

/** Conflicts about one asset that several sources speak of. Those between assets of one name are no facts about either: one may be hidden. */
function conflictsAbout(view: CatalogView, assetId: string): readonly CatalogGap[] {
  const known = indexes.get(view);
  if (known !== undefined) return known.get(assetId) ?? [];
  const index = grouped(
    view.gaps.filter((gap) => gap.between !== undefined),
    (gap) => gap.assetIds[0] ?? '',
    (gap) => gap,
  );
  indexes.set(view, index);
  return index.get(assetId) ?? [];
}

/** What sources do not agree on, field by field: `formula (dbt is shown, cube differs) and unit (…)`. Undefined where they agree. */
export function disputedInWords(asset: Asset, view: CatalogView): string | undefined {
  const byField = grouped(
    conflictsAbout(view, asset.id),
    (gap) => gap.field ?? '',
    (gap) => gap,
  );
  if (byField.size === 0) return undefined;
  const fields = [...byField].map(([field, gaps]) => {
    const others = [...new Set(gaps.flatMap(({ between }) => between?.other ?? []))];
    const differ = others.length === 1 ? 'differs' : 'differ';
    return `${fieldInWords(field)} (${gaps[0]?.between?.shown} is shown, ${listInWords(others, 3)} ${differ})`;
  });
  return listInWords(fields, 6);
}
