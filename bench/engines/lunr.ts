import lunr from 'lunr';
import type { Engine } from './engine.js';

export const lunrEngine: Engine = {
  name: 'lunr, boosted',
  build: (rows) => {
    const index = lunr(function configure() {
      this.ref('id');
      this.field('name', { boost: 3 });
      this.field('label', { boost: 4 });
      this.field('synonyms', { boost: 4 });
      this.field('description');
      this.field('context', { boost: 0.5 });
      for (const row of rows) this.add(row);
    });
    return {
      search: (question) => {
        const words = question
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s]/gu, ' ')
          .trim();
        return words === ''
          ? []
          : index
              .search(words)
              .slice(0, 10)
              .map((hit) => hit.ref);
      },
    };
  },
};
