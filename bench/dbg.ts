import { buildIndex } from '../src/catalog/search/build-index.js';
import { search as rank } from '../src/catalog/search/search.js';
import { platformCatalog, shopCatalog } from './fixture-catalogs.js';

const assets = process.argv[2] === 'shop' ? shopCatalog().assets : platformCatalog().assets;
const index = buildIndex(assets);
const r = rank(index, process.argv[3] ?? '');
console.log(
  r.question.terms,
  r.question.units.map(
    (u) =>
      `${u.text}/${u.idf.toFixed(2)}/${u.found}: ${u.alternatives.map((a) => `${index.terms[a.term]}=${a.weight.toFixed(2)}`).join(' ')}`,
  ),
);
for (const c of r.candidates)
  console.log(
    c.score.toFixed(3),
    index.sourceIds[c.doc],
    JSON.stringify(c.features, (_, v) => (typeof v === 'number' ? +v.toFixed(2) : v)),
  );
