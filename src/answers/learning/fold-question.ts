import { splitWords } from '../../catalog/search/text/split.js';
import { asking, kindWords } from '../../catalog/search/text/stopwords.js';
import { foldWords, type WordMemo } from '../../catalog/search/text/terms.js';

/** The words of a question that carry meaning, folded: equal for "what is MRR?" and "mrr meaning". */
export function foldQuestion(text: string): string {
  const memo: WordMemo = new Map();
  const words = splitWords(text.slice(0, 1000)).slice(0, 40);
  const subject = foldWords(
    words.filter((word) => !kindWords.has(word)),
    memo,
    asking,
  );
  return (subject.length > 0 ? subject : foldWords(words, memo)).join(' ').slice(0, 400);
}
