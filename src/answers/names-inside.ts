import type { Asset } from '../catalog/asset.js';
import { splitWords } from '../catalog/search/text/split.js';

const head =
  /^(?:the\s+|our\s+|die\s+|unsere\s+)?(?:data|numbers?|figures?|values?|metric|kpi|table|daten|zahlen|werte|kennzahl|metrik|tabelle)\s+(?:(?:of|for|in|behind|called|named|von|f[uü]r|in|zu|hinter)\s+)?(?:the\s+|our\s+)?(?=\S)/i;
const tail =
  /\s+(?:numbers?|figures?|values?|metric|kpi|data|table|dataset|definition|formula|calculation|zahl(?:en)?|werte?|kennzahl|daten|tabelle)$/i;

/** "the numbers for freight cost", "the DAU metric": the name that such words stand around, where there are any. */
export function withoutFrame(words: string): string | undefined {
  const bare = words.trim().replace(head, '').replace(tail, '');
  return bare === words.trim() || bare === '' ? undefined : bare;
}

const namesOf = (asset: Asset): string[] => [
  asset.name,
  ...(asset.label === undefined ? [] : [asset.label]),
  ...asset.synonyms,
];

/** Whether a name of an asset stands in some words as it is, and not only what it is folded to (`count` and "how many"). */
export function saysName(words: string, asset: Asset): boolean {
  const text = ` ${splitWords(words).join(' ')} `;
  return namesOf(asset).some((one) => text.includes(` ${splitWords(one).join(' ')} `));
}

/** Written as no plain word is: `DAU`, `d7`, `ward_stays`. */
const isSpelledOut = (written: string): boolean => /\d|_/.test(written) || /^\p{Lu}{2,}s?$/u.test(written);

export interface Named {
  asset: Asset;
  /** In words, as names are compared. */
  name: string;
}

/**
 * What is named, as no plain word is written, within some words that say more; longer names first, each asset once. Plain words may stand in a text by chance,
 * whatever it is about.
 */
export function spelledInside(words: string, among: readonly Asset[]): Named[] {
  const written = words.split(/[\s,;:.!?()"'`]+/).filter(isSpelledOut);
  const spelled = new Set(written.map((one) => splitWords(one).join(' ')));
  const found = among.flatMap((asset): Named[] => {
    const name = namesOf(asset)
      .map((one) => splitWords(one).join(' '))
      .filter((one) => spelled.has(one))
      .sort((a, b) => b.length - a.length)[0];
    return name === undefined ? [] : [{ asset, name }];
  });
  return found.sort((a, b) => b.name.length - a.name.length);
}
