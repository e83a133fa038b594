import type { SourceSnapshot } from './asset.js';
import { assetId } from './asset-id.js';
import { makeColumns } from './column-assets.js';
import type { CatalogContent } from './content.js';
import { type IdentityRules, noIdentityRules, withIdentity } from './identity.js';
import { makeLineage } from './lineage.js';
import { buildLookup, type Lookup } from './lookup.js';
import { makeSignalIndex } from './signal-index.js';
import { atOnce } from './turns.js';
import type { CatalogView } from './view.js';

/** One source with what it said. */
export interface CatalogPart {
  /** Name of the source as configured. */
  source: string;
  type?: string;
  snapshot: SourceSnapshot;
}

type FilledContent = Required<CatalogContent>;

/** Builds the read interface over content that is already in memory. @param lookup where it was built with pauses. */
export function viewOf(
  content: CatalogContent,
  lookup: Lookup = atOnce(buildLookup(content.assets)),
): CatalogView {
  const byId = new Map(content.assets.map((asset) => [asset.id, asset]));
  const columns = makeColumns(content.assets);
  const aliases = content.aliases ?? new Map<string, string>();
  const known = (id: string): string => aliases.get(id) ?? id;
  const tableId = (given: string): string => {
    const id = known(given);
    return byId.has(id) ? id : (columns.tableOf(id)?.id ?? id);
  };
  const lineage = makeLineage(byId, content.edges);
  const signals = makeSignalIndex(content.signals);

  return {
    version: content.version,
    sources: content.sources,
    unresolved: content.unresolved ?? [],
    gaps: content.gaps ?? [],
    assets: () => content.assets,
    columns: columns.all,
    columnsOf: (id) => columns.of(known(id)),
    tableOf: columns.tableOf,
    get: (id) => byId.get(known(id)) ?? columns.get(id),
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
export function makeCatalog(
  parts: readonly CatalogPart[],
  rules: IdentityRules = noIdentityRules,
  version = 'files',
): CatalogView {
  return viewOf(withIdentity(contentOf(parts, version), rules));
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
    aliases: new Map(),
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
