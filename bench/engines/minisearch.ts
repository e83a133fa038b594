import MiniSearch from 'minisearch';
import { splitWords } from '../../src/catalog/search/text/split.js';
import { stem } from '../../src/catalog/search/text/stem.js';
import { asking, everywhere } from '../../src/catalog/search/text/stopwords.js';
import type { Engine, Row } from './engine.js';

/** With what the field tests found best: our split, stems and stop words, boosts, and fuzzy prefixes as a second variant. */
function tuned(name: string, loose: boolean): Engine {
  return {
    name,
    build: (rows) => {
      const engine = new MiniSearch<Row>({
        fields: ['name', 'label', 'synonyms', 'description', 'context'],
        tokenize: splitWords,
        processTerm: (term) => (everywhere.has(term) ? null : stem(term)),
        searchOptions: {
          boost: { name: 3, label: 4, synonyms: 4, description: 1, context: 0.5 },
          processTerm: (term) => (everywhere.has(term) || asking.has(term) ? null : stem(term)),
          ...(loose ? { prefix: true, fuzzy: 0.2 } : {}),
        },
      });
      engine.addAll(rows);
      return {
        search: (question) =>
          engine
            .search(question)
            .slice(0, 10)
            .map((hit) => String(hit.id)),
      };
    },
  };
}

export const miniSearchTuned = tuned('MiniSearch, split + stem + boost', false);
export const miniSearchLoose = tuned('MiniSearch, the same + prefix + fuzzy', true);
