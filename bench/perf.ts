import { readFileSync } from 'node:fs';
import { buildIndex } from '../src/catalog/search/build-index.js';
import { decide } from '../src/catalog/search/decide.js';
import { search } from '../src/catalog/search/search.js';
import { enlarge } from './large-catalog.js';

const base = JSON.parse(readFileSync('/tmp/ans-cerebro.json', 'utf8'));
const shared = '/work/shared/corpora';
const big = enlarge(base, Number(process.argv[2] ?? 100000));
const c0 = process.cpuUsage();
const index = buildIndex(big);
const c1 = process.cpuUsage(c0);
console.log('build cpu ms', (c1.user + c1.system) / 1000);
console.log(
  'assets',
  big.length,
  'build',
  index.builtInMs.toFixed(0),
  'terms',
  index.terms.length,
  'postings',
  index.postingDoc.length,
  'rss',
  (process.memoryUsage().rss / 1e6).toFixed(0),
);
const qs = [
  `${shared}/cerebro-aliases-hidden/questions.dev.jsonl`,
  `${shared}/cerebro-deleted/questions.dev.jsonl`,
].flatMap((f) =>
  readFileSync(f, 'utf8')
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l).question as string),
);
for (let round = 0; round < 2; round++) {
  const times: number[] = [];
  for (const q of qs) {
    const t = process.cpuUsage();
    const t0 = performance.now();
    decide(index, search(index, q));
    void t;
    times.push(performance.now() - t0);
  }
  times.sort((a, b) => a - b);
  console.log(
    'p50',
    times[times.length >> 1]!.toFixed(2),
    'p95',
    times[Math.floor(times.length * 0.95)]!.toFixed(2),
    'max',
    times.at(-1)!.toFixed(1),
  );
}
