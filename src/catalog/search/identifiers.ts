import type { AssetKind } from '../asset.js';
import type { SearchIndex } from './index-types.js';
import { isKey } from './small-words.js';
import { splitWords } from './text/split.js';
import { foldWords, type WordMemo } from './text/terms.js';

/** Something of the question that is spelt as an identifier and is the name of nothing here. */
export interface SpelledIdentifier {
  /** Lower-case, without schema and quotes: `fct_usage` of `marts.fct_usage`. */
  name: string;
  /** True for the prefixes that dbt projects give their tables. */
  isTable: boolean;
}

/** Layers of a dbt project, as its style guides name them, and the usual names of raw tables. */
const layer = /^(?:stg|staging|base|int|intermediate|fct|fact|dim|mart|marts|rpt|agg|obt|src|raw|snp)_/;
const spelled = /^[a-z][a-z0-9]*(?:_+[a-z0-9]+)+$/;

export const tableKinds: readonly AssetKind[] = ['model', 'source'];

/** Share of a name that must be shared before it is offered in place of what was spelt. */
export const alikeEnough = 0.5;

/** The first identifier of a question that is no key of the catalog; none where every word is plain or known. */
export function unknownIdentifier(
  index: SearchIndex,
  question: string,
  memo: WordMemo,
): SpelledIdentifier | undefined {
  for (const token of question.toLowerCase().split(/[\s`"'“”«»(),;?!]+/)) {
    const name =
      token
        .replace(/[.:]+$/, '')
        .split(/[.:/]/)
        .at(-1) ?? '';
    if (name.length > 80 || !spelled.test(name) || isKey(index, foldWords(splitWords(name), memo))) continue;
    return { name, isTable: layer.test(name) };
  }
  return undefined;
}

/**
 * How much of an identifier a name shares, by three letters at a time, 0 to 1; a name of much else shares less. The layer is the least
 * of it: `fct_foo` is not nearly `fct_forecast`.
 */
export function nameLikeness(identifier: string, name: string): number {
  const lower = name.toLowerCase();
  const [ofAsked] = layer.exec(identifier) ?? [''];
  const [ofHeld] = layer.exec(lower) ?? [''];
  const rest = likeness(identifier.slice(ofAsked.length), lower.slice(ofHeld.length));
  return ofAsked === '' ? rest : 0.8 * rest + (ofAsked === ofHeld ? 0.2 : 0);
}

function likeness(one: string, other: string): number {
  const asked = trigrams(one);
  const held = trigrams(other);
  if (asked.size === 0 || held.size === 0) return 0;
  let shared = 0;
  for (const three of asked) if (held.has(three)) shared++;
  return (0.7 * shared) / asked.size + (0.6 * shared) / (asked.size + held.size);
}

function trigrams(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  const padded = ` ${text} `;
  for (let at = 0; at + 3 <= padded.length; at++) found.add(padded.slice(at, at + 3));
  return found;
}
