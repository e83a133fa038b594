import type { Asset } from '../catalog/asset.js';
import type { CatalogView } from '../catalog/view.js';
import { mayKnowOf } from '../catalog/visibility.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';

interface Entry {
  asset: Asset;
  name: string;
  relation: string;
  words: string;
}

const inOrder = new Intl.Collator('en', { numeric: true });

/** One list per catalog, forgotten with it. */
const prepared = new WeakMap<CatalogView, Entry[]>();

/** Everything that can be asked for, prepared once per catalog version. */
function entriesOf(services: Services): Entry[] {
  const { view } = services.catalog.current();
  const known = prepared.get(view);
  if (known) return known;
  const entries = view
    .assets()
    .filter((asset) => asset.relation !== undefined && (asset.kind === 'model' || asset.kind === 'source'))
    .filter((asset) => services.warehouses.nameFor(asset) !== null)
    .map((asset) => ({
      asset,
      name: asset.name.toLowerCase(),
      relation: (asset.relation ?? '').toLowerCase(),
      words: [asset.label, asset.description, ...asset.synonyms, asset.domain].join(' ').toLowerCase(),
    }))
    .sort((a, b) => inOrder.compare(a.name, b.name));
  prepared.set(view, entries);
  return entries;
}

/** Quotes force a name; one of them may have stayed behind where words were cut. */
function unquoted(words: string): string {
  return words
    .trim()
    .replace(/^["'“`]|["'”`]$/g, '')
    .trim();
}

/** Datasets that this person may ask for, best match first. A scan of prepared text: some milliseconds at 10,000. */
export function searchDatasets(services: Services, person: Person, query: string, limit: number): Asset[] {
  const wanted = unquoted(query).toLowerCase();
  const terms = wanted.split(/[\s_.-]+/).filter((term) => term !== '');
  // Scores are few and entries stand in order of name, so that nothing has to be sorted while somebody types.
  const byScore = new Map<number, Asset[]>();
  for (const entry of entriesOf(services)) {
    const score = scoreOf(entry, wanted, terms);
    if (score === 0) continue;
    const same = byScore.get(score);
    if (same) same.push(entry.asset);
    else byScore.set(score, [entry.asset]);
  }
  const reader = { id: person.id, teams: person.teams };
  const found: Asset[] = [];
  for (const score of [...byScore.keys()].sort((a, b) => b - a)) {
    for (const asset of byScore.get(score) ?? []) {
      if (!mayKnowOf(asset, reader, services.config.catalog.visibility)) continue;
      found.push(asset);
      if (found.length >= limit) return found;
    }
  }
  return found;
}

function scoreOf(entry: Entry, wanted: string, terms: readonly string[]): number {
  if (wanted === '') return 1 + (entry.asset.tier === undefined ? 0 : 1 / entry.asset.tier);
  if (entry.name === wanted || entry.relation === wanted || entry.asset.sourceId.toLowerCase() === wanted)
    return 100;
  if (entry.name.startsWith(wanted)) return 60;
  if (entry.name.includes(wanted)) return 40;
  if (entry.relation.includes(wanted)) return 30;
  if (!terms.every((term) => entry.relation.includes(term) || entry.words.includes(term))) return 0;
  return terms.every((term) => entry.name.includes(term)) ? 20 : 10;
}

/**
 * The dataset that these words mean for this person: itself, or the one dataset a metric is measured on. Null where several have the name: which
 * one decides what is seen and who is asked, so that it is not guessed.
 */
export function datasetNamed(services: Services, person: Person, words: string): Asset | null {
  const { view } = services.catalog.current();
  const name = unquoted(words);
  const found = searchDatasets(services, person, name, 20);
  const called = calledExactly(found, name);
  const current = called.filter(({ successor }) => !called.some(({ sourceId }) => sourceId === successor));
  if (called.length > 0) return current.length === 1 ? (current[0] ?? null) : null;
  if (found.length === 1 && found[0]) return found[0];
  const isHidden = (asset: Asset): boolean =>
    !mayKnowOf(asset, { id: person.id, teams: person.teams }, services.config.catalog.visibility);
  const metric = view.resolve(name, { kinds: ['metric'] }).filter((one) => !isHidden(one))[0];
  if (!metric) return null;
  const tables = view
    .upstream(metric.id, { kinds: ['model', 'source'] })
    .filter((reached) => reached.asset.relation && !isHidden(reached.asset));
  const nearest = tables.filter((reached) => reached.distance === tables[0]?.distance);
  return nearest.length === 1 ? (nearest[0]?.asset ?? null) : null;
}

/** The datasets that have this very name, table or native id, as far as this person may know of them. */
export function datasetsCalled(services: Services, person: Person, words: string): Asset[] {
  const name = unquoted(words);
  return calledExactly(searchDatasets(services, person, name, 20), name);
}

function calledExactly(found: readonly Asset[], name: string): Asset[] {
  return found.filter((asset) =>
    [asset.name, asset.relation, asset.sourceId].some((one) => one?.toLowerCase() === name.toLowerCase()),
  );
}

/** `dim_customers for a support case`: the dataset, and the words after it that say what for. */
export function datasetWished(
  services: Services,
  person: Person,
  words: string,
): { dataset: Asset | null; reason: string } {
  if (words.trim() === '') return { dataset: null, reason: '' };
  const whole = datasetNamed(services, person, words);
  if (whole) return { dataset: whole, reason: '' };
  const cuts = [...words.matchAll(/\s+(?=(?:for|to|because|since|so|as|in order)\s)/gi)].slice(-8).reverse();
  for (const { index } of cuts) {
    const dataset = datasetNamed(services, person, words.slice(0, index));
    if (dataset) return { dataset, reason: words.slice(index).trim() };
  }
  return { dataset: null, reason: '' };
}
