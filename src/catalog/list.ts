import { z } from 'zod';
import { type Asset, type AssetKind, assetKinds } from './asset.js';
import type { CatalogView } from './view.js';

/** One row of `steward catalog list --json`. `source_id` is the source's own identifier (dbt: `unique_id`; a column: its table's, `#`, its name). */
export const CatalogListRow = z.object({
  source_id: z.string(),
  kind: z.enum(assetKinds),
  name: z.string(),
  label: z.string().nullable(),
  source: z.string(),
  description: z.string(),
  synonyms: z.array(z.string()),
  owners: z.array(z.string()),
  tier: z.number().nullable(),
  certified: z.boolean(),
  status: z.enum(['active', 'draft', 'deprecated']),
  relation: z.string().nullable(),
  version: z.string().nullable(),
  tags: z.array(z.string()),
  /** How it is computed, as the source wrote it; null for what is no metric, and where the source does not say. */
  formula: z
    .object({
      type: z.string(),
      expression: z.string(),
      aggregation: z.string().optional(),
      inputs: z.array(z.string()),
      window: z.string().optional(),
      compiledQuery: z.string().optional(),
    })
    .nullable(),
  unit: z.string().nullable(),
  grain: z.string().nullable(),
  time_dimension: z.string().nullable(),
  dimensions: z.array(z.string()),
  filters: z.array(z.string()),
  caveats: z.array(z.string()),
  domain: z.string().nullable(),
  classification: z.array(z.string()),
  successor: z.string().nullable(),
  url: z.string().nullable(),
  /** File or API call it was read from. */
  file: z.string().nullable(),
});
export type CatalogListRow = z.infer<typeof CatalogListRow>;

/** What `steward catalog list --json` writes. */
export const CatalogList = z.object({ assets: z.array(CatalogListRow) });
export type CatalogList = z.infer<typeof CatalogList>;

/** Every asset of a catalog, or those of one kind, in full: columns are among them. */
export function listCatalog(catalog: CatalogView, kind?: AssetKind): CatalogList {
  const assets: CatalogListRow[] = [];
  for (const asset of catalog.assets()) {
    if (kind === undefined || asset.kind === kind) assets.push(listRow(asset));
  }
  if (kind === undefined || kind === 'column') {
    for (const column of catalog.columns()) assets.push(listRow(column));
  }
  return { assets };
}

export function listRow(asset: Asset): CatalogListRow {
  return {
    source_id: asset.sourceId,
    kind: asset.kind,
    name: asset.name,
    label: asset.label ?? null,
    source: asset.source,
    description: asset.description,
    synonyms: asset.synonyms,
    owners: asset.owners.flatMap((owner) => owner.email ?? owner.name ?? owner.team ?? []),
    tier: asset.tier ?? null,
    certified: asset.certified,
    status: asset.status,
    relation: asset.relation ?? null,
    version: asset.version ?? null,
    tags: asset.tags,
    formula: asset.formula ?? null,
    unit: asset.unit ?? null,
    grain: asset.grain ?? null,
    time_dimension: asset.timeDimension ?? null,
    dimensions: asset.dimensions,
    filters: asset.filters,
    caveats: asset.caveats,
    domain: asset.domain ?? null,
    classification: asset.classification,
    successor: asset.successor ?? null,
    url: asset.url ?? null,
    file: asset.provenance['*']?.file ?? null,
  };
}

/** A word from the command line as a kind, plural or not. */
export function parseKind(word: string): AssetKind | undefined {
  const singular = word.trim().toLowerCase().replace(/s$/, '');
  return assetKinds.find((kind) => kind === singular);
}
