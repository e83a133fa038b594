import type { Asset } from '../catalog/asset.js';
import type { Answer } from './answer-types.js';
import type { AnswerContext } from './context.js';
import type { RecognisedIntent } from './intent.js';
import { isKey, retrieve } from './retrieve.js';
import { kindWord, listInWords, nameOf } from './words.js';

const named =
  /^(?:the\s+)?(?:column|field|spalte|columna)\s+["'`]?([\w]+)["'`]?(?:\s+(?:of|in|on|from|von|in der|aus)\s+(?:the\s+)?(?:table\s+)?(.+))?$/i;
const dotted = /^["'`]?(?:[\w]+\.)*?([\w]+)\.([\w]+)["'`]?$/;
const inTable = /^["'`]?(\w+)["'`]?\s+(?:of|in|on|from)\s+(?:the\s+)?(?:table\s+)?["'`]?([\w.]+)["'`]?$/i;

export interface ColumnWords {
  column: string;
  table?: string;
}

/** The column, and its table where it is named, that some words mean; undefined when they mean none. */
export function columnWords(subject: string, saidColumn: boolean): ColumnWords | undefined {
  const byWord = named.exec(subject);
  if (byWord?.[1] !== undefined)
    return byWord[2] === undefined ? { column: byWord[1] } : { column: byWord[1], table: byWord[2] };
  const byDot = dotted.exec(subject);
  if (byDot?.[2] !== undefined && byDot[1] !== undefined) return { column: byDot[2], table: byDot[1] };
  const byTable = inTable.exec(subject);
  if (byTable?.[1] !== undefined && byTable[2] !== undefined)
    return { column: byTable[1], table: byTable[2] };
  return saidColumn && /^\w+$/.test(subject) ? { column: subject } : undefined;
}

/** Tables that have a column of that name, in the table of that name where one is said. */
export function tablesWith({ column, table }: ColumnWords, context: AnswerContext): Asset[] {
  const wanted = column.toLowerCase();
  const named = table?.toLowerCase().split('.').at(-1);
  return context.view
    .assets()
    .filter((asset) => asset.columns.some((one) => one.name.toLowerCase() === wanted))
    .filter(
      (asset) =>
        named === undefined ||
        [asset.name, asset.relation?.split('.').at(-1)].some((name) => name?.toLowerCase() === named),
    );
}

/**
 * "What uses column C": every asset downstream of a table that has it, and nearest those whose formula, dimensions or filters
 * name it. Undefined when the words name no column that the catalog has.
 */
export function columnUses(
  recognised: RecognisedIntent,
  question: string,
  context: AnswerContext,
): Answer | undefined {
  const { subject: said } = recognised;
  // who writes an identifier that nothing in the catalog is called means a column, as nobody calls a metric so
  const isIdentifier = /^\w+_\w+$/.test(said) && !isKey(said, context);
  const words = columnWords(said, isIdentifier || /\b(?:column|field|spalte|columna)\b/i.test(question));
  if (!words) return undefined;
  const wanted = words.column.toLowerCase();
  const tables = tablesWith(words, context).filter((asset) => context.levelOf(asset) === 'open');
  if (tables.length === 0) return undefined;
  const names = new RegExp(`\\b${wanted.replace(/[^\w]/g, '')}\\b`, 'i');
  const mentions = (asset: Asset): boolean =>
    [
      asset.formula?.expression ?? '',
      ...asset.dimensions,
      ...asset.filters,
      ...asset.context.slice(0, 4),
      asset.timeDimension ?? '',
    ].some((text) => names.test(text));
  const reached = new Map<string, Asset>();
  for (const table of tables) {
    for (const { asset } of context.view.downstream(table.id))
      if (context.mayName(asset)) reached.set(asset.id, asset);
  }
  const direct = [...reached.values()].filter(
    (asset) => mentions(asset) || asset.columns.some((column) => column.name.toLowerCase() === wanted),
  );
  const rest = [...reached.values()].filter((asset) => !direct.includes(asset));
  const items = [
    ...direct.map((asset) => ({ asset, note: 'names it' })),
    ...rest.map((asset) => ({ asset, note: 'reads the table' })),
  ];
  const say = (asset: Asset): string => `${nameOf(asset)} (${kindWord[asset.kind]})`;
  const where = listInWords(
    tables.map((table) => table.name),
    5,
  );
  const text =
    items.length === 0
      ? `Nothing in the catalog reads ${where}, which has the column ${words.column}.`
      : [
          `Column ${words.column} is in ${where}.`,
          direct.length === 0
            ? 'No definition names it.'
            : `It is named by ${listInWords(direct.map(say), 10)}.`,
          ...(rest.length === 0
            ? []
            : [
                `Also built on ${tables.length === 1 ? 'that table' : 'those tables'}: ${listInWords(rest.map(say), 8)}.`,
              ]),
        ].join(' ');
  const scored = [...tables, ...items.map((item) => item.asset)]
    .slice(0, 10)
    .map((asset, i) => ({ asset, score: i < tables.length ? 1 : 0.9 }));
  const [subject] = tables;
  return {
    outcome: 'answered',
    intent: 'who-uses',
    question,
    use: recognised.use,
    assets: scored.length > 0 ? scored : retrieve(recognised.subject, 'who-uses', context).assets,
    ...(subject === undefined ? {} : { subject }),
    level: 'open',
    offers: [],
    facts: [],
    items,
    text,
  };
}
