/** A typed list that doubles as it fills, for indexes whose size is known only at the end. */
export interface IntList {
  push: (value: number) => void;
  /** Appends `source[from]` up to `source[to - 1]` in one copy. */
  pushAll: (source: Int32Array, from: number, to: number) => void;
  /** Makes room for so many numbers in all, so that the list is not copied again and again on its way there. */
  reserve: (total: number) => void;
  length: () => number;
  /** Value at a position that was pushed before. */
  at: (position: number) => number;
  /** The list as it is kept, with room at its end; another array once the list has grown. */
  raw: () => Int32Array;
  done: () => Int32Array;
}

export function makeIntList(initial = 1024): IntList {
  let data = new Int32Array(initial);
  let used = 0;
  const grow = (least: number): void => {
    const larger = new Int32Array(least);
    larger.set(data.subarray(0, used));
    data = larger;
  };
  return {
    push: (value) => {
      if (used === data.length) grow(data.length * 2);
      data[used++] = value;
    },
    pushAll: (source, from, to) => {
      const count = to - from;
      if (count <= 0) return;
      if (used + count > data.length) grow(Math.max(used + count, data.length * 2));
      // a call of `set` costs more than a handful of numbers
      if (count < 24) for (let i = from; i < to; i++) data[used++] = source[i] ?? 0;
      else {
        data.set(source.subarray(from, to), used);
        used += count;
      }
    },
    reserve: (total) => {
      if (total > data.length) grow(total);
    },
    length: () => used,
    at: (position) => data[position] ?? 0,
    raw: () => data,
    done: () => data.slice(0, used),
  };
}
