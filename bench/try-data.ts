import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Asset } from '../src/catalog/asset.js';
import { readProject } from './cerebro-yaml.js';

const shared = '/work/shared/corpora';
export function load(name: string): Asset[] {
  const cache = `/tmp/ans-${name}.json`;
  if (!existsSync(cache))
    writeFileSync(cache, JSON.stringify(readProject(`${shared}/${name}`, 'gnosis_dbt')));
  return JSON.parse(readFileSync(cache, 'utf8'));
}
export interface Q {
  id: string;
  question: string;
  gold: string[];
  kind: string;
}
export const lines = (file: string): Q[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l));

// leave-one-out folds over remaining synonyms, 5 folds; a synonym is a question only when it belongs to one metric
export function* folds(assets: Asset[], foldCount: number) {
  const uses = new Map<string, number>();
  for (const a of assets)
    for (const s of a.synonyms) uses.set(s.toLowerCase(), (uses.get(s.toLowerCase()) ?? 0) + 1);
  for (let fold = 0; fold < foldCount; fold++) {
    const questions: Q[] = [];
    let n = 0;
    const reduced = assets.map((a) => {
      if (a.kind !== 'metric' || a.synonyms.length < 2) return a;
      const pick = n++ % foldCount === fold ? Math.floor((fold * 7 + n * 13) % a.synonyms.length) : -1;
      if (pick < 0) return a;
      const s = a.synonyms[pick]!;
      if (uses.get(s.toLowerCase()) !== 1) return a;
      const rest = { ...a, synonyms: a.synonyms.filter((_, i) => i !== pick) };
      const have = new Set(
        `${a.name} ${a.label} ${a.description} ${rest.synonyms.join(' ')}`.toLowerCase().split(/[^a-z0-9]+/),
      );
      if (
        s
          .toLowerCase()
          .split(/[^a-z0-9]+/)
          .every((w) => have.has(w))
      )
        return a;
      questions.push({ id: '', question: s, gold: [a.sourceId], kind: 'alias' });
      return rest;
    });
    yield { reduced, questions };
  }
}
