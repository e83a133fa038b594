import type { Asset } from '../src/catalog/asset.js';
import { buildIndex } from '../src/catalog/search/build-index.js';
import { decide } from '../src/catalog/search/decide.js';
import { search as rank } from '../src/catalog/search/search.js';
import { platformCatalog, shopCatalog } from './fixture-catalogs.js';
import { folds, lines, load } from './try-data.js';

const shared = '/work/shared/corpora';
const show = process.argv[2];
function run(name: string, assets: Asset[], qs: { question: string; gold: string[] }[]) {
  const index = buildIndex(assets);
  const n = qs.length;
  let ans = 0,
    right = 0,
    amb = 0,
    ambRight = 0,
    unk = 0,
    h1 = 0,
    h10 = 0;
  for (const q of qs) {
    const r = rank(index, q.question);
    const d = decide(index, r);
    const hit = (c: { doc: number }) => q.gold.includes(index.sourceIds[c.doc]!);
    if (r.candidates[0] && hit(r.candidates[0])) h1++;
    if (r.candidates.some(hit)) h10++;
    if (d.outcome === 'answered') {
      ans++;
      if (hit(d.chosen)) right++;
    } else if (d.outcome === 'ambiguous') {
      amb++;
      if (d.offered.some(hit)) ambRight++;
    } else unk++;
    if (show === name)
      console.log(
        d.outcome,
        d.confidence.toFixed(2),
        r.candidates.findIndex(hit),
        '|',
        q.question,
        '|',
        r.candidates[0] && index.names[r.candidates[0].doc],
      );
  }
  const f = (x: number) => (x / n).toFixed(2);
  console.log(
    name.padEnd(10),
    String(n).padStart(5),
    `h1 ${(h1 / n).toFixed(3)} h10 ${(h10 / n).toFixed(3)} answered ${f(ans)} (right ${f(right)} wrong ${f(ans - right)}) asked ${f(amb)} (shown ${f(ambRight)}) unknown ${f(unk)} | right-or-shown ${f(right + ambRight)}`,
  );
}
run('hidden', load('cerebro-aliases-hidden'), lines(`${shared}/cerebro-aliases-hidden/questions.dev.jsonl`));
const del = lines(`${shared}/cerebro-deleted/questions.dev.jsonl`);
const off = del.filter((x) => x.kind === 'off-topic');
run(
  'deleted',
  load('cerebro-deleted'),
  del.filter((x) => x.kind === 'deleted-gold'),
);
run('off', load('cerebro-deleted'), off);
const full = load('cerebro');
let f = 0;
for (const { reduced, questions } of folds(full, 3)) run(`loo${f++}`, reduced, questions);
const uses = new Map<string, Set<string>>();
for (const a of full)
  if (a.kind === 'metric')
    for (const s of a.synonyms) {
      const k = s.toLowerCase();
      if (!uses.has(k)) uses.set(k, new Set());
      uses.get(k)!.add(a.sourceId);
    }
run(
  'known',
  full,
  full.flatMap((a) =>
    a.kind === 'metric'
      ? a.synonyms
          .filter((s) => uses.get(s.toLowerCase())!.size === 1)
          .map((s) => ({ question: s, gold: [a.sourceId] }))
      : [],
  ),
);
const shop = shopCatalog();
run('shop', shop.assets, shop.questions);
for (let k = 0; k < 3; k++) {
  const keep = shop.assets.filter((_, i) => i % 3 !== k);
  const kept = new Set(keep.map((a) => a.sourceId));
  run(
    'shop-del',
    keep,
    shop.questions
      .filter((q) => q.gold.every((g) => !kept.has(g)))
      .map((q) => ({ question: q.question, gold: [] })),
  );
}
const offs = [...off, ...shop.offTopic.map((question) => ({ question, gold: [] }))];
run('shop-off', shop.assets, offs);
const pf = platformCatalog();
run('pf-any', pf.assets, pf.anyPlatform.questions);
run('pf-named', pf.assets, pf.named.questions);
run('pf-off', pf.assets, offs);
