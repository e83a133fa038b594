import { makeIntList } from './growable.js';
import type { KeyTable } from './index-types.js';

export interface KeyTableBuilder {
  add: (key: string, doc: number, origin: number) => void;
  done: () => KeyTable;
}

/** Collects exact keys. The same asset under the same key is kept once, with its strongest origin (added first). */
export function makeKeyTableBuilder(): KeyTableBuilder {
  const head = new Map<string, number>();
  const next = makeIntList();
  const doc = makeIntList();
  const origin = makeIntList();
  const docs: number[] = [];
  return {
    add: (key, docNumber, originNumber) => {
      if (key === '') return;
      const first = head.get(key);
      // assets are added one after another, so a repeat of this asset can only be the newest entry
      if (first !== undefined && docs[first] === docNumber) return;
      head.set(key, docs.length);
      next.push(first ?? -1);
      doc.push(docNumber);
      origin.push(originNumber);
      docs.push(docNumber);
    },
    done: () => ({ head, next: next.done(), doc: doc.done(), origin: Uint8Array.from(origin.done()) }),
  };
}

/** Entries under a key, newest first. At most `limit`. */
export function lookUp(table: KeyTable, key: string, limit = 200): { doc: number; origin: number }[] {
  const found: { doc: number; origin: number }[] = [];
  let entry = table.head.get(key) ?? -1;
  while (entry >= 0 && found.length < limit) {
    found.push({ doc: table.doc[entry] ?? 0, origin: table.origin[entry] ?? 0 });
    entry = table.next[entry] ?? -1;
  }
  return found;
}
