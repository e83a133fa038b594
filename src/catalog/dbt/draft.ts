import path from 'node:path';
import type { AssetDraft, AssetKind, OwnerRef } from '../asset.js';
import { metaLayers } from '../meta/layers.js';
import { type MetaFacts, readMetaFacts } from '../meta/meta-facts.js';
import { isPlainObject, unique } from '../meta/values.js';
import type { DbtNode, GroupSpec } from './specs.js';

/** What every dbt asset is made with. */
export interface DraftContext {
  now: Date;
  groups: readonly GroupSpec[];
  /** Name of the warehouse in steward.yml that this project builds into. */
  warehouse?: string;
}

/** What is written beside a node by hand, from every place where dbt people put it. */
export function factsOf(node: Pick<DbtNode, 'metas' | 'tags'>, now: Date): MetaFacts {
  return readMetaFacts(metaLayers(...node.metas), node.tags, now);
}

/** The fields that a model, source, exposure and metric fill in the same way. */
export function draftOf(node: DbtNode, kind: AssetKind, facts: MetaFacts, context: DraftContext): AssetDraft {
  const { label: metaLabel, owners: metaOwners, warehouse: metaWarehouse, ...rest } = facts;
  const group = groupOf(node, context.groups);
  const owners: OwnerRef[] = group === undefined || group.owners.length === 0 ? metaOwners : group.owners;
  const label = node.label ?? metaLabel;
  const warehouse = metaWarehouse ?? context.warehouse;
  const folder = node.file === undefined ? undefined : path.posix.dirname(node.file);
  return {
    ...rest,
    sourceId: node.uniqueId,
    kind,
    name: node.name,
    ...(label === undefined ? {} : { label }),
    description: node.description,
    owners,
    ...(warehouse === undefined ? {} : { warehouse }),
    tags: unique(node.tags),
    columns: [],
    ...(folder === undefined ? {} : { path: folder }),
    meta: mergedMeta(node.metas),
    provenance: {
      '*': node.place,
      ...(owners !== metaOwners && group?.file !== undefined ? { owners: { file: group.file } } : {}),
    },
  };
}

/** The group a node is in: one of its own package first. */
export function groupOf(
  node: Pick<DbtNode, 'group' | 'packageName'>,
  groups: readonly GroupSpec[],
): GroupSpec | undefined {
  if (node.group === undefined) return undefined;
  const named = groups.filter((group) => group.name === node.group);
  return named.find((group) => group.packageName === node.packageName) ?? named[0];
}

/** All hand-written facts in one record; the earlier place wins. */
function mergedMeta(metas: readonly unknown[]): Record<string, unknown> {
  return Object.assign({}, ...metas.filter(isPlainObject).reverse());
}
