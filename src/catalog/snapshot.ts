import type { Asset, Edge, Signal, SourceSnapshot } from './asset.js';
import { assetId } from './asset-id.js';
import { makeColumns } from './column-assets.js';
import { makeLineage } from './lineage.js';
import { makeLookup } from './lookup.js';
import { makeSignalIndex } from './signal-index.js';
import type { CatalogGap, CatalogSource, CatalogView, UnresolvedEdge } from './view.js';

/** One source with what it said. */
export interface CatalogPart {
  /** Name of the source as configured. */
  source: string;
  type?: string;
  snapshot: SourceSnapshot;
}

/** A catalog whose assets have their ids already. */
export interface CatalogContent {
  version: string;
  sources: CatalogSource[];
  assets: Asset[];
  edges: Edge[];
  signals: Signal[];
  unresolved?: UnresolvedEdge[];
  gaps?: CatalogGap[];
}

type FilledContent = Required<CatalogContent>;

/** Builds the read interface over content that is already in memory. */
export function viewOf(content: CatalogContent): CatalogView {
  const byId = new Map(content.assets.map((asset) => [asset.id, asset]));
  const columns = makeColumns(content.assets);
  const tableId = (id: string): string => (byId.has(id) ? id : (columns.tableOf(id)?.id ?? id));
  const lineage = makeLineage(byId, content.edges);
  const signals = makeSignalIndex(content.signals);
  const lookup = makeLookup(content.assets);

  return {
    version: content.version,
    sources: content.sources,
    unresolved: content.unresolved ?? [],
    gaps: content.gaps ?? [],
    assets: () => content.assets,
    columns: columns.all,
    columnsOf: columns.of,
    tableOf: columns.tableOf,
    get: (id) => byId.get(id) ?? columns.get(id),
    bySourceId: (sourceId, source) =>
      lookup.bySourceId(sourceId, source) ?? columns.bySourceId(sourceId, source),
    resolve: lookup.resolve,
    byName: lookup.byName,
    byRelation: lookup.byRelation,
    parents: (id) => lineage.parents(tableId(id)),
    children: (id) => lineage.children(tableId(id)),
    upstream: (id, options) => lineage.upstream(tableId(id), options),
    downstream: (id, options) => lineage.downstream(tableId(id), options),
    signals: (id) => signals.of(tableId(id)),
    latestSignals: (id) => signals.latest(tableId(id)),
  };
}

/**
 * The catalog of one or more sources, from what their connectors read. Two assets of one name stay two assets. Edges and
 * signals about things that no source has are kept apart as `unresolved` and never invent an asset.
 */
export function makeCatalog(parts: readonly CatalogPart[], version = 'files'): CatalogView {
  return viewOf(contentOf(parts, version));
}

/** Gives every asset its id and every edge its two ends. */
export function contentOf(parts: readonly CatalogPart[], version = 'files'): FilledContent {
  const content: FilledContent = {
    version,
    sources: [],
    assets: [],
    edges: [],
    signals: [],
    unresolved: [],
    gaps: [],
  };
  for (const { source, type, snapshot } of parts) {
    content.sources.push({
      name: source,
      type: type ?? source,
      info: snapshot.info,
      warnings: snapshot.warnings,
    });
    const ids = new Map<string, string>();
    for (const draft of snapshot.assets) {
      const id = assetId(source, draft.sourceId);
      ids.set(draft.sourceId, id);
      content.assets.push({ ...draft, id, source });
    }
    for (const edge of snapshot.edges) {
      const fromId = ids.get(edge.from);
      const toId = ids.get(edge.to);
      if (fromId === undefined || toId === undefined) {
        content.unresolved.push({ source, ...edge });
      } else {
        content.edges.push({ fromId, toId, kind: edge.kind });
      }
    }
    for (const { sourceId, ...signal } of snapshot.signals) {
      const id = ids.get(sourceId);
      if (id !== undefined) content.signals.push({ ...signal, assetId: id });
    }
  }
  return content;
}
