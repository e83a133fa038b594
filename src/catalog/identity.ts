import type { Asset, AssetKind } from './asset.js';
import type { CatalogContent } from './content.js';
import { completed, conflictsOf } from './merge-assets.js';
import { foldName, plainRelation } from './names.js';
import type { CatalogGap } from './view.js';

/** How several sources are made one catalog (`catalog.precedence` and `catalog.identity` in steward.yml). */
export interface IdentityRules {
  /** Names of sources, strongest first; those not named follow in the order in which they are configured. */
  precedence: readonly string[];
  identity: readonly { by: 'name'; kinds: readonly string[]; sources: readonly string[] }[];
}

export const noIdentityRules: IdentityRules = { precedence: [], identity: [] };

/**
 * Finds assets of several sources that are one thing: the same table in the warehouse, the same dbt node, a reference, or equal names where a rule says
 * so. The strongest source's asset stays, is completed from the others, and everything that differs is a gap; lineage and signals of the
 * others go to it, and their ids lead to it. Equal names without a rule stay two assets, and a gap says so.
 */
export function withIdentity(content: CatalogContent, rules: IdentityRules): CatalogContent {
  const types = new Map(content.sources.map((source) => [source.name, source.type]));
  if (types.size < 2) return withoutReferences(content, new Map());
  const rank = rankOf(content, rules);
  const groups = groupsOf(content.assets, rules, types);
  const aliases = new Map(content.aliases ?? []);
  const merged = new Map<string, Asset>();
  const gaps: CatalogGap[] = [...(content.gaps ?? [])];
  for (const group of groups) {
    const [first, ...others] = [...group].sort(
      (a, b) => Number(a.reference ?? false) - Number(b.reference ?? false) || rank(a) - rank(b),
    );
    if (first === undefined) continue;
    let whole = first;
    for (const other of others) {
      aliases.set(other.id, first.id);
      gaps.push(...conflictsOf(whole, other));
      whole = completed(whole, other);
    }
    merged.set(first.id, whole);
  }
  const kept = content.assets
    .filter((asset) => !aliases.has(asset.id))
    .map((asset) => merged.get(asset.id) ?? asset);
  const idOf = (id: string): string => aliases.get(id) ?? id;
  return withoutReferences(
    {
      ...content,
      assets: kept,
      edges: content.edges
        .map((edge) => ({ ...edge, fromId: idOf(edge.fromId), toId: idOf(edge.toId) }))
        .filter((edge) => edge.fromId !== edge.toId),
      signals: content.signals.map((signal) => ({ ...signal, assetId: idOf(signal.assetId) })),
      gaps: [...gaps, ...sameNames(kept)],
    },
    aliases,
  );
}

function rankOf(content: CatalogContent, rules: IdentityRules): (asset: Asset) => number {
  const order = [...rules.precedence, ...content.sources.map((source) => source.name)];
  return (asset) => order.indexOf(asset.source);
}

/** A reference that found nothing is a statement about something unknown: it is no asset, and a gap says so. */
function withoutReferences(content: CatalogContent, aliases: Map<string, string>): CatalogContent {
  const lost = content.assets.filter((asset) => asset.reference === true);
  if (lost.length === 0) return { ...content, aliases };
  const gone = new Set(lost.map((asset) => asset.id));
  return {
    ...content,
    aliases,
    assets: content.assets.filter((asset) => !gone.has(asset.id)),
    edges: content.edges.filter((edge) => !gone.has(edge.fromId) && !gone.has(edge.toId)),
    signals: content.signals.filter((signal) => !gone.has(signal.assetId)),
    gaps: [
      ...(content.gaps ?? []),
      ...lost.map(
        (asset): CatalogGap => ({
          type: 'missing',
          assetIds: [],
          message: `${asset.source} speaks of ${asset.relation ?? asset.name}, which no source has, or several have.`,
        }),
      ),
    ],
  };
}

const tableKinds: readonly AssetKind[] = ['model', 'source'];

