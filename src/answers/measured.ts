import type { Asset, Provenance, Signal } from '../catalog/asset.js';
import { utcWords } from '../utc-words.js';
import type { AnswerContext } from './context.js';
import { agoInWords, listInWords, nameOf } from './words.js';

interface Measured {
  one: Asset;
  signal: Signal;
}

/** Of all that it is built from what is latest, the nearest among equals. */
export function freshnessMeasured(asset: Asset, context: AnswerContext): Measured | undefined {
  const measured = [asset, ...context.view.upstream(asset.id).map((reached) => reached.asset)].flatMap(
    (one) => {
      const signal = context.view.latestSignals(one.id).find((candidate) => candidate.type === 'freshness');
      return signal ? [{ one, signal }] : [];
    },
  );
  // It is as fresh as the latest of what it is built from; among equals the nearest is named.
  const badness = { pass: 0, unknown: 0, skipped: 0, warn: 1, fail: 2, error: 2 } as const;
  return measured.reduce<Measured | undefined>(
    (found, next) =>
      found === undefined || badness[next.signal.status] > badness[found.signal.status] ? next : found,
    undefined,
  );
}

/** Freshness of the latest of what it is built from, against its promise. */
export function freshnessInWords(asset: Asset, context: AnswerContext): string | undefined {
  const measured = freshnessMeasured(asset, context);
  return measured === undefined ? undefined : measuredInWords(asset, measured, context);
}

/** The same of what was found already. */
export function measuredInWords(asset: Asset, { one, signal }: Measured, context: AnswerContext): string {
  const name = one.id === asset.id ? '' : context.mayName(one) ? `${nameOf(one)}: ` : 'upstream: ';
  const state = signal.status === 'pass' ? 'on time' : signal.status === 'warn' ? 'getting late' : 'late';
  const loaded =
    signal.loadedAt === undefined ? '' : `, newest data ${agoInWords(signal.loadedAt, context.now)}`;
  const sla = one.freshnessSla?.errorAfterMinutes;
  const promise =
    sla === undefined ? '' : `, promised within ${sla % 60 === 0 ? `${sla / 60} hours` : `${sla} minutes`}`;
  return `${name}${state}${loaded}${promise}`;
}

/** How its checks ended, and those of what it is built from. */
export function testsOf(
  asset: Asset,
  context: AnswerContext,
): { words: string | undefined; signals: Signal[] } {
  const signals: Signal[] = [];
  let passed = 0;
  const failed = new Set<string>();
  for (const one of [
    asset,
    ...context.view.upstream(asset.id, { maxDistance: 3 }).map((reached) => reached.asset),
  ]) {
    for (const signal of context.view.latestSignals(one.id)) {
      if (signal.type !== 'test' && signal.type !== 'tie-out') continue;
      signals.push(signal);
      if (signal.status === 'pass') passed++;
      else if (signal.status === 'fail' || signal.status === 'error')
        failed.add(context.mayName(one) ? signal.name : 'one upstream');
    }
  }
  const all = passed + failed.size;
  const failing = `${failed.size} of ${all} fail: ${listInWords([...failed], 3)}`;
  return { words: all === 0 ? undefined : failed.size === 0 ? `all ${all} pass` : failing, signals };
}

/** The artifact that says how checks ended, and when the newest did: no file in which something is defined says so. */
export function measuredIn(
  key: 'testsFrom' | 'freshnessFrom',
  asset: Asset,
  signals: readonly Signal[],
  { view }: AnswerContext,
): Provenance {
  const measuring = view.sources.filter(({ info }) => info[key] !== undefined);
  const [only] = measuring;
  const newest = signals.reduce((last, { observedAt }) => Math.max(last, Date.parse(observedAt) || 0), 0);
  return {
    source: only?.name ?? asset.source,
    // things of one name are measured by several: which one it was is not kept
    file:
      measuring.length > 1
        ? measuring.map(({ name, info }) => `${info[key]} (${name})`).join(' or ')
        : (only?.info[key] ?? 'measurements'),
    ...(newest === 0 ? {} : { revision: utcWords(new Date(newest)) }),
  };
}
