/**
 * The catalog's one record. Every source connector turns what it reads into these types at once, and everything
 * after it (search, answers, lineage, policy facts) knows no other shape.
 */

/** What an asset is, in the field's own words. Models include seeds and snapshots; tests are signals, not assets. */
export const assetKinds = ['metric', 'model', 'source', 'column', 'exposure', 'term', 'pipeline'] as const;
export type AssetKind = (typeof assetKinds)[number];

/** `open`: anyone inside; `requestable`: name, purpose and owner only; `hidden`: answered like a thing that does not exist. */
export type VisibilityLevel = 'open' | 'requestable' | 'hidden';

/** Where one field of an asset was read, so that an answer can say so. */
export interface Provenance {
  /** Path inside the source (a YAML file, an artifact) or the API call. */
  file?: string;
  line?: number;
  /** Commit or artifact version, where the source knows it. */
  revision?: string;
  url?: string;
  /** Name of the source, where a field was filled in from another one. */
  source?: string;
}

export interface Column {
  name: string;
  description: string;
  dataType?: string;
  tags: string[];
  /** Sensitivity labels such as `pii`, `financial`; from tags and meta. */
  classification: string[];
  meta: Record<string, unknown>;
  /** Written down, and not in the warehouse when that was looked at: it was dropped, or is not built yet. */
  notBuilt?: true;
}

/** Somebody who answers for an asset: a team id, an e-mail or a plain name, exactly as the source wrote it. */
export interface OwnerRef {
  name?: string;
  email?: string;
  team?: string;
}

/** How a metric is computed, as the source wrote it. */
export interface Formula {
  /** `simple`, `ratio`, `derived`, `cumulative`, `conversion`, `expression` … (source's own type). */
  type: string;
  /** The formula in one line, as the source wrote it: `sum(amount)`, `net_revenue / active_users`. */
  expression: string;
  aggregation?: string;
  /** Names of the metrics and measures it is built from. */
  inputs: string[];
  window?: string;
  /** The compiled query, where the source has one. */
  compiledQuery?: string;
}

export interface Partition {
  grain: 'hour' | 'day' | 'month';
  column: string;
  /** IANA name; partitions are in the pipeline's own zone. */
  timeZone: string;
  /** How long partitions are kept, in days; absent when unlimited. */
  retentionDays?: number;
}

export interface FreshnessSla {
  warnAfterMinutes?: number;
  errorAfterMinutes?: number;
}

export interface Contract {
  enforced: boolean;
  /** Columns the producer promised. */
  columns: { name: string; dataType?: string }[];
  checksum?: string;
}

/** An asset as a connector reports it. Absent scalars are absent, never `null` or `''`; lists are empty, never absent. */
export interface AssetDraft {
  /** The native identifier of the source (dbt: the node's `unique_id`). Unique within one source. */
  sourceId: string;
  kind: AssetKind;
  name: string;
  label?: string;
  description: string;
  synonyms: string[];
  formula?: Formula;
  unit?: string;
  grain?: string;
  timeDimension?: string;
  dimensions: string[];
  filters: string[];
  caveats: string[];
  runbook?: string;
  exampleQuery?: string;
  owners: OwnerRef[];
  backupOwner?: OwnerRef;
  domain?: string;
  /** 1 is the most important; `tiers` in steward.yml says what each means. */
  tier?: number;
  certified: boolean;
  status: 'active' | 'draft' | 'deprecated';
  /** Name or sourceId of what to use instead of a deprecated asset. */
  successor?: string;
  /** Last day of use of a deprecated asset, ISO date. */
  deprecatedOn?: string;
  classification: string[];
  warehouse?: string;
  /** `database.schema.table` as the warehouse knows it. */
  relation?: string;
  executor?: { name: string; pipeline: string };
  /** Checksum of the code or file that a table is built from, as the source gives it: says that it changed, and not how. */
  codeChecksum?: string;
  partition?: Partition;
  contract?: Contract;
  freshnessSla?: FreshnessSla;
  url?: string;
  tags: string[];
  columns: Column[];
  /**
   * `documentation`: only what somebody wrote down. The table may have more, and what is written down no longer may still be there. Absent: these are all.
   */
  columnsFrom?: 'documentation';
  /** Words from around the asset that help to find it (measure expressions, folder, semantic model), weakest field. */
  context: string[];
  /** Path of the folder the definition lives in, for families and context. */
  path?: string;
  /** Version of a versioned model and the family name it shares. */
  version?: string;
  meta: Record<string, unknown>;
  /** Field name (`description`, `formula`, `owners` …) to where it was read; `*` is the default for the rest. */
  provenance: Record<string, Provenance>;
  /** Only points to an asset of another source, by name or relation, to say something about it; never shown itself. */
  reference?: true;
}

/** How one asset relates to another. `from` is always the upstream side. */
export type EdgeKind = 'upstream' | 'measures' | 'exposes' | 'runs';

/** Lineage between two assets, by the source's own identifiers. */
export interface EdgeDraft {
  /** sourceId of the upstream asset. */
  from: string;
  /** sourceId of the downstream asset, which is built from `from`. */
  to: string;
  kind: EdgeKind;
}

/** Something measured about an asset at a time: evidence for trust verdicts and for "why did it change". */
export interface SignalDraft {
  /** sourceId of the asset it is about. */
  sourceId: string;
  type: 'test' | 'freshness' | 'run' | 'tie-out' | 'usage' | 'volume';
  /** Name of the test, of the run or of the check. */
  name: string;
  status: 'pass' | 'warn' | 'fail' | 'error' | 'skipped' | 'unknown';
  /** When it was observed, ISO time. */
  observedAt: string;
  /** Freshness: when the newest row was loaded, ISO time. */
  loadedAt?: string;
  /** Failing rows, run seconds, rows, queries … `unit` says which. */
  value?: number;
  unit?: string;
  message?: string;
  columnName?: string;
}

/** Everything one source said, ready to be stored in one transaction. */
export interface SourceSnapshot {
  assets: AssetDraft[];
  edges: EdgeDraft[];
  signals: SignalDraft[];
  /** Sentences for whoever runs the sync: what was odd and what was done about it. */
  warnings: string[];
  /** The source could not give everything it has: what is missing here may still be there. */
  incomplete?: true;
  /** What the source called itself: dbt version, schema version, generated at, project. */
  info: Record<string, string>;
}

/** An asset inside the catalog: a draft that knows its source and has an id. */
export interface Asset extends AssetDraft {
  /** uuid, derived from source and sourceId: the same from files alone and from the database. */
  id: string;
  /** Name of the source as configured in steward.yml. */
  source: string;
}

export interface Edge {
  fromId: string;
  toId: string;
  kind: EdgeKind;
}

export interface Signal extends Omit<SignalDraft, 'sourceId'> {
  assetId: string;
}
