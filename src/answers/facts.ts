import type { Asset, Provenance } from '../catalog/asset.js';
import { type AnswerContext, addressFor } from './context.js';
import { disputedInWords } from './disputed.js';
import { type AssetVersion, lastChangeOfMeaning } from './history.js';
import { freshnessMeasured, measuredIn, measuredInWords, testsOf } from './measured.js';
import { agoInWords, codeLine, kindWord, listInWords, nameOf, ownerInWords, plain } from './words.js';

/** One line of the card: what is known, and where it was read. */
export interface Fact {
  /** Stable name of the field: `definition`, `formula`, `owner` … */
  field: string;
  label: string;
  value: string;
  source?: Provenance;
  /** Of the things that the value names, where each can be looked at. */
  links?: { text: string; url: string }[];
}

/** Everything the catalog says about an asset, in the order in which people want it. Nothing is invented. */
export function factsOf(asset: Asset, context: AnswerContext): Fact[] {
  const { view, now, personName } = context;
  const facts: Fact[] = [];
  const placed = (place: Provenance = {}): Provenance => {
    const source = place.source ?? asset.source;
    const revision = view.sources.find(({ name }) => name === source)?.info.revision;
    // what was read by an API stands in no file: the thing itself is where it can be looked at
    const url = place.file === undefined && source === asset.source ? asset.url : undefined;
    return {
      source,
      ...(revision === undefined ? {} : { revision }),
      ...(url === undefined ? {} : { url }),
      ...place,
    };
  };
  const read = placed(asset.provenance['*']);
  const add = (
    field: string,
    label: string,
    value: string | undefined,
    more: { from?: string; source?: Provenance; named?: readonly Asset[] } = {},
  ): void => {
    if (value === undefined || value.trim() === '') return;
    const own = asset.provenance[more.from ?? field];
    const source = more.source ?? (own === undefined ? read : placed(own));
    const links = (more.named ?? []).flatMap((one) => {
      const url = addressFor(one, context);
      return url === undefined ? [] : [{ text: nameOf(one), url }];
    });
    facts.push({ field, label, value, source, ...(links.length === 0 ? {} : { links }) });
  };
  add('definition', 'Definition', plain(asset.description, 1200), { from: 'description' });
  add(
    'formula',
    'Formula',
    asset.formula === undefined ? undefined : codeLine(asset.formula.expression, 500),
  );
  add('formulaInWords', 'In words', formulaInWords(asset), { from: 'formula' });
  add('unit', 'Unit', asset.unit);
  add('grain', 'Grain', asset.grain);
  add('timeDimension', 'Time dimension', asset.timeDimension);
  add('dimensions', 'Dimensions', listInWords(asset.dimensions, 12));
  add('filters', 'Filters', codeLine(asset.filters.join('; '), 400));
  add('caveats', 'Caveats', plain(asset.caveats.join(' '), 600));
  add('disputed', 'Its sources disagree about', disputedInWords(asset, view));
  add(
    'owner',
    'Owner',
    listInWords(
      asset.owners.map((owner) => ownerInWords(owner, personName)),
      4,
    ),
    { from: 'owners' },
  );
  add('backupOwner', 'Backup', asset.backupOwner && ownerInWords(asset.backupOwner, personName));
  add('tier', 'Tier', asset.tier === undefined ? undefined : `tier ${asset.tier}`);
  if (asset.certified) add('certified', 'Certified', 'yes');
  if (asset.status !== 'active') add('status', 'Status', asset.status);
  add('successor', 'Use instead', asset.successor);
  add('domain', 'Domain', asset.domain);
  add('relation', 'Table', asset.relation);
  const measured = freshnessMeasured(asset, context);
  add(
    'freshness',
    'Freshness',
    measured && measuredInWords(asset, measured, context),
    measured && { source: measuredIn('freshnessFrom', measured.one, [measured.signal], context) },
  );
  const tested = testsOf(asset, context);
  add('tests', 'Tests', tested.words, {
    source: measuredIn('testsFrom', asset, tested.signals, context),
  });
  const dashboards = view
    .downstream(asset.id, { kinds: ['exposure'] })
    .map((one) => one.asset)
    .filter(context.mayName);
  add('usedBy', 'Shown on', listInWords(dashboards.map(nameOf), 6), {
    named: dashboards.slice(0, 6),
  });
  const parents = view
    .parents(asset.id)
    .map((one) => one.asset)
    .filter(context.mayName);
  add(
    'builtFrom',
    'Built from',
    listInWords(
      parents.map((one) => `${nameOf(one)} (${kindWord[one.kind]})`),
      6,
    ),
    { named: parents.slice(0, 6) },
  );
  const change = lastChangeOfMeaning(context.versionsOf(asset.id));
  if (change)
    add(
      'lastChange',
      'Meaning last changed',
      `${change.validFrom.toISOString().slice(0, 10)}, ${agoInWords(change.validFrom.toISOString(), now)}`,
      { source: changedIn(change, read) },
    );
  add('synonyms', 'Also called', listInWords(asset.synonyms, 8));
  add('runbook', 'Runbook', asset.runbook);
  add('exampleQuery', 'Example query', asset.exampleQuery ?? asset.formula?.compiledQuery);
  add('url', 'Link', asset.url);
  return facts;
}

const aggregationWords: Record<string, string> = {
  sum: 'the sum of',
  count: 'the count of',
  count_distinct: 'the number of different values of',
  average: 'the average of',
  avg: 'the average of',
  min: 'the smallest',
  max: 'the largest',
  median: 'the median of',
  sum_boolean: 'the number of rows with',
  percentile: 'a percentile of',
};

/** The formula said aloud, from its parts; absent where the source gave no parts. */
export function formulaInWords(asset: Asset): string | undefined {
  const { formula } = asset;
  if (!formula) return undefined;
  const spoken = formula.inputs.map((input) => input.replace(/[_.]+/g, ' ').trim());
  const [first, second] = spoken;
  const window = formula.window === undefined ? '' : ` over ${formula.window}`;
  if (formula.type === 'ratio' && first !== undefined && second !== undefined)
    return `${first} divided by ${second}${window}`;
  if (formula.type === 'cumulative' && first !== undefined)
    return `${first}, added up${window === '' ? ' from the beginning' : window}`;
  if (formula.type === 'derived' && spoken.length > 0)
    return `computed from ${listInWords(spoken, 6)}${window}`;
  if (formula.type === 'conversion' && first !== undefined && second !== undefined)
    return `the share of ${first} that leads to ${second}${window}`;
  const aggregation = formula.aggregation?.toLowerCase();
  if (aggregation !== undefined && Object.hasOwn(aggregationWords, aggregation)) {
    const inner = /\((?:distinct\s+)?([\w.]+)\)/i.exec(formula.expression)?.[1] ?? first;
    if (inner !== undefined)
      return `${aggregationWords[aggregation]} ${inner.replace(/[_.]+/g, ' ')}${window}`;
  }
  return undefined;
}

/** Where a change of meaning can be looked at. */
function changedIn({ decision, revision, url }: AssetVersion, read: Provenance): Provenance {
  const { revision: _, url: __, ...place } = read;
  return {
    ...place,
    ...(decision === undefined ? {} : { file: decision }),
    ...(revision === undefined ? {} : { revision }),
    ...(url === undefined ? {} : { url }),
  };
}
