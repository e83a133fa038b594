import type { Asset } from '../catalog/asset.js';
import { splitWords } from '../catalog/search/text/split.js';
import type { Answer } from './answer-types.js';
import { ownerSentence } from './compose.js';
import type { AnswerContext } from './context.js';
import { heldUpBy, usualLoadTime } from './freshness.js';
import type { RecognisedIntent } from './intent.js';
import { freshnessInWords } from './measured.js';
import { listInWords, nameOf, plain } from './words.js';

/** Sources that go by one name: a group of the source system, a schema of the warehouse, a domain. */
interface SourceGroup {
  name: string;
  what: 'source' | 'schema' | 'domain';
  tables: Asset[];
}

/** What people say around a group's name: "the billing data", "die Quelle billing". */
const around = new Set(
  'the our data source sources system schema domain feed feeds export exports table tables load loads die der das daten quelle quellen schema bereich tabellen of from von aus'.split(
    ' ',
  ),
);
const toldAtMost = 6;

/** The sources that some words mean together, as far as this viewer may see them in full; undefined for fewer than two. */
function sourceGroup(words: string, context: AnswerContext): SourceGroup | undefined {
  const wanted = folded(
    splitWords(words)
      .filter((word) => !around.has(word))
      .join(' '),
  );
  if (wanted === '') return undefined;
  const sources = context.view
    .assets()
    .filter((asset) => asset.kind === 'source' && context.levelOf(asset) === 'open');
  const ways = [
    ['source', (asset: Asset) => systemOf(asset)],
    ['schema', (asset: Asset) => asset.relation?.split('.').at(-2)],
    ['domain', (asset: Asset) => asset.domain],
  ] as const;
  for (const [what, nameIn] of ways) {
    const tables = sources.filter((asset) => folded(nameIn(asset) ?? '') === wanted);
    const [first] = tables;
    if (first !== undefined && tables.length > 1) return { name: nameIn(first) ?? words, what, tables };
  }
  return undefined;
}

function folded(text: string): string {
  return splitWords(text).join(' ');
}

/** The group that a source stands in: its connector writes `billing.invoices` beside `invoices`. */
function systemOf(asset: Asset): string | undefined {
  const dotted = asset.context.find((words) => words.endsWith(`.${asset.name}`));
  return dotted?.slice(0, -asset.name.length - 1);
}

/** Late ones first; among equals by name. */
const badness = { fail: 0, error: 0, warn: 1, unknown: 2, skipped: 2, pass: 3 } as const;

/**
 * "When will billing be there?" for a group of sources: the state of each, when the last of them usually lands, and what holds them up. Undefined
 * where the words mean no group of at least two sources that this viewer may see.
 */
export function groupFreshness(
  recognised: RecognisedIntent,
  question: string,
  context: AnswerContext,
): Answer | undefined {
  const group = sourceGroup(recognised.subject, context);
  if (!group) return undefined;
  const looked = group.tables
    .map((asset) => {
      const signal = context.view.latestSignals(asset.id).find((one) => one.type === 'freshness');
      return { asset, status: signal?.status ?? 'unknown', state: freshnessInWords(asset, context) };
    })
    .sort((a, b) => badness[a.status] - badness[b.status] || a.asset.name.localeCompare(b.asset.name));
  const count = (...statuses: string[]): number =>
    looked.filter(({ status }) => statuses.includes(status)).length;
  const states = [
    [count('fail', 'error'), 'late'],
    [count('warn'), 'getting late'],
    [count('pass'), 'on time'],
    [count('unknown', 'skipped'), 'of unknown freshness'],
  ] as const;
  const summary = listInWords(states.filter(([n]) => n > 0).map(([n, state]) => `${n} ${state}`));
  const told = looked
    .slice(0, toldAtMost)
    .map(({ asset, state }) => `${nameOf(asset)}: ${state ?? 'nothing says how fresh it is'}.`);
  const rest = looked.length - told.length;
  const usual = group.tables
    .flatMap((asset) => {
      const at = usualLoadTime(asset, context);
      return at === undefined ? [] : [{ at, asset }];
    })
    .sort((a, b) => b.at.localeCompare(a.at))[0];
  const [first] = looked;
  return {
    outcome: 'answered',
    intent: 'freshness',
    question,
    use: recognised.use,
    assets: looked.slice(0, 10).map(({ asset }) => ({ asset, score: 1 })),
    group: group.name,
    level: 'open',
    offers: [],
    facts: [],
    items: looked.map(({ asset, state }) => ({ asset, ...(state === undefined ? {} : { note: state }) })),
    text: [
      `${plain(group.name, 80)} (${group.what} of ${looked.length} tables): ${summary}.`,
      ...told,
      ...(rest > 0 ? [`${rest} more.`] : []),
      ...(usual === undefined
        ? []
        : [`The last of them to land is usually ${nameOf(usual.asset)}, around ${usual.at} UTC.`]),
      ...heldUpBy(group.tables, context),
      ...(first === undefined ? [] : [ownerSentence(first.asset, context)]),
    ].join(' '),
  };
}
