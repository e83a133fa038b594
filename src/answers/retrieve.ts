import type { Asset, AssetKind } from '../catalog/asset.js';
import { type Decision, decide, declared } from '../catalog/search/decide.js';
import { type Ranked, search } from '../catalog/search/search.js';
import { splitWords } from '../catalog/search/text/split.js';
import type { AnswerContext } from './context.js';
import type { Intent } from './intent.js';
import { spelledInside, withoutFrame } from './names-inside.js';
import { readsInQuery } from './pasted-query.js';
import { misspelled } from './slips.js';
import { outlineOf } from './visible-index.js';
import { isOnlyDenied } from './what-is-denied.js';

export interface ScoredAsset {
  asset: Asset;
  /** 0 to 1, comparable within one answer only. */
  score: number;
}

export interface Retrieval {
  outcome: 'answered' | 'ambiguous' | 'unknown';
  /** Answered: what it is. */
  chosen?: Asset;
  /** Ambiguous: the first so many of `assets` are offered. */
  offered: number;
  /** Best first, at most ten; for an ask-back those offered stand first. */
  assets: ScoredAsset[];
  /** True when the words are, word for word, a key of the catalog. */
  exact: boolean;
  /** Answered: what else is declared to be called so, by a weaker kind of name. */
  alsoCalled?: Asset[];
  /** Ambiguous, though nothing about a name is unsure: several things are named at once, one with a slip of the pen, a part of one, one among words that are not understood, or a query that reads them. */
  offeredAs?: 'several' | 'slip' | 'part' | 'query' | 'within';
}

const preferredKinds: Partial<Record<Intent, readonly AssetKind[]>> = {
  define: ['metric', 'term'],
  value: ['metric'],
  'why-changed': ['metric'],
  history: ['metric', 'term'],
  compare: ['metric', 'term'],
  freshness: ['source', 'model', 'pipeline'],
  act: ['model', 'source', 'exposure', 'pipeline'],
};

/** Finds what some words mean, for one intent. */
export function retrieve(words: string, intent: Intent, context: AnswerContext): Retrieval {
  const found = retrieveOne(words, intent, context);
  if (found.exact) return found;
  const bare = withoutFrame(words);
  const framed = bare === undefined ? undefined : retrieveOne(bare, intent, context);
  if (framed?.exact) return framed;
  const read = readsInQuery(words, context);
  if (read !== undefined)
    return asOffers(
      read.map((asset) => shownTo(asset, context)),
      found.assets,
      'query',
    );
  if (found.outcome === 'answered' && namesNothing(words))
    return {
      outcome: 'ambiguous',
      offered: Math.min(namedAtMost, found.assets.length),
      assets: found.assets,
      exact: false,
    };
  if (found.chosen !== undefined && isOnlyDenied(words, shownTo(found.chosen, context)))
    return { outcome: 'unknown', offered: 0, assets: found.assets, exact: false };
  return (
    spelledOutElse(words, found, context) ??
    severalNamed(words, intent, context) ??
    nearlyNamed(words, found) ??
    namedMoreNarrowly(words, intent, found, context) ??
    namedWithin(words, found) ??
    found
  );
}

/** Whether words are, word for word, a key of the catalog. */
export function isKey(words: string, context: AnswerContext): boolean {
  return retrieveOne(words, 'define', context).exact;
}

const narrowing =
  /\s+(?:in|for|of|by|per|at|from|within|among|excl(?:uding|\.)?|incl(?:uding|\.)?|except|without|but|only|where|with|f[uü]r|im|aus|von|ohne|nur|pro|je|mit)\s+/gi;

/** "mrr in Germany", "mrr without enterprise": nobody knows that, and it begins with a name of the catalog. That is offered, and never taken for what was meant. */
function namedMoreNarrowly(
  words: string,
  intent: Intent,
  found: Retrieval,
  context: AnswerContext,
): Retrieval | undefined {
  if (found.outcome !== 'unknown') return undefined;
  for (const { index } of [...words.matchAll(narrowing)].reverse().slice(0, namedAtMost)) {
    const { exact, chosen } = retrieveOne(words.slice(0, index), intent, context);
    if (exact && chosen !== undefined) return asOffers([shownTo(chosen, context)], found.assets, 'part');
  }
  return undefined;
}

