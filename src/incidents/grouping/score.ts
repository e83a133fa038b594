/** How well a grouping matches the true causes, over all pairs of alerts. */
export interface PairwiseScore {
  /** Of the pairs put together, the share that belongs together. */
  precision: number;
  /** Of the pairs that belong together, the share that was put together. */
  recall: number;
}

/** Each item's group and its true cause. An item in no group stands alone. */
export function pairwiseScore(items: readonly { group: string | null; cause: string }[]): PairwiseScore {
  const byGroup = new Map<string, number>();
  const byCause = new Map<string, number>();
  const byBoth = new Map<string, number>();
  for (const { group, cause } of items) {
    add(byCause, cause);
    if (group === null) continue;
    add(byGroup, group);
    add(byBoth, `${group}\0${cause}`);
  }
  const together = pairs(byGroup);
  const belonging = pairs(byCause);
  const right = pairs(byBoth);
  return {
    precision: together === 0 ? 1 : right / together,
    recall: belonging === 0 ? 1 : right / belonging,
  };
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function pairs(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += (count * (count - 1)) / 2;
  return sum;
}
