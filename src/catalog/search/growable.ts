/** A typed list that doubles as it fills, for indexes whose size is known only at the end. */
export interface IntList {
  push: (value: number) => void;
  length: () => number;
  /** Value at a position that was pushed before. */
  at: (position: number) => number;
  done: () => Int32Array;
}

export function makeIntList(initial = 1024): IntList {
  let data = new Int32Array(initial);
  let used = 0;
  return {
    push: (value) => {
      if (used === data.length) {
        const larger = new Int32Array(data.length * 2);
        larger.set(data);
        data = larger;
      }
      data[used++] = value;
    },
    length: () => used,
    at: (position) => data[position] ?? 0,
    done: () => data.slice(0, used),
  };
}