/** Nothing was found, and a name of the catalog is spelled out among the words: "DAU dropped". It is offered, and never taken for what was meant. */
function namedWithin(words: string, found: Retrieval): Retrieval | undefined {
  if (found.outcome !== 'unknown') return undefined;
  const named = spelledInside(
    words,
    found.assets.map(({ asset }) => asset),
  ).map(({ asset }) => asset);
  return named.length === 0 ? undefined : asOffers(named.slice(0, namedAtMost), found.assets, 'within');
}

/** "are bots excluded from DAU?": somebody spells out what they ask about, and the words around it lead to something that says nothing of it. */
function spelledOutElse(words: string, found: Retrieval, context: AnswerContext): Retrieval | undefined {
  const { chosen } = found;
  if (found.outcome !== 'answered' || chosen === undefined) return undefined;
  const spelled = spelledInside(
    words,
    found.assets.map(({ asset }) => asset),
  );
  const about = ` ${splitWords([chosen.name, chosen.label, chosen.description, ...chosen.synonyms].join(' ')).join(' ')} `;
  if (spelled.length === 0 || spelled.some(({ name }) => about.includes(` ${name} `))) return undefined;
  const offered = [...spelled.map(({ asset }) => asset), shownTo(chosen, context)];
  return asOffers([...new Set(offered)].slice(0, namedAtMost), found.assets, 'within');
}

function retrieveOne(words: string, intent: Intent, context: AnswerContext): Retrieval {
  const direct = identified(words, context);
  if (direct) return exactly(direct, context);
  const preferred = preferredKinds[intent];
  const ranked = search(context.index, words, {
    limit: 10,
    askerTeams: [...context.viewer.teams, ...context.placeTeams],
    ...(preferred === undefined ? {} : { preferredKinds: preferred }),
  });
  const decision = decide(context.index, ranked, preferred);
  const chosen = decision.outcome === 'answered' ? context.view.get(decision.chosen.id) : undefined;
  const others = chosen === undefined ? [] : alsoCalled(chosen, ranked, context);
  return {
    outcome: decision.outcome,
    ...(chosen === undefined ? {} : { chosen }),
    ...(others.length === 0 ? {} : { alsoCalled: others }),
    offered: decision.outcome === 'ambiguous' ? decision.offered.length : 0,
    assets: scored(ranked, decision, context),
    exact: ranked.candidates[0]?.features.exact !== undefined,
  };
}

/**
 * Of things that bear the same name the stronger kind of name wins, and nobody may take it for the only one. A table that is called as the metric on it stays
 * out: nobody means it who asks for the metric.
 */
function alsoCalled(chosen: Asset, ranked: Ranked, context: AnswerContext): Asset[] {
  if (!ranked.candidates.some(({ id, features }) => id === chosen.id && features.exact)) return [];
  return declared(ranked).flatMap(({ id }) => {
    const other = context.view.get(id);
    if (other === undefined || id === chosen.id) return [];
    const isRival = other.kind === chosen.kind || other.kind === 'metric' || other.kind === 'term';
    return isRival ? [shownTo(other, context)] : [];
  });
}

const anything =
  /^(?:(?:can|may|do|should|i|we|you|trust|use|the|our|my|these|those|all|any|of|are|is|ok|okay|right|safe|today|now|numbers?|figures?|data|metrics?|kpis?|reports?|dashboards?|values?|die|unsere|alle|zahlen|daten|kennzahlen|metriken|werte|heute)\b[\s?!.,]*)+$/i;

/** "can I trust the numbers today?" is about everything and nothing: whatever it resembles is no answer to it. */
function namesNothing(words: string): boolean {
  return anything.test(words.trim());
}

