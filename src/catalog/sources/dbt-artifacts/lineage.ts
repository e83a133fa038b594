import type { AssetKind, EdgeDraft, EdgeKind } from '../../asset.js';
import { isPlainObject } from '../../meta/values.js';
import type { Manifest, ManifestNode } from './schema.js';

/**
 * Lineage between assets, from what every node depends on. Nodes that are no assets (semantic models, functions, operations, tests) are
 * bridged, so that a metric hangs on the table that its semantic model stands on.
 */
export function manifestEdges(manifest: Manifest, kinds: ReadonlyMap<string, AssetKind>): EdgeDraft[] {
  const parents = new Map<string, string[]>();
  for (const { uniqueId, node } of allNodes(manifest)) parents.set(uniqueId, dependsOn(node));

  /** Nearest assets above a node, through whatever is none. */
  function assetsAbove(id: string, seen: Set<string>): string[] {
    return (parents.get(id) ?? []).flatMap((parent) => {
      if (seen.has(parent)) return [];
      seen.add(parent);
      return kinds.has(parent) || !parents.has(parent) ? [parent] : assetsAbove(parent, seen);
    });
  }

  return [...kinds].flatMap(([to, kind]) =>
    [...new Set(assetsAbove(to, new Set()))].map((from) => ({
      from,
      to,
      kind: edgeKind(kinds.get(from), kind),
    })),
  );
}

export function edgeKind(from: AssetKind | undefined, to: AssetKind): EdgeKind {
  if (to === 'exposure') return 'exposes';
  return to === 'metric' && from !== 'metric' ? 'measures' : 'upstream';
}

function allNodes(manifest: Manifest): ManifestNode[] {
  return [
    ...manifest.nodes,
    ...manifest.sources,
    ...manifest.exposures,
    ...manifest.metrics,
    ...manifest.semantic_models,
    ...manifest.functions,
  ];
}

export function dependsOn(node: Record<string, unknown>): string[] {
  const { depends_on: dependencies } = node;
  if (!isPlainObject(dependencies) || !Array.isArray(dependencies.nodes)) return [];
  return dependencies.nodes.filter((id): id is string => typeof id === 'string');
}
