import type { Asset } from '../src/catalog/asset.js';
import { buildIndex, fieldNorm, fieldWeight } from '../src/catalog/search/build-index.js';
import type { SearchIndex } from '../src/catalog/search/index-types.js';
import { tuning } from '../src/catalog/search/question.js';
import { search as rank, weights } from '../src/catalog/search/search.js';
import { platformCatalog, shopCatalog } from './fixture-catalogs.js';
import { folds, lines, load } from './try-data.js';

interface Q {
  question: string;
  gold: string[];
}
interface Set {
  name: string;
  assets: Asset[];
  qs: Q[];
  w: number;
  index?: SearchIndex;
}
const shared = '/work/shared/corpora';
const sets: Set[] = [];
sets.push({
  name: 'hidden',
  assets: load('cerebro-aliases-hidden'),
  qs: lines(`${shared}/cerebro-aliases-hidden/questions.dev.jsonl`),
  w: 1.2,
});
let f = 0;
for (const { reduced, questions } of folds(load('cerebro'), 3))
  sets.push({ name: `loo${f++}`, assets: reduced, qs: questions, w: 0.4 });
const shop = shopCatalog();
sets.push({ name: 'shop', assets: shop.assets, qs: shop.questions, w: 1 });
const pf = platformCatalog();
sets.push({ name: 'pf-any', assets: pf.assets, qs: pf.anyPlatform.questions, w: 0.6 });
sets.push({ name: 'pf-named', assets: pf.assets, qs: pf.named.questions, w: 0.6 });
const rebuild = () => {
  for (const s of sets) s.index = buildIndex(s.assets);
};
function score(half: number | undefined, verbose = false): number {
  let total = 0,
    w = 0;
  const out: string[] = [];
  for (const s of sets) {
    let h1 = 0,
      h10 = 0,
      mrr = 0,
      n = 0;
    s.qs.forEach((q, i) => {
      if (half !== undefined && i % 2 !== half) return;
      n++;
      const at = rank(s.index!, q.question).candidates.findIndex((c) =>
        q.gold.includes(s.index!.sourceIds[c.doc]!),
      );
      if (at === 0) h1++;
      if (at >= 0) {
        mrr += 1 / (at + 1);
        h10++;
      }
    });
    total += s.w * ((0.5 * h1) / n + (0.35 * mrr) / n + (0.15 * h10) / n);
    w += s.w;
    out.push(`${s.name} ${(h1 / n).toFixed(3)}/${(h10 / n).toFixed(3)}`);
  }
  if (verbose) console.log((total / w).toFixed(4), out.join('  '));
  return total / w;
}
type Knob = { name: string; get: () => number; set: (v: number) => void; build: boolean };
const knobs: Knob[] = [];
const w = weights as Record<string, number>;
for (const k of ['text', 'naming', 'anywhere', 'phrase', 'order', 'span', 'prior', 'beta', 'softening'])
  knobs.push({
    name: k,
    get: () => w[k]!,
    set: (v) => {
      w[k] = v;
    },
    build: false,
  });
const t = tuning as Record<string, number>;
for (const k of Object.keys(t))
  knobs.push({
    name: k,
    get: () => t[k]!,
    set: (v) => {
      t[k] = v;
    },
    build: false,
  });
fieldWeight.forEach((_, i) => {
  knobs.push({
    name: `fw${i}`,
    get: () => fieldWeight[i]!,
    set: (v) => {
      fieldWeight[i] = v;
    },
    build: true,
  });
});
fieldNorm.forEach((_, i) => {
  knobs.push({
    name: `fn${i}`,
    get: () => fieldNorm[i]!,
    set: (v) => {
      fieldNorm[i] = Math.min(0.95, v);
    },
    build: true,
  });
});
rebuild();
const half = process.argv[2] === 'all' ? undefined : Number(process.argv[2] ?? 0);
let best = score(half, true);
score(half === undefined ? undefined : 1 - half, true);
const until = Date.now() + Number(process.argv[3] ?? 60) * 1000;
outer: for (let round = 0; round < 5; round++) {
  for (const knob of knobs) {
    for (const factor of [0.7, 1.4, 0.5, 2]) {
      if (Date.now() > until) break outer;
      const old = knob.get();
      knob.set(old * factor);
      if (knob.build) rebuild();
      const s = score(half);
      if (s > best + 0.0004) {
        best = s;
        console.log(knob.name, knob.get().toFixed(3), best.toFixed(4));
        break;
      }
      knob.set(old);
      if (knob.build) rebuild();
    }
  }
}
score(half, true);
score(half === undefined ? undefined : 1 - half, true);
console.log(JSON.stringify({ weights, tuning, fieldWeight, fieldNorm }));
