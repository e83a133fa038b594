import { escapeMrkdwn } from '../mrkdwn.js';

/** Disarms what means something in the Markdown of streamed messages. An underscore inside a name (`fct_orders`) means nothing and stays. */
export function escapeMarkdown(text: string): string {
  return escapeMrkdwn(text)
    .replace(/[\\`*[\]~]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/^(\s*)([#>+-])/gm, '$1\\$2');
}

const longestPiece = 3_000;
const mostPieces = 4;

/** A text cut between sentences into a few pieces: each is one call to Slack, and nobody reads word by word. */
export function inPieces(text: string): string[] {
  const sentences = text.match(/[^.!?]+(?:[.!?]+(?=\s|$)|$)\s*|[.!?]+\s*/g) ?? [text];
  const share = Math.min(longestPiece, Math.max(80, Math.ceil(text.length / mostPieces)));
  const pieces: string[] = [];
  for (const sentence of sentences.flatMap(short)) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + sentence.length <= share)
      pieces[pieces.length - 1] = last + sentence;
    else pieces.push(sentence);
  }
  return pieces;
}

function short(sentence: string): string[] {
  return sentence.length <= longestPiece
    ? [sentence]
    : (sentence.match(new RegExp(`[\\s\\S]{1,${longestPiece}}`, 'g')) ?? []);
}
