import type { AssetDraft, EdgeDraft } from '../../../catalog/asset.js';
import { makeCatalog } from '../../../catalog/snapshot.js';
import type { CatalogView } from '../../../catalog/view.js';
import { makeRandom } from './random.js';

function draft(
  kind: AssetDraft['kind'],
  sourceId: string,
  name: string,
  domain: string,
  tier: number,
): AssetDraft {
  return {
    sourceId,
    kind,
    name,
    description: '',
    synonyms: [],
    dimensions: [],
    filters: [],
    caveats: [],
    owners: [{ team: `${domain}-team`, email: `${domain}@example.com` }],
    domain,
    tier,
    certified: false,
    status: 'active',
    classification: [],
    relation: `analytics.${domain}.${name}`,
    tags: [],
    columns: [],
    context: [],
    meta: {},
    provenance: {},
  };
}

/**
 * A made-up company's lineage: domains of sources, staging, intermediate and mart models with dashboards, and a few marts that
 * read another domain. Some 17 assets each.
 */
export function makeSampleCatalog(seed: number, domains = 24): CatalogView {
  const random = makeRandom(seed ^ 0x5eed);
  const assets: AssetDraft[] = [];
  const edges: EdgeDraft[] = [];
  const marts: string[] = [];
  for (let index = 0; index < domains; index += 1) {
    const domain = `d${index}`;
    const add = (
      kind: AssetDraft['kind'],
      resource: string,
      name: string,
      tier: number,
      from: readonly string[],
    ): string => {
      const id = `${resource}.shop.${kind === 'source' ? `${domain}_raw.` : ''}${name}`;
      assets.push(draft(kind, id, name, domain, tier));
      for (const parent of new Set(from))
        edges.push({ from: parent, to: id, kind: kind === 'exposure' ? 'exposes' : 'upstream' });
      return id;
    };
    const staging = Array.from({ length: random.between(3, 4) }, (_, at) => {
      const source = add('source', 'source', `${domain}_events_${at}`, 3, []);
      return add('model', 'model', `stg_${domain}_events_${at}`, 3, [source]);
    });
    const middle = Array.from({ length: random.between(3, 5) }, (_, at) =>
      add(
        'model',
        'model',
        `int_${domain}_step_${at}`,
        2,
        random.shuffle(staging).slice(0, random.between(1, 2)),
      ),
    );
    const own = Array.from({ length: random.between(3, 4) }, (_, at) => {
      const foreign = marts.length > 0 && random.chance(0.12) ? [random.pick(marts)] : [];
      return add('model', 'model', `fct_${domain}_mart_${at}`, random.between(1, 2), [
        ...random.shuffle(middle).slice(0, random.between(1, 2)),
        ...foreign,
      ]);
    });
    for (let at = 0; at < 2; at += 1)
      add('exposure', 'exposure', `dash_${domain}_${at}`, 1, random.shuffle(own).slice(0, 2));
    marts.push(...own);
  }
  return makeCatalog([
    { source: 'sample', snapshot: { assets, edges, signals: [], warnings: [], info: {} } },
  ]);
}
