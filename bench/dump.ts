import type { Asset } from '../src/catalog/asset.js';
import { buildIndex } from '../src/catalog/search/build-index.js';
import { search as rank } from '../src/catalog/search/search.js';
import { platformCatalog, shopCatalog } from './fixture-catalogs.js';
import { folds, lines, load } from './try-data.js';

const shared = '/work/shared/corpora';
function dump(name: string, assets: Asset[], qs: { question: string; gold: string[] }[]) {
  const index = buildIndex(assets);
  for (const q of qs) {
    const r = rank(index, q.question);
    const c = r.candidates;
    const at = c.findIndex((x) => q.gold.includes(index.sourceIds[x.doc]!));
    const [a, b] = c;
    const naming = Math.max(0, ...c.slice(1, 6).map((x) => x.features.naming));
    console.log(
      JSON.stringify({
        set: name,
        q: q.question,
        at,
        n: r.question.units.length,
        unseen: r.unseen,
        exact: !!a?.features.exact,
        text: a?.features.text ?? 0,
        naming: a?.features.naming ?? 0,
        anywhere: a?.features.anywhere ?? 0,
        phrase: a?.features.phrase ?? 0,
        order: a?.features.order ?? 0,
        span: a?.features.span ?? 0,
        s1: a?.score ?? 0,
        s2: b?.score ?? 0,
        bnaming: naming,
        fam: a && b ? index.families[a.doc] === index.families[b.doc] : false,
        typo: r.question.units.filter((u) => u.found === 'typo').length,
        related: r.question.units.filter((u) => u.found === 'related').length,
        top: a ? index.sourceIds[a.doc] : '',
      }),
    );
  }
}
dump('hidden', load('cerebro-aliases-hidden'), lines(`${shared}/cerebro-aliases-hidden/questions.dev.jsonl`));
const del = lines(`${shared}/cerebro-deleted/questions.dev.jsonl`);
dump(
  'deleted',
  load('cerebro-deleted'),
  del.filter((x) => x.kind === 'deleted-gold'),
);
const off = del.filter((x) => x.kind === 'off-topic');
dump('off-cer', load('cerebro-deleted'), off);
const f = 0;
for (const { reduced, questions } of folds(load('cerebro'), 3)) dump(`loo`, reduced, questions);
const shop = shopCatalog();
dump('shop', shop.assets, shop.questions);
// leave-one-asset-out: the answer is deleted from its own catalog
for (let k = 0; k < 6; k++) {
  const keep = shop.assets.filter((_, i) => i % 6 !== k);
  const kept = new Set(keep.map((a) => a.sourceId));
  dump(
    'shop-del',
    keep,
    shop.questions
      .filter((q) => q.gold.every((g) => !kept.has(g)))
      .map((q) => ({ question: q.question, gold: [] })),
  );
}
dump('shop-off', shop.assets, [...off, ...shop.offTopic.map((question) => ({ question, gold: [] }))]);
const pf = platformCatalog();
dump('pf-any', pf.assets, pf.anyPlatform.questions);
dump('pf-named', pf.assets, pf.named.questions);
dump('pf-off', pf.assets, [...off, ...shop.offTopic.map((question) => ({ question, gold: [] }))]);
