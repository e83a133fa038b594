import type { SearchIndex } from './index-types.js';
import type { Unit } from './question.js';

/** Which word of the question a term of a description answers. */
interface Answer {
  unit: number;
  weight: number;
}

/** The question's words by the terms that stand for them: made once for a question, used for every candidate. */
export type Answers = ReadonlyMap<number, readonly Answer[]>;

export function answersOf(units: readonly Unit[]): Answers {
  const answers = new Map<number, Answer[]>();
  units.forEach(({ alternatives }, unit) => {
    for (const { term, weight } of alternatives) {
      const list = answers.get(term);
      if (list) list.push({ unit, weight });
      else answers.set(term, [{ unit, weight }]);
    }
  });
  return answers;
}

/** Terms from one neighbour to the next: a question drops small words that the description keeps. */
const reach = 2;

/**
 * Share, by their information, of the neighbouring words of the question that are neighbours in the description too, 0 to 1. Who
 * asks in the words of a description says them in its order; scattered words are shared by many.
 */
export function running(index: SearchIndex, doc: number, units: readonly Unit[], answers: Answers): number {
  if (units.length < 2) return 0;
  const met = new Float32Array(units.length);
  const to = index.toldOf[doc + 1] ?? 0;
  const before: { at: number; answer: Answer }[] = [];
  for (let at = index.toldOf[doc] ?? 0; at < to; at++) {
    const here = answers.get(index.toldTerms[at] ?? -1);
    if (!here) continue;
    while (before[0] !== undefined && before[0].at < at - reach) before.shift();
    for (const { unit, weight } of here) {
      for (const { answer } of before) {
        if (answer.unit + 1 === unit)
          met[answer.unit] = Math.max(met[answer.unit] ?? 0, Math.min(weight, answer.weight));
      }
    }
    for (const answer of here) before.push({ at, answer });
  }
  let all = 0;
  let found = 0;
  for (let i = 0; i + 1 < units.length; i++) {
    const worth = (units[i]?.idf ?? 0) + (units[i + 1]?.idf ?? 0);
    all += worth;
    found += worth * (met[i] ?? 0);
  }
  return found / Math.max(all, 1e-6);
}
