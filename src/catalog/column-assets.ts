import type { Asset, Column } from './asset.js';
import { assetId } from './asset-id.js';

/** The native identifier of a column: no source has one of its own, so it is its table's with the column's name. */
export function columnSourceId(tableSourceId: string, columnName: string): string {
  return `${tableSourceId}#${columnName}`;
}

interface Columns {
  all: () => Iterable<Asset>;
  of: (tableId: string) => Asset[];
  tableOf: (columnId: string) => Asset | undefined;
  get: (columnId: string) => Asset | undefined;
  bySourceId: (sourceId: string, source?: string) => Asset | undefined;
}

/** Columns as assets, made only when asked for: a warehouse has many more of them than of anything else. */
export function makeColumns(tables: readonly Asset[]): Columns {
  const tablesById = new Map(tables.map((table) => [table.id, table]));
  let places: Map<string, { table: Asset; column: Column }> | undefined;

  function place(columnId: string): { table: Asset; column: Column } | undefined {
    if (places === undefined) {
      places = new Map();
      for (const table of tables) {
        for (const column of table.columns) {
          places.set(assetId(table.source, columnSourceId(table.sourceId, column.name)), { table, column });
        }
      }
    }
    return places.get(columnId);
  }

  return {
    *all() {
      for (const table of tables) {
        for (const column of table.columns) yield columnAsset(table, column);
      }
    },
    of: (tableId) => {
      const table = tablesById.get(tableId);
      return table === undefined ? [] : table.columns.map((column) => columnAsset(table, column));
    },
    tableOf: (columnId) => place(columnId)?.table,
    get: (columnId) => {
      const found = place(columnId);
      return found === undefined ? undefined : columnAsset(found.table, found.column);
    },
    bySourceId: (sourceId, source) => {
      const mark = sourceId.lastIndexOf('#');
      if (mark < 0) return undefined;
      const tableSourceId = sourceId.slice(0, mark);
      const name = sourceId.slice(mark + 1);
      for (const table of tables) {
        if (table.sourceId !== tableSourceId || (source !== undefined && table.source !== source)) continue;
        const column = table.columns.find((candidate) => candidate.name === name);
        if (column !== undefined) return columnAsset(table, column);
      }
      return undefined;
    },
  };
}

/** A column seen as an asset: it inherits from its table whatever makes it findable, owned and protected. */
function columnAsset(table: Asset, column: Column): Asset {
  const sourceId = columnSourceId(table.sourceId, column.name);
  return {
    id: assetId(table.source, sourceId),
    source: table.source,
    sourceId,
    kind: 'column',
    name: column.name,
    description: column.description,
    synonyms: [],
    dimensions: [],
    filters: [],
    caveats: [],
    owners: table.owners,
    ...(table.backupOwner === undefined ? {} : { backupOwner: table.backupOwner }),
    ...(table.domain === undefined ? {} : { domain: table.domain }),
    ...(table.tier === undefined ? {} : { tier: table.tier }),
    certified: false,
    status: table.status,
    classification: [...new Set([...column.classification, ...table.classification])],
    ...(table.warehouse === undefined ? {} : { warehouse: table.warehouse }),
    ...(table.relation === undefined ? {} : { relation: table.relation }),
    ...(table.path === undefined ? {} : { path: table.path }),
    tags: [...new Set([...column.tags, ...table.tags])],
    columns: [],
    context: [table.name, ...(column.dataType === undefined ? [] : [column.dataType])],
    meta: column.meta,
    provenance: table.provenance,
  };
}
