import type { Asset, AssetKind } from '../catalog/asset.js';
import { type Decision, decide } from '../catalog/search/decide.js';
import { type Ranked, search } from '../catalog/search/search.js';
import type { AnswerContext } from './context.js';
import type { Intent } from './intent.js';
import { outlineOf } from './visible-index.js';

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
  const direct = identified(words, context);
  if (direct)
    return {
      outcome: 'answered',
      chosen: direct,
      offered: 0,
      assets: [{ asset: shownTo(direct, context), score: 1 }],
      exact: true,
    };
  const preferred = preferredKinds[intent];
  const ranked = search(context.index, words, {
    limit: 10,
    askerTeams: context.viewer.teams,
    ...(preferred === undefined ? {} : { preferredKinds: preferred }),
  });
  const decision = decide(context.index, ranked, preferred);
  const chosen = decision.outcome === 'answered' ? context.view.get(decision.chosen.id) : undefined;
  return {
    outcome: decision.outcome,
    ...(chosen === undefined ? {} : { chosen }),
    offered: decision.outcome === 'ambiguous' ? decision.offered.length : 0,
    assets: scored(ranked, decision, context),
    exact: ranked.candidates[0]?.features.exact !== undefined,
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
