import type { Asset } from '../catalog/asset.js';
import { decide } from '../catalog/search/decide.js';
import { search } from '../catalog/search/search.js';
import type { Answer } from './answer-types.js';
import type { AnswerContext } from './context.js';
import type { RecognisedIntent } from './intent.js';
import { readListFilter } from './list-filter.js';
import { retrieve } from './retrieve.js';
import { listInWords, nameOf, plain } from './words.js';

/** Most things kept of a list; the text names ten. */
const listLimit = 500;

/**
 * Lists what fits a filter: "which metrics have no owner", "tables of team finance". Undefined when the filter's words are
 * about something that the catalog does not know.
 */
export function answerList(
  recognised: RecognisedIntent,
  question: string,
  context: AnswerContext,
): Answer | undefined {
  const filter = readListFilter(recognised.subject, context);
  const candidates = filter.about === '' ? [...context.view.assets()] : aboutTopic(filter.about, context);
  if (candidates === undefined) return undefined;
  const found = candidates
    .filter((asset) => filter.kinds.includes(asset.kind) && context.mayName(asset))
    // what must be requested shows in lists by name only when no filter could tell more of it
    .filter((asset) => context.levelOf(asset) === 'open' && filter.keep(asset))
    .slice(0, listLimit);
  if (filter.about === '')
    found.sort((a, b) => (a.tier ?? 9) - (b.tier ?? 9) || nameOf(a).localeCompare(nameOf(b)));
  const text =
    found.length === 0
      ? `There are no ${filter.words}.`
      : `${found.length}${found.length === listLimit ? ' or more' : ''} ${found.length === 1 ? ofOne(filter.words) : filter.words}: ${plain(listInWords(found.map(nameOf), 10), 1200)}.`;
  return {
    outcome: 'answered',
    intent: 'list',
    question,
    use: recognised.use,
    assets:
      found.length > 0
        ? found.slice(0, 10).map((asset) => ({ asset, score: 1 }))
        : retrieve(recognised.subject, 'list', context).assets,
    level: 'open',
    offers: [],
    facts: [],
    items: found.map((asset) => ({ asset })),
    text,
  };
}

/** "tables that are late" of a single one: "table that is late". */
function ofOne(words: string): string {
  return words.replace(/^(\w+)s\b/, '$1').replace(' that are ', ' that is ');
}

function aboutTopic(words: string, context: AnswerContext): Asset[] | undefined {
  const ranked = search(context.index, words, { limit: 60 });
  if (decide(context.index, ranked).outcome === 'unknown') return undefined;
  const best = ranked.candidates[0]?.features.anywhere ?? 0;
  return ranked.candidates
    .filter((one) => one.features.anywhere >= best * 0.8)
    .map((one) => context.view.get(one.id))
    .filter((asset) => asset !== undefined);
}
