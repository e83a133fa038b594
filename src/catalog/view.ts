import type { Asset, AssetKind, EdgeKind, Signal } from './asset.js';

/** What the catalog knows about one of its sources: shown by `catalog list`, `doctor` and the answers' footers. */
export interface CatalogSource {
  /** Name as configured in steward.yml, or `<type>` when read from the command line. */
  name: string;
  type: string;
  /** What the source said of itself: dbt version, schema version, generated at, project. */
  info: Record<string, string>;
  warnings: string[];
  /** When this content was read, ISO time; absent when read from files alone. */
  readAt?: string;
  /** Why the latest read failed. The content shown is then the last good one. */
  error?: string;
}

/** An asset next to another one. */
export interface Neighbour {
  asset: Asset;
  kind: EdgeKind;
}

/** An asset met on a walk along the lineage. */
export interface Reached extends Neighbour {
  /** 1 for a direct neighbour. */
  distance: number;
  /** The asset one step nearer to the start: following `viaId` back gives the shortest path. */
  viaId: string;
}

export interface WalkOptions {
  /** Stop after that many steps; unlimited when absent. */
  maxDistance?: number;
  /** Report only assets of these kinds. The walk still goes through the others. */
  kinds?: readonly AssetKind[];
}

/** An edge whose other end no source knows: a broken reference, or something outside the catalog. */
export interface UnresolvedEdge {
  source: string;
  from: string;
  to: string;
  kind: EdgeKind;
}

/** The same name on several assets of one kind, which an answer must ask about and never merge. */
export interface CatalogGap {
  type: 'conflicting' | 'missing' | 'stale';
  assetIds: string[];
  field?: string;
  /** Names of sources: whose word on `field` is shown, and whose is another. */
  between?: { shown: string; other: string };
  message: string;
}

export interface ResolveOptions {
  kinds?: readonly AssetKind[];
  /** Of these alone: what somebody may not know of stands in nobody's way, by no name it has. */
  where?: (asset: Asset) => boolean;
}

/**
 * The catalog as everything else reads it: answers, incidents, backfills and access use this and nothing below it,
 * whether it came from files (`makeCatalog`) or from PostgreSQL (`loadCatalog`). It is a frozen picture held in memory: a
 * newer catalog is a new view. Every walk ends on cyclic lineage. A column is an asset too (kind `column`), made on demand from
 * its table; its lineage and signals are those of its table.
 */
export interface CatalogView {
  /** Changes whenever the content does. */
  readonly version: string;
  readonly sources: readonly CatalogSource[];
  readonly unresolved: readonly UnresolvedEdge[];
  readonly gaps: readonly CatalogGap[];

  /** Every asset but the columns, in the order of the sources. */
  assets(): readonly Asset[];
  /** Every column of every table, as assets. */
  columns(): Iterable<Asset>;
  columnsOf(id: string): Asset[];
  /** The table of a column asset; undefined for anything else. */
  tableOf(columnId: string): Asset | undefined;

  get(id: string): Asset | undefined;
  /** By the source's own identifier. Without `source` the first source that has it wins. */
  bySourceId(sourceId: string, source?: string): Asset | undefined;
  /**
   * What people may mean by `text`: the best matching tier only, of source id, relation, name, label, synonym. Case, quotes, and
   * the difference between `_`, `-`, `.` and blanks do not count. Several results mean that somebody has to be asked.
   */
  resolve(text: string, options?: ResolveOptions): Asset[];
  /** Everything of exactly this name, several when a name is used twice. */
  byName(name: string, kind?: AssetKind): Asset[];
  /** Tables by `database.schema.table`, `schema.table` or `table`, as far as it is given. */
  byRelation(relation: string): Asset[];

  parents(id: string): readonly Neighbour[];
  children(id: string): readonly Neighbour[];
  /** Everything it is built from, nearest first. */
  upstream(id: string, options?: WalkOptions): Reached[];
  /** Everything that is built from it, nearest first. */
  downstream(id: string, options?: WalkOptions): Reached[];

  /** Newest first. */
  signals(id: string): readonly Signal[];
  /** The newest of each check (type, name, column), newest first. */
  latestSignals(id: string): Signal[];
}
