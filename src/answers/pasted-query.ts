import type { Asset } from '../catalog/asset.js';
import type { AnswerContext } from './context.js';

const beginsQuery = /(?:^|[:\n`])[^\S\n]*(?=(?:with|select)\b)/i;
const tableNames = /\b(?:from|join)\s+((?:["`]?[\p{L}\p{N}_$-]+["`]?\.){0,3}["`]?[\p{L}\p{N}_$-]+["`]?)/giu;
const literals = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g;
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
const tableKinds = ['model', 'source'] as const;
const offeredAtMost = 5;

/**
 * What a pasted SQL query is about: metrics on its tables whose own columns it adds up, then the tables that it reads, at most five. Undefined where the words are no query, or
 * one that reads nothing of the catalog.
 */
export function readsInQuery(words: string, context: AnswerContext): Asset[] | undefined {
  if (!isQuery(words)) return undefined;
  const text = words.replace(literals, ' ');
  const named = [...text.matchAll(tableNames)].flatMap(({ 1: name = '' }) => {
    const found = context.view.resolve(name, { kinds: tableKinds, where: context.mayName });
    return found.length > 0
      ? found
      : context.view.resolve(name.split('.').at(-1) ?? '', { kinds: tableKinds, where: context.mayName });
  });
  const tables = [...new Set(named)];
  if (tables.length === 0) return undefined;
  const said = new Set(wordsOf(text));
  const metrics = tables.flatMap((table) =>
    context.view
      .downstream(table.id, { kinds: ['metric'], maxDistance: 2 })
      .map(({ asset }) => asset)
      .filter(
        (metric) => context.mayName(metric) && context.levelOf(metric) === 'open' && computes(metric, said),
      ),
  );
  return [...new Set([...metrics, ...tables])].slice(0, offeredAtMost);
}

/** One step after the other, each from where the last one ended: a single pattern for all of it takes a long text that is none apart in every way. */
function isQuery(words: string): boolean {
  const begun = beginsQuery.exec(words);
  if (begun === null) return false;
  const statement = words.slice(begun.index);
  const selected = statement.search(/\bselect\b/i);
  return selected >= 0 && /\bfrom\s+\S/i.test(statement.slice(selected));
}

/** Every column of its formula stands in the query; what aggregates them (`sum`, `count`) is a function and no column. */
function computes(metric: Asset, said: ReadonlySet<string>): boolean {
  const expression = (metric.formula?.expression ?? '').replace(literals, ' ');
  const columns = wordsOf(expression.replace(/[\p{L}_]\w*\s*\(/gu, '('));
  return columns.length > 0 && columns.every((column) => said.has(column));
}

/** Said before what a query reads is offered. */
export const queryText = 'That is a query, and what it gives is for the warehouse to say.';
