/**
 * Words to numbers by two running hashes, so that reading a text makes no string per word. Two different words with both
 * hashes alike would be taken for one: at a million words the chance is one in ten million.
 */
export interface WordTable {
  /** Number of a word, or `undefined` when it was never set. */
  get: (hash: number, check: number) => number | undefined;
  set: (hash: number, check: number, value: number) => void;
}

export function makeWordTable(): WordTable {
  let size = 1 << 14;
  let hashes = new Int32Array(size);
  let checks = new Int32Array(size);
  let values = new Int32Array(size);
  let filled = new Uint8Array(size);
  let count = 0;

  const slotOf = (hash: number, check: number): number => {
    const mask = size - 1;
    let at = (hash ^ (hash >>> 15)) & mask;
    while (filled[at] === 1 && (hashes[at] !== hash || checks[at] !== check)) at = (at + 1) & mask;
    return at;
  };
  const grow = (): void => {
    const old = { hashes, checks, values, filled };
    size *= 2;
    hashes = new Int32Array(size);
    checks = new Int32Array(size);
    values = new Int32Array(size);
    filled = new Uint8Array(size);
    for (let i = 0; i < old.filled.length; i++) {
      if (old.filled[i] === 1) put(old.hashes[i] ?? 0, old.checks[i] ?? 0, old.values[i] ?? 0);
    }
  };
  const put = (hash: number, check: number, value: number): void => {
    const at = slotOf(hash, check);
    hashes[at] = hash;
    checks[at] = check;
    values[at] = value;
    filled[at] = 1;
  };
  return {
    get: (hash, check) => {
      const at = slotOf(hash, check);
      return filled[at] === 1 ? values[at] : undefined;
    },
    set: (hash, check, value) => {
      put(hash, check, value);
      if (++count * 2 > size) grow();
    },
  };
}
