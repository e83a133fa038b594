import type { Asset } from '../src/catalog/asset.js';
import { buildIndex } from '../src/catalog/search/build-index.js';
import { search as rank } from '../src/catalog/search/search.js';
import { folds, lines, load, type Q } from './try-data.js';

const shared = '/work/shared/corpora';
function evaluate(name: string, assets: Asset[], questions: Q[], show = 0) {
  const t0 = performance.now();
  const index = buildIndex(assets);
  const t1 = performance.now();
  let h1 = 0,
    h3 = 0,
    h5 = 0,
    h10 = 0,
    mrr = 0;
  for (const q of questions) {
    const r = rank(index, q.question).candidates.map((c) => index.sourceIds[c.doc]!);
    const at = r.findIndex((id) => q.gold.includes(id!));
    if (at === 0) h1++;
    if (at >= 0 && at < 3) h3++;
    if (at >= 0 && at < 5) h5++;
    if (at >= 0) {
      h10++;
      mrr += 1 / (at + 1);
    }
    if (show && at !== 0) {
      console.log(
        `${at} ${q.question} | gold ${q.gold[0]?.split('.').pop()} | got ${r[0]?.split('.').pop()}`,
      );
    }
  }
  const n = questions.length;
  const f = (x: number) => (x / n).toFixed(3);
  console.log(
    name.padEnd(26),
    'n',
    n,
    'h1',
    f(h1),
    'h3',
    f(h3),
    'h5',
    f(h5),
    'h10',
    f(h10),
    'mrr',
    f(mrr),
    'build',
    (t1 - t0).toFixed(0),
    'q',
    ((performance.now() - t1) / n).toFixed(2),
  );
}

const hidden = load('cerebro-aliases-hidden');
evaluate(
  'hidden dev',
  hidden,
  lines(`${shared}/cerebro-aliases-hidden/questions.dev.jsonl`),
  Number(process.argv[2] ?? 0),
);
let fold = 0;
for (const { reduced, questions } of folds(load('cerebro'), 3))
  evaluate(`cerebro loo ${fold++}`, reduced, questions);
const full = load('cerebro');
const uses = new Map<string, number>();
for (const a of full)
  if (a.kind === 'metric')
    for (const s of new Set(a.synonyms.map((x) => x.toLowerCase()))) uses.set(s, (uses.get(s) ?? 0) + 1);
const known: Q[] = [];
for (const a of full)
  if (a.kind === 'metric')
    for (const s of a.synonyms)
      if (uses.get(s.toLowerCase()) === 1)
        known.push({ id: '', question: s, gold: [a.sourceId], kind: 'known' });
evaluate('known', full, known, Number(process.argv[3] ?? 0));
const { shopCatalog, platformCatalog } = await import('./fixture-catalogs.js');
const shop = shopCatalog();
for (const q of shop.questions) if (q.gold.includes('')) console.log('BAD GOLD', q);
const asQ = (qs: { question: string; gold: string[] }[]) => qs.map((q) => ({ ...q, id: '', kind: '' }));
evaluate('shop', shop.assets, asQ(shop.questions), Number(process.argv[4] ?? 0));
const pf = platformCatalog();
evaluate('platforms any', pf.assets, asQ(pf.anyPlatform.questions), Number(process.argv[5] ?? 0));
evaluate('platforms named', pf.assets, asQ(pf.named.questions), Number(process.argv[5] ?? 0));
