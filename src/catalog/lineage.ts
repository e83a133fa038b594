import type { Asset, Edge } from './asset.js';
import type { Neighbour, Reached, WalkOptions } from './view.js';

interface Lineage {
  parents: (id: string) => readonly Neighbour[];
  children: (id: string) => readonly Neighbour[];
  upstream: (id: string, options?: WalkOptions) => Reached[];
  downstream: (id: string, options?: WalkOptions) => Reached[];
}

const none: readonly Neighbour[] = [];

/** Both directions of the lineage, with walks that visit every asset once: a cycle in the source cannot hold them. */
export function makeLineage(byId: ReadonlyMap<string, Asset>, edges: readonly Edge[]): Lineage {
  const parentsOf = new Map<string, Neighbour[]>();
  const childrenOf = new Map<string, Neighbour[]>();
  const seen = new Set<string>();
  for (const edge of edges) {
    const from = byId.get(edge.fromId);
    const to = byId.get(edge.toId);
    const key = `${edge.fromId} ${edge.toId} ${edge.kind}`;
    if (from === undefined || to === undefined || seen.has(key)) continue;
    seen.add(key);
    push(childrenOf, from.id, { asset: to, kind: edge.kind });
    push(parentsOf, to.id, { asset: from, kind: edge.kind });
  }
  const parents = (id: string) => parentsOf.get(id) ?? none;
  const children = (id: string) => childrenOf.get(id) ?? none;
  return {
    parents,
    children,
    upstream: (id, options) => walk(id, parents, options),
    downstream: (id, options) => walk(id, children, options),
  };
}

function walk(
  start: string,
  next: (id: string) => readonly Neighbour[],
  options: WalkOptions = {},
): Reached[] {
  const visited = new Set([start]);
  const reached: Reached[] = [];
  let frontier = [start];
  for (
    let distance = 1;
    frontier.length > 0 && distance <= (options.maxDistance ?? Infinity);
    distance += 1
  ) {
    const following: string[] = [];
    for (const viaId of frontier) {
      for (const { asset, kind } of next(viaId)) {
        if (visited.has(asset.id)) continue;
        visited.add(asset.id);
        following.push(asset.id);
        reached.push({ asset, kind, distance, viaId });
      }
    }
    frontier = following;
  }
  const { kinds } = options;
  return kinds === undefined ? reached : reached.filter(({ asset }) => kinds.includes(asset.kind));
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
