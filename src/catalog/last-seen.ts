import type { AssetDraft } from './asset.js';

/** Where dbt writes what the warehouse has; a description that stands nowhere else is its comment on the table. */
export const warehouseCatalogFile = 'catalog.json';

/**
 * A table that was read without the warehouse's own catalog, as the catalog last seen had it: fewer known columns, types and comments are no change of
 * the table. What only stood in the documentation is gone once it stands there no more.
 */
export function asLastSeen(draft: AssetDraft, old: AssetDraft): AssetDraft {
  const { columnsFrom, ...given } = draft;
  if (columnsFrom === undefined || old.columnsFrom !== undefined || old.columns.length === 0) return draft;
  const written = new Map(draft.columns.map((column) => [column.name.toLowerCase(), column]));
  const kept = old.columns.flatMap((column) => {
    const current = written.get(column.name.toLowerCase());
    written.delete(column.name.toLowerCase());
    if (current === undefined) return column.notBuilt ? [] : [column];
    return [{ ...column, ...current, description: current.description || column.description }];
  });
  const others = [...written.values()].map((column) => ({ ...column, notBuilt: true as const }));
  return { ...given, ...commentOf(given, old), columns: [...kept, ...others] };
}

function commentOf(draft: AssetDraft, old: AssetDraft): Partial<AssetDraft> {
  const place = old.provenance.description;
  if (draft.description !== '' || place?.file !== warehouseCatalogFile) return {};
  return { description: old.description, provenance: { ...draft.provenance, description: place } };
}
