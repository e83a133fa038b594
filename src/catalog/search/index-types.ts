import type { AssetKind } from '../asset.js';

/** Fields of an asset as the index weighs them. Their order is the bit order of {@link SearchIndex.postingMask}. */
export const fields = [
  'name',
  'label',
  'synonyms',
  'description',
  'dimensions',
  'columns',
  'context',
  /** Synonyms of what is defined beside it. */
  'siblings',
] as const;
export type Field = (typeof fields)[number];

/** Bits of the fields that name an asset. */
export const namingMask = 0b0000111;

/** Bits of the fields that say something of the asset itself, and not of its neighbours. */
export const ownMask = 0b1111111;

/** Where an exact key came from. Lower is stronger. */
export const keyOrigins = ['name', 'label', 'synonym', 'acronym'] as const;
export type KeyOrigin = (typeof keyOrigins)[number];

/**
 * Exact keys in one open-addressed hash table: a sequence of terms leads to a chain of entries. Flat arrays only, so that
 * 100,000 assets cost no object each. Two 32-bit hashes stand for the sequence.
 */
export interface KeyTable {
  /** Power of two; `slots[hash & mask]` and on is an entry number + 1, or 0. */
  slots: Int32Array;
  hash: Int32Array;
  check: Int32Array;
  next: Int32Array;
  doc: Int32Array;
  origin: Uint8Array;
  /** Hash of the words exactly as written, lower-case. */
  spelling: Int32Array;
}

/**
 * Everything a question needs, as flat arrays: one posting is 9 bytes, no object per asset, and a worker thread can hand it
 * over whole. `doc` below is a position in `ids`.
 */
export interface SearchIndex {
  /** Asset ids, and the facts of each that ranking and deciding use. */
  ids: string[];
  sourceIds: string[];
  names: string[];
  kinds: AssetKind[];
  /** Lower-case team names of the owners, joined by a space; empty when unknown. */
  teams: string[];
  /** Bounded bonus from tier, certification, status and usage, about -0.5 to 0.5. */
  priors: Float32Array;
  /** Same number: variants of one thing (same slug on another platform, or another version). */
  families: Int32Array;

  vocabulary: Map<string, number>;
  terms: string[];
  /** Inverse document frequency by term, 0 to 1: 1 is a word of one asset. */
  idf: Float32Array;
  /** True for terms that occur in a name, label or synonym; typos are corrected to these only. */
  naming: Uint8Array;
  postingStart: Int32Array;
  postingDoc: Int32Array;
  /** Saturated, length-normalised, field-weighted term frequency, 0 to 1. */
  postingWeight: Float32Array;
  postingMask: Uint8Array;

  /** Naming phrases: phrases of doc d are `phraseOf[d]` up to `phraseOf[d + 1]`, their terms `phraseStart[p]` up to `phraseStart[p + 1]`. */
  phraseOf: Int32Array;
  phraseStart: Int32Array;
  phraseTerms: Int32Array;
  phraseOrigin: Uint8Array;

  /** Terms of each description in order: those of doc d are `toldTerms[toldOf[d]]` up to `toldTerms[toldOf[d + 1]]`. */
  toldOf: Int32Array;
  toldTerms: Int32Array;

  keys: KeyTable;
  /** Acronym to the term ids it stands for, as this catalog writes them out. */
  taughtAcronyms: Map<string, number[]>;
  /** What the catalog teaches: term to up to eight others, strongest first; `assocStart` as in the postings. */
  assocStart: Int32Array;
  assocTerm: Int32Array;
  assocWeight: Float32Array;
  builtInMs: number;
}
