import { isPlainObject, type PlainObject } from './values.js';

/** One object of hand-written facts, its keys folded to snake case. */
export type MetaLayer = ReadonlyMap<string, unknown>;

/** Keys whose object value is a fact of its own and not somebody's namespace. */
const notNamespaces = new Set([
  'owner',
  'owners',
  'backup_owner',
  'contact',
  'freshness',
  'sla',
  'partition',
  'executor',
  'deprecated',
  'deprecation',
]);

/**
 * The facts under `meta`, in order of precedence. Each object may hold facts itself or inside namespaces (`config.meta.<vendor>`): what
 * stands in a namespace called `steward` comes first, then the object's own keys, then every other namespace.
 */
export function metaLayers(...metas: unknown[]): MetaLayer[] {
  const ours: MetaLayer[] = [];
  const own: MetaLayer[] = [];
  const vendors: MetaLayer[] = [];
  for (const meta of metas) {
    if (!isPlainObject(meta)) continue;
    own.push(layerOf(meta));
    for (const [key, value] of Object.entries(meta)) {
      if (!isPlainObject(value) || notNamespaces.has(foldKey(key))) continue;
      (foldKey(key) === 'steward' ? ours : vendors).push(layerOf(value));
    }
  }
  return [...ours, ...own, ...vendors];
}

/** The first value that any layer has under any of the keys; an earlier layer beats an earlier key. */
export function firstValue(layers: readonly MetaLayer[], keys: readonly string[]): unknown {
  for (const layer of layers) {
    for (const key of keys) {
      const value = layer.get(key);
      if (value !== undefined && value !== null && value !== '') return value;
    }
  }
  return undefined;
}

/** The values of all layers and keys: for lists that add up, such as synonyms. */
export function allValues(layers: readonly MetaLayer[], keys: readonly string[]): unknown[] {
  return layers.flatMap((layer) =>
    keys.map((key) => layer.get(key)).filter((value) => value !== undefined && value !== null),
  );
}

function layerOf(object: PlainObject): MetaLayer {
  return new Map(Object.entries(object).map(([key, value]) => [foldKey(key), value]));
}

function foldKey(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[\s.-]+/g, '_')
    .toLowerCase();
}
