import FlexSearch from 'flexsearch';
import type { Engine } from './engine.js';

export const flexSearchEngine: Engine = {
  name: 'FlexSearch, suggest',
  build: (rows) => {
    const index = new FlexSearch.Index({ tokenize: 'forward', encoder: 'LatinBalance' });
    rows.forEach((row, i) => {
      index.add(i, [row.label, row.name, row.synonyms, row.description, row.context].join(' '));
    });
    return {
      search: (question) => {
        const found = index.search(question, { limit: 10, suggest: true });
        return Array.isArray(found) ? found.map((i) => rows[Number(i)]?.id ?? '') : [];
      },
    };
  },
};
