import type { Asset } from '../../src/catalog/asset.js';

/** The same text for every engine: the fields that people's words may be in. */
export interface Row {
  id: string;
  name: string;
  label: string;
  synonyms: string;
  description: string;
  context: string;
}

export interface BuiltEngine {
  /** Ids, best first, at most ten. */
  search: (question: string) => string[] | Promise<string[]>;
  /** Whether the engine would say that it does not know; engines that cannot decide refuse only when they find nothing. */
  outcome?: (question: string) => 'answered' | 'ambiguous' | 'unknown';
  close?: () => Promise<void>;
}

export interface Engine {
  name: string;
  build: (rows: readonly Row[], assets: readonly Asset[]) => BuiltEngine | Promise<BuiltEngine>;
  /** Left out of large question sets: it would take hours. */
  slow?: boolean;
}

export function toRow(asset: Asset): Row {
  return {
    id: asset.sourceId,
    name: asset.name.replace(/[_.]+/g, ' '),
    label: asset.label ?? '',
    synonyms: asset.synonyms.join('\n'),
    description: asset.description,
    context: [...asset.context, ...asset.dimensions, ...asset.columns.map((column) => column.name)]
      .join(' ')
      .replace(/[_.]+/g, ' '),
  };
}
