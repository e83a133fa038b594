/** How alerts become causes. All durations in milliseconds of event time. */
export interface GroupingRules {
  /** How long after the cause was last seen something downstream still counts as its consequence. */
  groupWithinMs: number;
  /** A check that breaks again within this time after recovering goes on with its episode. */
  flapWithinMs: number;
  /** A check that fires again within this time without a recovery is in one stretch of trouble. */
  repeatsWithinMs: number;
  /** A check that never recovered and fires again within this time is still the same trouble: a daily run and some. */
  stillBrokenWithinMs: number;
  /** How much earlier a consequence may be seen than its cause: the cause's own check may run later. */
  seenBeforeMs: number;
  /** Siblings that break within this time of each other may have a silent common cause. */
  siblingsWithinMs: number;
  /** Alerts of unknown assets with one owner that belong together. */
  ownerWithinMs: number;
}

const minute = 60_000;
const hour = 60 * minute;

export const defaultRules: GroupingRules = {
  groupWithinMs: 4 * hour,
  flapWithinMs: 6 * hour,
  repeatsWithinMs: 2 * hour,
  stillBrokenWithinMs: 26 * hour,
  seenBeforeMs: 20 * minute,
  siblingsWithinMs: 45 * minute,
  ownerWithinMs: 30 * minute,
};
