import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Asset } from '../src/catalog/asset.js';
import { buildIndex } from '../src/catalog/search/build-index.js';
import { rank } from '../src/catalog/search/rank.js';
import { readProject } from './cerebro-yaml.js';

const shared = '/work/shared/corpora';
export function load(name: string): Asset[] {
  const cache = `/tmp/ans-${name}.json`;
  if (!existsSync(cache)) writeFileSync(cache, JSON.stringify(readProject(`${shared}/${name}`, 'gnosis_dbt')));
  return JSON.parse(readFileSync(cache, 'utf8'));
}
export interface Q { id: string; question: string; gold: string[]; kind: string }
export const lines = (file: string): Q[] => readFileSync(file, 'utf8').trim().split('\n').map((l) => JSON.parse(l));

function evaluate(name: string, assets: Asset[], questions: Q[], show = 0) {
  const t0 = performance.now();
  const index = buildIndex(assets);
  const t1 = performance.now();
  let h1 = 0, h3 = 0, h5 = 0, h10 = 0, mrr = 0;
  for (const q of questions) {
    const r = rank(index, q.question).candidates.map((c) => index.sourceIds[c.doc]!);
    const at = r.findIndex((id) => q.gold.includes(id!));
    if (at === 0) h1++;
    if (at >= 0 && at < 3) h3++;
    if (at >= 0 && at < 5) h5++;
    if (at >= 0) { h10++; mrr += 1 / (at + 1); }
    if (show && at !== 0) { console.log(`${at} ${q.question} | gold ${q.gold[0]?.split('.').pop()} | got ${r[0]?.split('.').pop()}`); }
  }
  const n = questions.length;
  const f = (x: number) => (x / n).toFixed(3);
  console.log(name.padEnd(26), 'n', n, 'h1', f(h1), 'h3', f(h3), 'h5', f(h5), 'h10', f(h10), 'mrr', f(mrr), 'build', (t1 - t0).toFixed(0), 'q', ((performance.now() - t1) / n).toFixed(2));
}

const hidden = load('cerebro-aliases-hidden');
evaluate('hidden dev', hidden, lines(`${shared}/cerebro-aliases-hidden/questions.dev.jsonl`), Number(process.argv[2] ?? 0));
// leave-one-out folds over remaining synonyms, 5 folds; a synonym is a question only when it belongs to one metric
function* folds(assets: Asset[], foldCount: number) {
  const uses = new Map<string, number>();
  for (const a of assets) for (const s of a.synonyms) uses.set(s.toLowerCase(), (uses.get(s.toLowerCase()) ?? 0) + 1);
  for (let fold = 0; fold < foldCount; fold++) {
    const questions: Q[] = [];
    let n = 0;
    const reduced = assets.map((a) => {
      if (a.kind !== 'metric' || a.synonyms.length < 2) return a;
      const pick = n++ % foldCount === fold ? Math.floor(((fold * 7 + n * 13) % a.synonyms.length)) : -1;
      if (pick < 0) return a;
      const s = a.synonyms[pick]!;
      if (uses.get(s.toLowerCase()) !== 1) return a;
      const rest = { ...a, synonyms: a.synonyms.filter((_, i) => i !== pick) };
      const have = new Set(`${a.name} ${a.label} ${a.description} ${rest.synonyms.join(' ')}`.toLowerCase().split(/[^a-z0-9]+/));
      if (s.toLowerCase().split(/[^a-z0-9]+/).every((w) => have.has(w))) return a;
      questions.push({ id: '', question: s, gold: [a.sourceId], kind: 'alias' });
      return rest;
    });
    yield { reduced, questions };
  }
}
let fold = 0;
for (const { reduced, questions } of folds(load('cerebro'), 3)) evaluate(`cerebro loo ${fold++}`, reduced, questions);
const full = load('cerebro');
const uses = new Map<string, number>();
for (const a of full) if (a.kind === 'metric') for (const s of new Set(a.synonyms.map((x) => x.toLowerCase()))) uses.set(s, (uses.get(s) ?? 0) + 1);
const known: Q[] = [];
for (const a of full) if (a.kind === 'metric') for (const s of a.synonyms) if (uses.get(s.toLowerCase()) === 1) known.push({ id: '', question: s, gold: [a.sourceId], kind: 'known' });
evaluate('known', full, known, Number(process.argv[3] ?? 0));
