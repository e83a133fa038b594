import type { SearchIndex } from './index-types.js';
import type { Unit } from './question.js';

/** Whether an asset may be looked at. */
export type Admit = (doc: number) => boolean;

/** What a match through another word is worth here. */
const softening = 0.6;

/** First pass: BM25F of every asset at once, in one dense array. */
export function scoreAll(index: SearchIndex, units: readonly Unit[]): Float32Array {
  const scores = new Float32Array(index.ids.length);
  const { postingStart, postingDoc, postingWeight } = index;
  for (const unit of units) {
    for (const { term, weight } of unit.alternatives) {
      const gain = weight * unit.idf * (weight < 1 ? softening : 1);
      const to = postingStart[term + 1] ?? 0;
      for (let i = postingStart[term] ?? 0; i < to; i++) {
        const doc = postingDoc[i] as number;
        scores[doc] = (scores[doc] as number) + gain * (postingWeight[i] as number);
      }
    }
  }
  return scores;
}

/** Positions of the highest scores, by a small heap kept as two arrays. */
export function topDocs(scores: Float32Array, limit: number, admit: Admit): number[] {
  const heapScore: number[] = [];
  const heapDoc: number[] = [];
  let floor = 0;
  for (let doc = 0; doc < scores.length; doc++) {
    const score = scores[doc] as number;
    if (score <= floor || !admit(doc)) continue;
    if (heapDoc.length < limit) {
      heapScore.push(score);
      heapDoc.push(doc);
      siftUp(heapScore, heapDoc, heapDoc.length - 1);
    } else {
      heapScore[0] = score;
      heapDoc[0] = doc;
      siftDown(heapScore, heapDoc);
    }
    if (heapDoc.length === limit) floor = heapScore[0] ?? 0;
  }
  return heapDoc;
}

function swap(scores: number[], docs: number[], a: number, b: number): void {
  const score = scores[a] ?? 0;
  const doc = docs[a] ?? 0;
  scores[a] = scores[b] ?? 0;
  docs[a] = docs[b] ?? 0;
  scores[b] = score;
  docs[b] = doc;
}

function siftUp(scores: number[], docs: number[], start: number): void {
  let at = start;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if ((scores[parent] ?? 0) <= (scores[at] ?? 0)) return;
    swap(scores, docs, at, parent);
    at = parent;
  }
}

function siftDown(scores: number[], docs: number[]): void {
  let at = 0;
  for (;;) {
    const left = at * 2 + 1;
    if (left >= scores.length) return;
    const right = left + 1;
    const child = right < scores.length && (scores[right] ?? 0) < (scores[left] ?? 0) ? right : left;
    if ((scores[at] ?? 0) <= (scores[child] ?? 0)) return;
    swap(scores, docs, at, child);
    at = child;
  }
}
