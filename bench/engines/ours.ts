import { buildIndex } from '../../src/catalog/search/build-index.js';
import { decide } from '../../src/catalog/search/decide.js';
import { search } from '../../src/catalog/search/search.js';
import type { Engine } from './engine.js';

export const ours: Engine = {
  name: 'Steward',
  build: (_rows, assets) => {
    const index = buildIndex(assets);
    return {
      search: (question) => search(index, question).candidates.map((one) => index.sourceIds[one.doc] ?? ''),
      outcome: (question) => decide(index, search(index, question)).outcome,
    };
  },
};
