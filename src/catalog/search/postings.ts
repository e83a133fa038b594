import { fields, namingMask, type SearchIndex } from './index-types.js';

/** Weight of each field, and how strongly a long field is discounted (BM25F's b). Found by cross-validation (bench/). */
export const fieldWeight = [1.3, 5, 1.1, 3, 0.2, 0.4, 1.5, 0.4];
export const fieldNorm = [0.65, 0.65, 0.5, 0.9, 0.8, 0.8, 0.7, 0.8];
const saturation = 1.6;

export type Postings = Pick<
  SearchIndex,
  'idf' | 'naming' | 'postingStart' | 'postingDoc' | 'postingWeight' | 'postingMask'
>;

export interface FieldTokens {
  /** Terms of every field of every asset, one after another. */
  tokens: Int32Array;
  /** Where field `f` of asset `d` ends, at `d * fields + f`. */
  fieldEnd: Int32Array;
  /** Terms of each field, over all assets. */
  totals: Float64Array;
  docCount: number;
  termCount: number;
}

/** Turns the tokens around: by term, the assets that have it. Two passes and no list of pairs: the first counts, the second fills. */
export function makePostings(read: FieldTokens): Postings {
  const { docCount, termCount } = read;
  const postingStart = countAssets(read);
  const total = postingStart[termCount] ?? 0;
  const fill = postingStart.slice();
  const postingDoc = new Int32Array(total);
  const postingWeight = new Float32Array(total);
  const postingMask = new Uint8Array(total);
  const naming = new Uint8Array(termCount);
  eachTerm(read, (term, doc, weight, mask) => {
    const at = fill[term] as number;
    fill[term] = at + 1;
    postingDoc[at] = doc;
    postingWeight[at] = weight / (weight + saturation);
    postingMask[at] = mask;
    if ((mask & namingMask) !== 0) naming[term] = 1;
  });
  const idf = new Float32Array(termCount);
  const scale = Math.max(Math.log(1 + docCount), 1);
  for (let term = 0; term < termCount; term++) {
    const df = (postingStart[term + 1] ?? 0) - (postingStart[term] ?? 0);
    idf[term] = Math.log(1 + (docCount - df + 0.5) / (df + 0.5)) / scale;
  }
  return { idf, naming, postingStart, postingDoc, postingWeight, postingMask };
}

/** Position of each term's first posting, from the number of assets that have it. */
function countAssets({ tokens, fieldEnd, docCount, termCount }: FieldTokens): Int32Array {
  const start = new Int32Array(termCount + 1);
  const seenIn = new Int32Array(termCount).fill(-1);
  let position = 0;
  for (let doc = 0; doc < docCount; doc++) {
    const end = fieldEnd[doc * fields.length + fields.length - 1] as number;
    for (; position < end; position++) {
      const term = tokens[position] as number;
      if (seenIn[term] === doc) continue;
      seenIn[term] = doc;
      start[term + 1] = (start[term + 1] as number) + 1;
    }
  }
  for (let term = 0; term < termCount; term++)
    start[term + 1] = (start[term + 1] as number) + (start[term] as number);
  return start;
}

/** Every term of every asset once, with its weight over all fields and the fields it is in. */
function eachTerm(
  { tokens, fieldEnd, totals, docCount, termCount }: FieldTokens,
  take: (term: number, doc: number, weight: number, mask: number) => void,
): void {
  const average = Array.from(totals, (total) => Math.max(1, total / Math.max(1, docCount)));
  const weightOf = new Float32Array(termCount);
  const maskOf = new Uint8Array(termCount);
  let touched = new Int32Array(1024);
  let position = 0;
  for (let doc = 0; doc < docCount; doc++) {
    let count = 0;
    for (let field = 0; field < fields.length; field++) {
      const end = fieldEnd[doc * fields.length + field] as number;
      const norm = fieldNorm[field] ?? 0;
      const gain = (fieldWeight[field] ?? 0) / (1 - norm + (norm * (end - position)) / (average[field] ?? 1));
      for (; position < end; position++) {
        const term = tokens[position] as number;
        if (maskOf[term] === 0) {
          if (count === touched.length) {
            const larger = new Int32Array(count * 2);
            larger.set(touched);
            touched = larger;
          }
          touched[count++] = term;
        }
        maskOf[term] = (maskOf[term] as number) | (1 << field);
        weightOf[term] = (weightOf[term] as number) + gain;
      }
    }
    for (let i = 0; i < count; i++) {
      const term = touched[i] as number;
      take(term, doc, weightOf[term] as number, maskOf[term] as number);
      weightOf[term] = 0;
      maskOf[term] = 0;
    }
  }
}
