/**
 * Words to numbers by two running hashes, so that reading a text makes no string per word. Two different words with both
 * hashes alike would be taken for one: at a million words the chance is one in ten million.
 */
export interface WordTable {
  /** Number of a word, or `undefined` when it was never set. */
  get: (hash: number, check: number) => number | undefined;
  set: (hash: number, check: number, value: number) => void;
}

/** Two hashes, the number, and a mark that the place is taken: side by side, so that a look touches one line of the cache. */
const width = 4;

export function makeWordTable(): WordTable {
  let size = 1 << 14;
  let slots = new Int32Array(size * width);
  let count = 0;

  const slotOf = (hash: number, check: number): number => {
    const mask = size - 1;
    let at = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const slot = at * width;
      if (slots[slot + 3] === 0 || (slots[slot] === hash && slots[slot + 1] === check)) return slot;
      at = (at + 1) & mask;
    }
  };
  const put = (hash: number, check: number, value: number): void => {
    const slot = slotOf(hash, check);
    slots[slot] = hash;
    slots[slot + 1] = check;
    slots[slot + 2] = value;
    slots[slot + 3] = 1;
  };
  const grow = (): void => {
    const old = slots;
    size *= 2;
    slots = new Int32Array(size * width);
    for (let slot = 0; slot < old.length; slot += width)
      if (old[slot + 3] === 1) put(old[slot] ?? 0, old[slot + 1] ?? 0, old[slot + 2] ?? 0);
  };
  return {
    get: (hash, check) => {
      const slot = slotOf(hash, check);
      return slots[slot + 3] === 1 ? slots[slot + 2] : undefined;
    },
    set: (hash, check, value) => {
      put(hash, check, value);
      if (++count * 2 > size) grow();
    },
  };
}
