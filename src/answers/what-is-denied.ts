import type { Asset } from '../catalog/asset.js';
import { buildIndex } from '../catalog/search/build-index.js';
import { search } from '../catalog/search/search.js';

const denial =
  /\b(?:not|never|without|exclud(?:e[sd]?|ing)|except|nor|neither|nicht|ohne|kein\w*|ausgenommen)\b/i;
const sentences = /(?<=[.!?;])\s+|\n+/;

/**
 * Whether all that speaks for an asset is what it says it is not: "Staff is not part of it" does not make it the answer to a question about staff.
 */
export function isOnlyDenied(words: string, asset: Asset): boolean {
  const description = asset.description
    .split(sentences)
    .filter((sentence) => !denial.test(sentence))
    .join(' ');
  const caveats = asset.caveats.filter((caveat) => !denial.test(caveat));
  if (description === asset.description && caveats.length === asset.caveats.length) return false;
  const rest = buildIndex([{ ...asset, description, caveats }]);
  return search(rest, words, { limit: 1 }).candidates.length === 0;
}
