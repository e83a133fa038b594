import Fuse from 'fuse.js';
import type { Engine } from './engine.js';

export const fuseEngine: Engine = {
  name: 'Fuse.js',
  slow: true,
  build: (rows) => {
    const engine = new Fuse(rows, {
      keys: [
        { name: 'name', weight: 3 },
        { name: 'label', weight: 4 },
        { name: 'synonyms', weight: 4 },
        { name: 'description', weight: 1 },
      ],
      ignoreLocation: true,
      threshold: 0.6,
    });
    return {
      search: (question) => engine.search(question.slice(0, 200), { limit: 10 }).map((hit) => hit.item.id),
    };
  },
};
