import { readFileSync } from 'node:fs';
import type { Asset } from '../src/catalog/asset.js';
import { buildIndex } from '../src/catalog/search/build-index.js';
import { search } from '../src/catalog/search/search.js';
import { enlarge } from './large-catalog.js';

const full: Asset[] = JSON.parse(readFileSync('/tmp/ans-cerebro.json', 'utf8'));
const base: Asset[] = [];
for (const a of full) {
  if (a.kind === 'metric') base.push({ ...a, context: [], dimensions: [] });
  else {
    base.push({ ...a, columns: [] });
    for (const c of a.columns.slice(0, 12))
      base.push({
        ...a,
        id: `${a.id}${c.name}`,
        sourceId: `${a.sourceId}.${c.name}`,
        kind: 'column',
        name: c.name,
        description: c.description,
        columns: [],
        synonyms: [],
        context: [a.name],
        tags: [],
      });
  }
}
console.log('base', base.length);
const big = enlarge(base, 100000);
const c0 = process.cpuUsage();
const index = buildIndex(big);
const c1 = process.cpuUsage(c0);
console.log(
  'cpu',
  (c1.user + c1.system) / 1000,
  'wall',
  index.builtInMs.toFixed(0),
  'postings',
  index.postingDoc.length,
);
const qs = readFileSync('/work/shared/corpora/cerebro-aliases-hidden/questions.dev.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((l) => JSON.parse(l).question as string);
const t: number[] = [];
for (let i = 0; i < 3; i++)
  for (const q of qs) {
    const t0 = performance.now();
    search(index, q);
    t.push(performance.now() - t0);
  }
t.sort((a, b) => a - b);
console.log('p50', t[t.length >> 1], 'p95', t[Math.floor(t.length * 0.95)]);