const between = /\s*[,;]\s*(?:(?:and|or|und|oder|y|o)\s+)?|\s+(?:and|or|und|oder|y|o|&|\+)\s+/i;
const namedAtMost = 5;

/** "mrr and gpu utilisation": each part is, word for word, the name of another thing. None of them is taken for all of it. */
function severalNamed(words: string, intent: Intent, context: AnswerContext): Retrieval | undefined {
  const parts = words.split(between).filter((part) => part.trim() !== '');
  if (parts.length < 2 || parts.length > namedAtMost) return undefined;
  const named = new Map<string, Asset>();
  for (const part of parts) {
    const { exact, chosen } = retrieveOne(part, intent, context);
    if (!exact || chosen === undefined) return undefined;
    named.set(chosen.id, shownTo(chosen, context));
  }
  if (named.size < 2) return undefined;
  return asOffers([...named.values()], [], 'several');
}

/** Nothing was found, and something has this name but for a letter: it is offered, and never taken for what was meant. */
function nearlyNamed(words: string, found: Retrieval): Retrieval | undefined {
  if (found.outcome !== 'unknown') return undefined;
  const meant = misspelled(
    words,
    found.assets.map(({ asset }) => asset),
  );
  return meant.length === 0 ? undefined : asOffers(meant.slice(0, namedAtMost), found.assets, 'slip');
}

function asOffers(
  offered: readonly Asset[],
  others: readonly ScoredAsset[],
  offeredAs: NonNullable<Retrieval['offeredAs']>,
): Retrieval {
  const ids = new Set(offered.map(({ id }) => id));
  return {
    outcome: 'ambiguous',
    offered: offered.length,
    assets: [
      ...offered.map((asset) => ({ asset, score: 1 })),
      ...others.filter(({ asset }) => !ids.has(asset.id)),
    ].slice(0, 10),
    exact: false,
    offeredAs,
  };
}

/** What is found where a person has said which thing they mean. */
export function exactly(asset: Asset, context: AnswerContext): Retrieval {
  return {
    outcome: 'answered',
    chosen: asset,
    offered: 0,
    assets: [{ asset: shownTo(asset, context), score: 1 }],
    exact: true,
  };
}

/** An asset named by the source's own identifier, by its id or by its place in the warehouse. */
function identified(words: string, context: AnswerContext): Asset | undefined {
  const text = words.trim().replace(/^[`"']|[`"'?]$/g, '');
  if (text.length > 300 || /\s/.test(text) || !/[.:/-]/.test(text)) return undefined;
  const byRelation = context.view.byRelation(text).filter(context.mayName);
  const found =
    context.view.bySourceId(text) ??
    context.view.get(text) ??
    (byRelation.length === 1 ? byRelation[0] : undefined);
  return found !== undefined && context.mayName(found) ? found : undefined;
}

function shownTo(asset: Asset, context: AnswerContext): Asset {
  return context.levelOf(asset) === 'open' ? asset : outlineOf(asset);
}

function scored(ranked: Ranked, decision: Decision, context: AnswerContext): ScoredAsset[] {
  const first =
    decision.outcome === 'answered'
      ? [decision.chosen]
      : decision.outcome === 'ambiguous'
        ? decision.offered
        : [];
  const chosen = new Set(first.map((one) => one.id));
  const order = [...first, ...ranked.candidates.filter((one) => !chosen.has(one.id))].slice(0, 10);
  const top = Math.max(...order.map((one) => one.score), 0.01);
  const result: ScoredAsset[] = [];
  let ceiling = 1;
  for (const one of order) {
    const asset = context.view.get(one.id);
    if (!asset) continue;
    // offered ones are moved to the front, so the list must still fall
    ceiling = Math.min(ceiling, Math.max(0, one.score / top));
    result.push({ asset: shownTo(asset, context), score: Math.round(ceiling * 1000) / 1000 });
  }
  return result;
}

/** Order in which outcomes are preferred when the same words are read in two ways. */
export function outcomeRank(retrieval: Retrieval): number {
  return { answered: 2, ambiguous: 1, unknown: 0 }[retrieval.outcome];
}
