/**
 * What a catalog teaches about words. Each synonym of an asset is read as a question whose answer is the asset's other
 * names, and IBM Model 1 (Brown et al., "The Mathematics of Statistical Machine Translation", 1993) learns how likely a
 * word of the name is to be asked for by another word: where "batch auction" and "cow" name the same things again and
 * again, one finds the other. Words that are simply frequent get a thin distribution and therefore teach nothing.
 */
export interface TrainingPair {
  /** Terms of one synonym. */
  asked: number[];
  /** Terms of the other names of the same asset. */
  named: number[];
}

export interface Associations {
  start: Int32Array;
  term: Int32Array;
  weight: Float32Array;
}

const iterations = 4;
const keptPerTerm = 8;
const minimumWeight = 0.08;
const minimumPairs = 2;

export function learnAssociations(pairs: readonly TrainingPair[], vocabularySize: number): Associations {
  const probability = new Map<number, number>();
  const seenTogether = new Map<number, number>();
  for (const { asked, named } of pairs) {
    for (const word of named) {
      for (const question of asked) {
        const key = word * vocabularySize + question;
        probability.set(key, 1);
        seenTogether.set(key, (seenTogether.get(key) ?? 0) + 1);
      }
    }
  }
  const totals = new Float64Array(vocabularySize);
  for (let round = 0; round < iterations; round++) {
    const counts = new Map<number, number>();
    totals.fill(0);
    for (const { asked, named } of pairs) {
      for (const question of asked) {
        let sum = 0.05;
        for (const word of named) sum += probability.get(word * vocabularySize + question) ?? 0;
        for (const word of named) {
          const key = word * vocabularySize + question;
          const share = (probability.get(key) ?? 0) / sum;
          counts.set(key, (counts.get(key) ?? 0) + share);
          totals[word] = (totals[word] ?? 0) + share;
        }
      }
    }
    for (const [key, count] of counts) {
      probability.set(key, count / ((totals[Math.floor(key / vocabularySize)] ?? 0) + 0.5));
    }
  }
  const byQuestion = new Map<number, { word: number; weight: number }[]>();
  for (const [key, weight] of probability) {
    const word = Math.floor(key / vocabularySize);
    const question = key % vocabularySize;
    if (word === question || weight < minimumWeight || (seenTogether.get(key) ?? 0) < minimumPairs) continue;
    const list = byQuestion.get(question);
    if (list) list.push({ word, weight });
    else byQuestion.set(question, [{ word, weight }]);
  }
  return pack(byQuestion, vocabularySize);
}

function pack(byQuestion: Map<number, { word: number; weight: number }[]>, size: number): Associations {
  const start = new Int32Array(size + 1);
  const term: number[] = [];
  const weight: number[] = [];
  for (let question = 0; question < size; question++) {
    start[question] = term.length;
    const list = byQuestion.get(question);
    if (!list) continue;
    list.sort((a, b) => b.weight - a.weight || a.word - b.word);
    for (const entry of list.slice(0, keptPerTerm)) {
      term.push(entry.word);
      weight.push(entry.weight);
    }
  }
  start[size] = term.length;
  return { start, term: Int32Array.from(term), weight: Float32Array.from(weight) };
}
