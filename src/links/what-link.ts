import type { Asset } from '../catalog/asset.js';
import type { CatalogView } from '../catalog/view.js';

/** What an address that somebody posted leads to. */
export type Linked = { kind: 'asset'; asset: Asset } | { kind: 'incident' | 'definition'; number: number };

/** Path below `slack.links.own` at which Steward's own links lie: `/open/DEF-3`, `/open/<source id of an asset>`. */
export const openPath = '/open/';

/** Steward's own link to an asset, or null where steward.yml names no address of ours. */
export function ownLink(own: string | undefined, to: string): string | null {
  return own === undefined ? null : new URL(`${openPath}${encodeURIComponent(to)}`, own).href;
}

/**
 * Finds what an address means: one of ours, or that of a dashboard or of a definition in the catalog. Null for anything else, and where several things share the
 * address. Says nothing about who may know of it.
 */
export function whatLink(view: CatalogView, own: string | undefined, address: string): Linked | null {
  const url = parsed(address);
  if (url === null) return null;
  const ours = own === undefined ? null : parsed(own);
  if (ours !== null && url.origin === ours.origin) return ownTarget(view, url);
  const fitting = (addressesOf(view).get(pageOf(url)) ?? []).filter((known) => leadsTo(url, known));
  const most = Math.max(...fitting.map((known) => known.precision));
  const best = new Set(fitting.filter((known) => known.precision === most).map((known) => known.asset));
  const [asset] = best;
  return asset !== undefined && best.size === 1 ? { kind: 'asset', asset } : null;
}

function ownTarget(view: CatalogView, url: URL): Linked | null {
  if (!url.pathname.startsWith(openPath)) return null;
  const to = decoded(url.pathname.slice(openPath.length));
  const numbered = /^(INC|DEF)-(\d{1,9})$/i.exec(to);
  if (numbered?.[1] !== undefined)
    return {
      kind: numbered[1].toUpperCase() === 'INC' ? 'incident' : 'definition',
      number: Number(numbered[2]),
    };
  const asset = view.bySourceId(to);
  return asset === undefined ? null : { kind: 'asset', asset };
}

/** An address of the catalog. Its parameters and fragment say which page it is; what an address has beyond them is how somebody looked at it. */
interface Known {
  asset: Asset;
  parameters: [string, string][];
  fragment: string;
  /** How much of it has to fit: an address that says more is meant rather than one that says less. */
  precision: number;
}

const indexes = new WeakMap<CatalogView, Map<string, Known[]>>();

/** Every address the catalog knows: where an asset is (its dashboard, its page), and where its definition stands. Made once per catalog. */
function addressesOf(view: CatalogView): Map<string, Known[]> {
  const made = indexes.get(view);
  if (made !== undefined) return made;
  const index = new Map<string, Known[]>();
  for (const asset of view.assets()) {
    const addresses = [asset.url, asset.provenance['*']?.url, asset.provenance.description?.url];
    for (const address of new Set(addresses)) {
      const url = address === undefined ? null : parsed(address);
      if (url === null) continue;
      const parameters = [...url.searchParams];
      const known = {
        asset,
        parameters,
        fragment: url.hash,
        precision: parameters.length + (url.hash === '' ? 0 : 1),
      };
      const list = index.get(pageOf(url));
      if (list === undefined) index.set(pageOf(url), [known]);
      else list.push(known);
    }
  }
  indexes.set(view, index);
  return index;
}

function pageOf(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function leadsTo(url: URL, { parameters, fragment }: Known): boolean {
  if (!parameters.every(([key, value]) => url.searchParams.getAll(key).includes(value))) return false;
  // `#!/…` and `#/…` are pages of their own; any other fragment is a place on the page.
  return fragment === '' ? !/^#!?\//.test(url.hash) : url.hash === fragment;
}

function parsed(address: string): URL | null {
  try {
    const url = new URL(address);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
  } catch {
    return null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
