import type { Asset, Column } from '../catalog/asset.js';
import { splitWords } from '../catalog/search/text/split.js';
import type { Answer } from './answer-types.js';
import { columnWords, tablesWith } from './column-uses.js';
import type { AnswerContext } from './context.js';
import type { RecognisedIntent } from './intent.js';
import type { Retrieval } from './retrieve.js';
import { purposeOf } from './visible-index.js';
import { listInWords, plain, sentence } from './words.js';

const saidColumn = /\b(?:column|field|spalte|feld|columna|campo)\b/i;
const aboutIt =
  /^(?:what(?:'s|\s+is|\s+are|\s+does|\s+do)?|define|explain|describe|(?:the\s+)?(?:definition|meaning)\s+of|was\s+(?:ist|sind|bedeutet|bedeuten|hei[sß]+t)|qu[eé]\s+(?:es|son|significa))\s+(?:the\s+|die\s+|der\s+|das\s+|el\s+|la\s+)?/i;
const itsMeaning = /\s+(?:mean|means|stand\s+for|hold|contain|bedeuten)$/i;
const tablesTold = 5;
const meaningsTold = 4;

/**
 * What a column holds, where a question for a meaning names one: as a column, by its table, or by a name that is written like a column's and
 * explains nothing else. Undefined otherwise, and for columns that this viewer may not know of: then it is answered like one that is not there.
 */
export function columnMeaning(
  recognised: RecognisedIntent,
  question: string,
  whole: Retrieval,
  context: AnswerContext,
): Answer | undefined {
  const subject = recognised.subject.replace(aboutIt, '').replace(itsMeaning, '').trim();
  const said = saidColumn.test(question);
  const words = columnWords(subject, said) ?? (/^\w*_\w+$/.test(subject) ? { column: subject } : undefined);
  if (!words) return undefined;
  if (!said && words.table === undefined && explainedOtherwise(words.column, whole, context))
    return undefined;
  const found = tablesWith(words, context)
    .filter((table) => context.levelOf(table) === 'open')
    .flatMap((table) => {
      const column = context.view
        .columnsOf(table.id)
        .find((one) => one.name.toLowerCase() === words.column.toLowerCase());
      const own = table.columns.find((one) => one.name === column?.name);
      return column === undefined || own === undefined || !context.mayName(column)
        ? []
        : [{ table, column, own }];
    });
  const [first] = found;
  if (first === undefined) return undefined;
  return {
    outcome: 'answered',
    intent: 'define',
    question,
    use: recognised.use,
    assets: [
      ...found.map(({ table }) => ({ asset: table, score: 1 })),
      ...whole.assets
        .filter((one) => found.every(({ table }) => table.id !== one.asset.id))
        .map((one) => ({ ...one, score: Math.min(0.9, one.score) })),
    ].slice(0, 10),
    level: 'open',
    offers: [],
    facts: [],
    items: found.map(({ table, own }) => ({
      asset: table,
      note: own.dataType === undefined ? own.name : `${own.name}, ${own.dataType}`,
    })),
    text: meanings(found, context),
  };
}

/** Words that are in the name of something found mean that; and what was answered is meant, unless it is a table that was found by its column. */
function explainedOtherwise(
  column: string,
  { outcome, chosen, assets, offered }: Retrieval,
  context: AnswerContext,
): boolean {
  if (outcome === 'unknown') return false;
  if (chosen && !tablesWith({ column }, context).includes(chosen)) return true;
  const wanted = splitWords(column);
  const candidates = chosen ? [chosen] : assets.slice(0, offered).map(({ asset }) => asset);
  return candidates.some((asset) => {
    const held = new Set([asset.name, asset.label ?? '', ...asset.synonyms].flatMap(splitWords));
    return wanted.every((word) => held.has(word));
  });
}

/** One sentence per meaning, with the tables that say it; a column that must be requested gives its purpose and no more. */
function meanings(
  found: readonly { table: Asset; column: Asset; own: Column }[],
  context: AnswerContext,
): string {
  const byMeaning = new Map<
    string,
    { name: string; meaning: string; labels: string[]; open: boolean; tables: Asset[] }
  >();
  for (const { table, column, own } of found) {
    const open = context.levelOf(column) === 'open';
    const meaning = open ? own.description : purposeOf(column);
    const key = `${open}|${meaning.trim()}`;
    const known = byMeaning.get(key);
    if (known) known.tables.push(table);
    else byMeaning.set(key, { name: own.name, meaning, labels: own.classification, open, tables: [table] });
  }
  const all = [...byMeaning.values()]
    .slice(0, meaningsTold)
    .map(({ name, meaning, labels, open, tables }) => {
      const where = listInWords(
        tables.map((table) => table.name),
        tablesTold,
      );
      return [
        `${name} (column of ${where}): ${sentence(plain(meaning, 500)) || 'it has no description yet.'}`,
        ...(labels.length === 0 ? [] : [`Classified as ${listInWords(labels)}.`]),
        ...(open ? [] : ['Its details are for those with access: request access to the table to see more.']),
      ].join(' ');
    });
  const rest = byMeaning.size - all.length;
  return [...all, ...(rest > 0 ? [`It says something else in ${rest} more.`] : [])].join(' ');
}
