import type { Asset, Provenance } from '../catalog/asset.js';
import type { AnswerContext } from './context.js';
import { disputedInWords } from './disputed.js';
import { lastChangeOfMeaning } from './history.js';
import { agoInWords, codeLine, kindWord, listInWords, nameOf, ownerInWords, plain } from './words.js';

/** One line of the card: what is known, and where it was read. */
export interface Fact {
  /** Stable name of the field: `definition`, `formula`, `owner` … */
  field: string;
  label: string;
  value: string;
  source?: Provenance;
}

/** Everything the catalog says about an asset, in the order in which people want it. Nothing is invented. */
export function factsOf(asset: Asset, context: AnswerContext): Fact[] {
  const { view, now } = context;
  const facts: Fact[] = [];
  const add = (field: string, label: string, value: string | undefined, from: string = field): void => {
    if (value === undefined || value.trim() === '') return;
    const source = asset.provenance[from] ?? asset.provenance['*'];
    facts.push(source === undefined ? { field, label, value } : { field, label, value, source });
  };
  add('definition', 'Definition', plain(asset.description, 1200), 'description');
  add(
    'formula',
    'Formula',
    asset.formula === undefined ? undefined : codeLine(asset.formula.expression, 500),
  );
  add('formulaInWords', 'In words', formulaInWords(asset), 'formula');
  add('unit', 'Unit', asset.unit);
  add('grain', 'Grain', asset.grain);
  add('timeDimension', 'Time dimension', asset.timeDimension);
  add('dimensions', 'Dimensions', listInWords(asset.dimensions, 12));
  add('filters', 'Filters', codeLine(asset.filters.join('; '), 400));
  add('caveats', 'Caveats', plain(asset.caveats.join(' '), 600));
  add('disputed', 'Its sources disagree about', disputedInWords(asset, view));
  add('owner', 'Owner', listInWords(asset.owners.map(ownerInWords), 4), 'owners');
  add('backupOwner', 'Backup', asset.backupOwner === undefined ? undefined : ownerInWords(asset.backupOwner));
  add('tier', 'Tier', asset.tier === undefined ? undefined : `tier ${asset.tier}`);
  if (asset.certified) add('certified', 'Certified', 'yes');
  if (asset.status !== 'active') add('status', 'Status', asset.status);
  add('successor', 'Use instead', asset.successor);
  add('domain', 'Domain', asset.domain);
  add('relation', 'Table', asset.relation);
  add('freshness', 'Freshness', freshnessInWords(asset, context), 'freshnessSla');
  add('tests', 'Tests', testsInWords(asset, context));
  const dashboards = view
    .downstream(asset.id, { kinds: ['exposure'] })
    .map((one) => one.asset)
    .filter(context.mayName);
  add('usedBy', 'Shown on', listInWords(dashboards.map(nameOf), 6));
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
  );
  const change = lastChangeOfMeaning(context.versionsOf(asset.id));
  if (change)
    add(
      'lastChange',
      'Meaning last changed',
      `${change.validFrom.toISOString().slice(0, 10)}, ${agoInWords(change.validFrom.toISOString(), now)}`,
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

/** Freshness of the latest of what it is built from, the nearest among equals, against its promise. */
export function freshnessInWords(asset: Asset, context: AnswerContext): string | undefined {
  const measured = [asset, ...context.view.upstream(asset.id).map((reached) => reached.asset)].flatMap(
    (one) => {
      const signal = context.view.latestSignals(one.id).find((candidate) => candidate.type === 'freshness');
      return signal ? [{ one, signal }] : [];
    },
  );
  // It is as fresh as the latest of what it is built from; among equals the nearest is named.
  const badness = { pass: 0, unknown: 0, skipped: 0, warn: 1, fail: 2, error: 2 } as const;
  const worst = measured.reduce<(typeof measured)[number] | undefined>(
    (found, next) =>
      found === undefined || badness[next.signal.status] > badness[found.signal.status] ? next : found,
    undefined,
  );
  if (worst) {
    const { one, signal } = worst;
    const name = one.id === asset.id ? '' : context.mayName(one) ? `${nameOf(one)}: ` : 'upstream: ';
    const state = signal.status === 'pass' ? 'on time' : signal.status === 'warn' ? 'getting late' : 'late';
    const loaded =
      signal.loadedAt === undefined ? '' : `, newest data ${agoInWords(signal.loadedAt, context.now)}`;
    const sla = one.freshnessSla?.errorAfterMinutes;
    const promise =
      sla === undefined ? '' : `, promised within ${sla % 60 === 0 ? `${sla / 60} hours` : `${sla} minutes`}`;
    return `${name}${state}${loaded}${promise}`;
  }
  return undefined;
}

function testsInWords(asset: Asset, context: AnswerContext): string | undefined {
  let passed = 0;
  const failed = new Set<string>();
  for (const one of [
    asset,
    ...context.view.upstream(asset.id, { maxDistance: 3 }).map((reached) => reached.asset),
  ]) {
    for (const signal of context.view.latestSignals(one.id)) {
      if (signal.type !== 'test' && signal.type !== 'tie-out') continue;
      if (signal.status === 'pass') passed++;
      else if (signal.status === 'fail' || signal.status === 'error')
        failed.add(context.mayName(one) ? signal.name : 'one upstream');
    }
  }
  if (passed + failed.size === 0) return undefined;
  return failed.size === 0
    ? `all ${passed} pass`
    : `${failed.size} of ${passed + failed.size} fail: ${listInWords([...failed], 3)}`;
}
