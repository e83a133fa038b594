import { makeIntList } from './growable.js';
import type { KeyTable } from './index-types.js';

/** Hash of a sequence of numbers (FNV-1a over 32 bits, with a seed). */
function hashOf(ids: ArrayLike<number>, count: number, seed: number): number {
  let hash = seed;
  for (let i = 0; i < count; i++) {
    const id = ids[i] ?? 0;
    hash = Math.imul(hash ^ (id & 0xffff), 0x01000193);
    hash = Math.imul(hash ^ (id >>> 16), 0x01000193);
    hash ^= hash >>> 13;
  }
  return hash | 0;
}
const seeds = [0x811c9dc5, 0x2545f491] as const;

export interface KeyTableBuilder {
  /**
   * @param count how many of `ids` are the key.
   * @param spelling `spellingOf` the words that were written.
   */
  add: (ids: ArrayLike<number>, count: number, spelling: number, doc: number, origin: number) => void;
  /** Makes room for `more` times what is there. */
  reserve: (more: number) => void;
  done: () => KeyTable;
}

/** Collects exact keys. The same asset under the same key is kept once per spelling, with its strongest origin (added first). */
export function makeKeyTableBuilder(): KeyTableBuilder {
  const hash = makeIntList();
  const check = makeIntList();
  const next = makeIntList();
  const doc = makeIntList();
  const origin = makeIntList();
  const spelling = makeIntList();
  let slots = new Int32Array(1 << 12);
  let heads = 0;

  const place = (table: Int32Array, value: number, entryHash: number, entryCheck: number): void => {
    const mask = table.length - 1;
    let at = entryHash & mask;
    for (;;) {
      const slot = table[at] ?? 0;
      if (slot === 0) break;
      if (hash.at(slot - 1) === entryHash && check.at(slot - 1) === entryCheck) break;
      at = (at + 1) & mask;
    }
    table[at] = value;
  };
  const grow = (size: number): void => {
    const larger = new Int32Array(size);
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as number;
      if (slot !== 0) place(larger, slot, hash.at(slot - 1), check.at(slot - 1));
    }
    slots = larger;
  };

  return {
    add: (ids, count, spellingHash, docNumber, originNumber) => {
      if (count === 0) return;
      const first = hashOf(ids, count, seeds[0]);
      const second = hashOf(ids, count, seeds[1]);
      const mask = slots.length - 1;
      let at = first & mask;
      let head = -1;
      for (;;) {
        const slot = slots[at] ?? 0;
        if (slot === 0) break;
        if (hash.at(slot - 1) === first && check.at(slot - 1) === second) {
          head = slot - 1;
          break;
        }
        at = (at + 1) & mask;
      }
      // assets come one after another: an earlier entry of this one is near the head of the chain
      for (let entry = head, steps = 0; entry >= 0 && steps < 8; entry = next.at(entry), steps++) {
        if (doc.at(entry) !== docNumber) break;
        if (spelling.at(entry) === spellingHash) return;
      }
      const entry = hash.length();
      hash.push(first);
      check.push(second);
      next.push(head);
      doc.push(docNumber);
      origin.push(originNumber);
      spelling.push(spellingHash);
      slots[at] = entry + 1;
      if (head < 0) heads++;
      if (heads * 2 > slots.length) grow(slots.length * 2);
    },
    reserve: (more) => {
      for (const list of [hash, check, next, doc, origin, spelling])
        list.reserve(Math.ceil(list.length() * more));
      const size = 2 ** Math.ceil(Math.log2(heads * 2 * more + 1));
      if (size > slots.length) grow(size);
    },
    done: () => ({
      slots,
      hash: hash.done(),
      check: check.done(),
      next: next.done(),
      doc: doc.done(),
      origin: Uint8Array.from(origin.done()),
      spelling: spelling.done(),
    }),
  };
}

export interface KeyEntry {
  doc: number;
  origin: number;
  spelling: number;
}

/** Entries under a key, newest first, at most `limit`. */
export function lookUp(table: KeyTable, ids: readonly number[], limit = 400): KeyEntry[] {
  const found: KeyEntry[] = [];
  if (ids.length === 0) return found;
  const first = hashOf(ids, ids.length, seeds[0]);
  const second = hashOf(ids, ids.length, seeds[1]);
  const mask = table.slots.length - 1;
  let at = first & mask;
  let entry = -1;
  for (;;) {
    const slot = table.slots[at] ?? 0;
    if (slot === 0) return found;
    if (table.hash[slot - 1] === first && table.check[slot - 1] === second) {
      entry = slot - 1;
      break;
    }
    at = (at + 1) & mask;
  }
  while (entry >= 0 && found.length < limit) {
    found.push({
      doc: table.doc[entry] ?? 0,
      origin: table.origin[entry] ?? 0,
      spelling: table.spelling[entry] ?? 0,
    });
    entry = table.next[entry] ?? -1;
  }
  return found;
}