function groupsOf(
  assets: readonly Asset[],
  rules: IdentityRules,
  types: ReadonlyMap<string, string>,
): Asset[][] {
  const groupOf = new Map<Asset, Set<Asset>>();
  const join = (found: readonly Asset[]): void => {
    const sources = new Set(found.map((asset) => asset.source));
    // Twice in one source is two things, whatever they are called.
    if (sources.size !== found.length || found.length < 2) return;
    const whole = new Set(found.flatMap((asset) => [...(groupOf.get(asset) ?? [asset])]));
    if (new Set([...whole].map((asset) => asset.source)).size !== whole.size) return;
    for (const asset of whole) groupOf.set(asset, whole);
  };
  const own = assets.filter((asset) => asset.reference !== true);
  for (const same of indexed(own.filter(isTable), (asset) => relationKey(asset)).values()) join(same);
  const dbt = own.filter((asset) => types.get(asset.source)?.startsWith('dbt-') === true);
  for (const same of indexed(dbt, (asset) => asset.sourceId).values()) join(same);
  for (const rule of rules.identity) {
    const named = own.filter(
      (asset) => rule.kinds.includes(asset.kind) && rule.sources.includes(asset.source),
    );
    for (const same of indexed(named, (asset) => foldName(asset.name)).values()) join(same);
  }
  const find = finder(own);
  for (const reference of assets.filter((asset) => asset.reference === true)) {
    const target = find(reference);
    if (target === undefined) continue;
    const whole = groupOf.get(target) ?? new Set([target]);
    whole.add(reference);
    for (const asset of whole) groupOf.set(asset, whole);
  }
  return [...new Set(groupOf.values())].map((group) => [...group]);
}

/** What a reference means: by relation (as much of it as is given), by source id, by name; only when that is one thing. */
function finder(assets: readonly Asset[]): (reference: Asset) => Asset | undefined {
  const byRelation = new Map<string, Asset[]>();
  for (const asset of assets.filter(isTable)) {
    const parts = relationKey(asset)?.split('.') ?? [];
    for (const [start] of parts.entries()) {
      const key = parts.slice(start).join('.');
      byRelation.set(key, [...(byRelation.get(key) ?? []), asset]);
    }
  }
  const bySourceId = indexed(assets, (asset) => asset.sourceId);
  const byName = indexed(assets, (asset) => foldName(asset.name));
  return (reference) => {
    const relation = relationKey(reference);
    const found = [
      relation === undefined ? [] : (byRelation.get(relation) ?? []),
      bySourceId.get(reference.name) ?? [],
      byName.get(foldName(reference.name)) ?? [],
    ].find((assetsThere) => assetsThere.length > 0);
    return found?.length === 1 ? found[0] : undefined;
  };
}

function isTable(asset: Asset): boolean {
  return tableKinds.includes(asset.kind) && asset.relation !== undefined;
}

function relationKey(asset: Asset): string | undefined {
  return asset.relation === undefined ? undefined : plainRelation(asset.relation).toLowerCase();
}

/** Metrics and terms of one name in several sources, which no rule calls the same. */
function sameNames(assets: readonly Asset[]): CatalogGap[] {
  const named = assets.filter((asset) => asset.kind === 'metric' || asset.kind === 'term');
  return [...indexed(named, (asset) => foldName(asset.name)).values()]
    .filter((same) => new Set(same.map((asset) => asset.source)).size > 1)
    .map((same) => ({
      type: 'conflicting',
      assetIds: same.map((asset) => asset.id),
      field: 'name',
      message: `${same[0]?.name} is defined by ${same.map((asset) => asset.source).join(' and ')}; both are kept. Say under catalog.identity if they are one.`,
    }));
}

function indexed(
  assets: readonly Asset[],
  keyOf: (asset: Asset) => string | undefined,
): Map<string, Asset[]> {
  const index = new Map<string, Asset[]>();
  for (const asset of assets) {
    const key = keyOf(asset);
    if (key === undefined || key === '') continue;
    const list = index.get(key);
    if (list === undefined) index.set(key, [asset]);
    else list.push(asset);
  }
  return index;
}
