import { expect, it } from 'vitest';
import { bm25fEngine } from './engines/bm25f.js';
import { toRow } from './engines/engine.js';
import { fuseEngine } from './engines/fuse.js';
import { ours } from './engines/ours.js';
import { type BenchCatalog, oddNamesCatalog, shopCatalog } from './fixture-catalogs.js';
import { sampleCompany } from './question-sets.js';
import { platformFamilies, variations } from './variations.js';

/** Share of the questions whose first hit is right. */
async function firstHits(set: BenchCatalog, engine: typeof ours): Promise<number> {
  const built = await engine.build(set.assets.map(toRow), set.assets);
  let first = 0;
  for (const { question, gold } of set.questions) {
    const [found] = await built.search(question);
    if (found !== undefined && gold.includes(found)) first++;
  }
  return first / Math.max(1, set.questions.length);
}

const { assets } = shopCatalog();
const sets: BenchCatalog[] = [
  ...variations
    .map(({ name, make }) => ({ name, assets, questions: make(assets) }))
    .filter((set) => set.questions.length >= 8),
  ...(['prefix', 'suffix', 'label', 'path'] as const).map((style) => platformFamilies(assets, style)),
  oddNamesCatalog(),
];

it.each(sets)('is not behind plain BM25F where a name is $name', async (set) => {
  expect(await firstHits(set, ours)).toBeGreaterThanOrEqual(await firstHits(set, bm25fEngine));
});

it('finds names made of small words and of words that elsewhere are orders', async () => {
  expect(await firstHits(oddNamesCatalog(), ours)).toBeGreaterThanOrEqual(0.97);
});

/** Both ways of asking in the words of a description. */
const ofDescriptions = variations.filter(
  ({ name }) => name === 'what the description says' || name === 'former wordings',
);

it.each(ofDescriptions)('finds $name where a description of the shop is all there is', async ({ make }) => {
  expect(await firstHits({ name: '', assets, questions: make(assets) }, ours)).toBeGreaterThanOrEqual(0.94);
});

it('is ahead of Fuse.js on former wordings', async () => {
  const make = variations.find(({ name }) => name === 'former wordings')?.make;
  const every = (make?.(assets) ?? []).filter((_, i) => i % 3 === 0);
  const set = { name: '', assets, questions: every };
  expect(await firstHits(set, ours)).toBeGreaterThan(await firstHits(set, fuseEngine));
});

it.each(ofDescriptions)('is not behind BM25F at the sample company: $name', async (variation) => {
  const company = await sampleCompany();
  const set = { name: '', assets: company, questions: variation.make(company) };
  const first = await firstHits(set, ours);
  expect(first).toBeGreaterThanOrEqual(0.87);
  expect(first).toBeGreaterThanOrEqual(await firstHits(set, bm25fEngine));
});
