import type { Column } from '../../asset.js';
import { present } from '../../meta/meta-facts.js';
import type { CatalogTable } from './schema.js';

/**
 * Columns as documented, completed by what the warehouse has: its types, and columns nobody has written about. The warehouse's order wins, and
 * names are compared without case, because some warehouses shout. What is documented and not there says so.
 */
export function withWarehouseColumns(documented: readonly Column[], table: CatalogTable): Column[] {
  const left = new Map(documented.map((column) => [column.name.toLowerCase(), column]));
  const inWarehouse = [...table.columns]
    .sort((a, b) => a.index - b.index)
    .map((actual): Column => {
      const known = left.get(actual.name.toLowerCase());
      left.delete(actual.name.toLowerCase());
      const dataType = actual.type ?? known?.dataType;
      if (known === undefined) {
        return {
          name: actual.name,
          description: actual.comment ?? '',
          tags: [],
          classification: [],
          meta: {},
          ...present({ dataType }),
        };
      }
      return { ...known, description: known.description || (actual.comment ?? ''), ...present({ dataType }) };
    });
  return [...inWarehouse, ...[...left.values()].map((column) => ({ ...column, notBuilt: true as const }))];
}
