import type { Asset } from '../asset.js';
import { type IntList, makeIntList } from './growable.js';
import type { AppendText } from './text-pool.js';

const largestGroup = 40;

/** Assets that share a context, and what they are called, once it was read. */
interface Group {
  docs: number[];
  terms?: IntList;
  /** Where the terms of each of `docs` end. */
  ends: number[];
}

/**
 * Names of the assets that are defined beside one: those that share a context with it (the semantic model, the measure), the largest
 * such group of at most forty. What people call one of them they often call the others too. A group is read once, and not once
 * for each of its assets.
 */
export function makeSiblings(
  assets: readonly Asset[],
  append: AppendText,
): (asset: Asset, doc: number, into: IntList, budget: number) => void {
  const groups = new Map<string, Group>();
  assets.forEach((asset, doc) => {
    for (const entry of new Set(asset.context)) {
      if (entry.length < 6 || entry.length > 200) continue;
      const group = groups.get(entry);
      if (group === undefined) groups.set(entry, { docs: [doc], ends: [] });
      else if (group.docs.length <= largestGroup) group.docs.push(doc);
    }
  });
  const read = (group: Group): IntList => {
    const terms = makeIntList(256);
    for (const doc of group.docs) {
      for (const synonym of assets[doc]?.synonyms ?? []) append(synonym, terms, Number.POSITIVE_INFINITY);
      group.ends.push(terms.length());
    }
    group.terms = terms;
    return terms;
  };
  return (asset, doc, into, budget) => {
    let chosen: Group | undefined;
    for (const entry of asset.context) {
      const group = groups.get(entry);
      if (group === undefined || group.docs.length < 2 || group.docs.length > largestGroup) continue;
      if (chosen === undefined || group.docs.length > chosen.docs.length) chosen = group;
    }
    if (chosen === undefined) return;
    const terms = (chosen.terms ?? read(chosen)).raw();
    let left = budget;
    for (let i = 0; i < chosen.docs.length && left > 0; i++) {
      if (chosen.docs[i] === doc) continue;
      const from = i === 0 ? 0 : (chosen.ends[i - 1] ?? 0);
      const to = Math.min(chosen.ends[i] ?? 0, from + left);
      into.pushAll(terms, from, to);
      left -= to - from;
    }
  };
}
