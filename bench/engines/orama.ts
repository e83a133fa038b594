import { create, insertMultiple, search } from '@orama/orama';
import type { Engine } from './engine.js';

export const oramaEngine: Engine = {
  name: 'Orama, boosted',
  build: async (rows) => {
    const engine = create({
      schema: {
        name: 'string',
        label: 'string',
        synonyms: 'string',
        description: 'string',
        context: 'string',
      },
      components: { tokenizer: { language: 'english', stemming: false } },
    });
    await insertMultiple(
      engine,
      rows.map((row) => ({ ...row })),
    );
    return {
      search: async (question) => {
        const found = await search(engine, {
          term: question,
          limit: 10,
          boost: { name: 3, label: 4, synonyms: 4 },
          threshold: 1,
        });
        return found.hits.map((hit) => hit.id);
      },
    };
  },
};
