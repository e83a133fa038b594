/** Cuts a list into pieces of at most `size`: one statement takes only so many values. */
export function* inBatches<Value>(values: readonly Value[], size: number): Generator<Value[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}
