import { splitWords } from '../../src/catalog/search/text/split.js';
import { stem } from '../../src/catalog/search/text/stem.js';
import { asking, everywhere } from '../../src/catalog/search/text/stopwords.js';
import type { Engine, Row } from './engine.js';

const boosts: readonly [field: keyof Row, boost: number][] = [
  ['name', 3],
  ['label', 4],
  ['synonyms', 4],
  ['description', 1],
  ['context', 0.5],
];
const k1 = 1.2;
const b = 0.75;

interface Posting {
  doc: number;
  weight: number;
}

/**
 * Plain BM25F with split identifiers, stems and a stop list: the ranking that anybody would write in an afternoon, and the bar that a
 * ranker with more in it must clear.
 */
export const bm25fEngine: Engine = {
  name: 'BM25F, split + stem',
  build: (rows) => {
    const lengths = boosts.map(([field]) => rows.map((row) => termsOf(row[field]).length));
    const averages = lengths.map((list) =>
      Math.max(1, list.reduce((sum, n) => sum + n, 0) / Math.max(1, rows.length)),
    );
    const postings = new Map<string, Posting[]>();
    rows.forEach((row, doc) => {
      const frequency = new Map<string, number>();
      boosts.forEach(([field, boost], i) => {
        const length = lengths[i]?.[doc] ?? 0;
        const norm = 1 - b + (b * length) / (averages[i] ?? 1);
        for (const term of termsOf(row[field]))
          frequency.set(term, (frequency.get(term) ?? 0) + boost / norm);
      });
      for (const [term, weight] of frequency) {
        const list = postings.get(term);
        if (list) list.push({ doc, weight });
        else postings.set(term, [{ doc, weight }]);
      }
    });
    return {
      search: (question) => {
        const all = termsOf(question);
        const asked = new Set(all.filter((term) => !askingStems.has(term)));
        const scores = new Map<number, number>();
        for (const term of asked.size > 0 ? asked : new Set(all)) {
          const list = postings.get(term) ?? [];
          const idf = Math.log(1 + (rows.length - list.length + 0.5) / (list.length + 0.5));
          for (const { doc, weight } of list)
            scores.set(doc, (scores.get(doc) ?? 0) + (idf * (weight * (k1 + 1))) / (weight + k1));
        }
        return [...scores]
          .sort((one, other) => other[1] - one[1] || one[0] - other[0])
          .slice(0, 10)
          .map(([doc]) => rows[doc]?.id ?? '');
      },
    };
  },
};

const askingStems = new Set([...asking].map(stem));

function termsOf(text: string): string[] {
  return splitWords(text)
    .filter((word) => !everywhere.has(word))
    .map(stem);
}
