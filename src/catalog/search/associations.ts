import { makeIntList } from './growable.js';

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

/** Pairs of words that stand in the same training pair, numbered as they are first met. */
interface WordPairs {
  word: Int32Array;
  question: Int32Array;
  /** In how many training pairs each was seen. */
  seenTogether: Int32Array;
  /** For each training pair, and in it for each word asked: the numbers of its pairs with the words named. */
  rows: Int32Array;
}

/** Looks each pair up once, so that the rounds of learning go over flat arrays. */
function numberPairs(pairs: readonly TrainingPair[], vocabularySize: number): WordPairs {
  const numbers = new Map<number, number>();
  const word = makeIntList();
  const question = makeIntList();
  const seen = makeIntList();
  const rows = makeIntList();
  for (const { asked, named } of pairs)
    for (const name of named)
      for (const ask of asked) {
        const key = name * vocabularySize + ask;
        const number = numbers.get(key);
        if (number === undefined) {
          numbers.set(key, word.length());
          word.push(name);
          question.push(ask);
          seen.push(1);
        } else seen.raw()[number] = seen.at(number) + 1;
      }
  for (const { asked, named } of pairs)
    for (const ask of asked)
      for (const name of named) rows.push(numbers.get(name * vocabularySize + ask) ?? 0);
  return { word: word.done(), question: question.done(), seenTogether: seen.done(), rows: rows.done() };
}

export function learnAssociations(pairs: readonly TrainingPair[], vocabularySize: number): Associations {
  const { word, question, seenTogether, rows } = numberPairs(pairs, vocabularySize);
  const probability = new Float64Array(word.length).fill(1);
  const counts = new Float64Array(word.length);
  const totals = new Float64Array(vocabularySize);
  for (let round = 0; round < iterations; round++) {
    totals.fill(0);
    counts.fill(0);
    let at = 0;
    for (const { asked, named } of pairs) {
      for (let i = 0; i < asked.length; i++, at += named.length) {
        const end = at + named.length;
        let sum = 0.05;
        for (let j = at; j < end; j++) sum += probability[rows[j] as number] as number;
        for (let j = at; j < end; j++) {
          const pair = rows[j] as number;
          const share = (probability[pair] as number) / sum;
          counts[pair] = (counts[pair] as number) + share;
          const name = word[pair] as number;
          totals[name] = (totals[name] as number) + share;
        }
      }
    }
    for (let pair = 0; pair < counts.length; pair++)
      probability[pair] = (counts[pair] as number) / ((totals[word[pair] as number] as number) + 0.5);
  }
  const byQuestion = new Map<number, { word: number; weight: number }[]>();
  for (let pair = 0; pair < word.length; pair++) {
    const [name, ask, weight] = [word[pair] as number, question[pair] as number, probability[pair] as number];
    if (name === ask || weight < minimumWeight || (seenTogether[pair] as number) < minimumPairs) continue;
    const list = byQuestion.get(ask);
    if (list) list.push({ word: name, weight });
    else byQuestion.set(ask, [{ word: name, weight }]);
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
