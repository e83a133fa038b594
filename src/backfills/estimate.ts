/** How long it will take, from past runs of the same pipeline. Says on how many it rests. */
export interface Estimate {
  /** Past runs it is based on; 0: nothing is known. */
  runs: number;
  /** Seconds for one partition. */
  medianSeconds: number | null;
  p90Seconds: number | null;
  /** Seconds for the whole backfill at the given concurrency. */
  totalMedianSeconds: number | null;
  totalP90Seconds: number | null;
  /** Money, where the executor's configuration says what an hour costs. */
  cost: number | null;
  /** Rows that will be written, where counted. */
  rows: number | null;
}

/** What the whole backfill will write or read, from as many past runs of one partition each. */
export interface UsualVolume {
  runs: number;
  median: number;
  p90: number;
}

export function usualVolume(perPartition: readonly number[], partitions: number): UsualVolume | null {
  const sorted = [...perPartition].sort((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const p90 = quantile(sorted, 0.9);
  if (median === null || p90 === null) return null;
  return {
    runs: sorted.length,
    median: Math.round(median * partitions),
    p90: Math.round(p90 * partitions),
  };
}

export interface PastRun {
  seconds: number;
  partitions: number;
}

export function estimate(params: {
  past: readonly PastRun[];
  partitions: number;
  concurrency: number;
  costPerHour?: number;
  rows?: number;
}): Estimate {
  const perPartition = params.past
    .filter((run) => run.partitions > 0 && Number.isFinite(run.seconds) && run.seconds >= 0)
    .map((run) => run.seconds / run.partitions)
    .sort((a, b) => a - b);
  const median = quantile(perPartition, 0.5);
  const p90 = quantile(perPartition, 0.9);
  const rounds = Math.ceil(params.partitions / Math.max(1, params.concurrency));
  return {
    runs: perPartition.length,
    medianSeconds: median,
    p90Seconds: p90,
    totalMedianSeconds: median === null ? null : median * rounds,
    totalP90Seconds: p90 === null ? null : p90 * rounds,
    cost:
      params.costPerHour === undefined || median === null
        ? null
        : Math.round(((median * params.partitions) / 3600) * params.costPerHour * 100) / 100,
    rows: params.rows ?? null,
  };
}

/** Nearest-rank quantile (the median of an even count is the mean of its two middles) of sorted values. */
export function quantile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  if (share === 0.5 && sorted.length % 2 === 0) {
    const high = sorted[sorted.length / 2];
    const low = sorted[sorted.length / 2 - 1];
    return high === undefined || low === undefined ? null : (low + high) / 2;
  }
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** `2 h 5 min`, `40 s`: what people read. */
export function describeSeconds(seconds: number): string {
  if (seconds < 1) return '1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

export function describeEstimate(estimate: Estimate): string {
  if (estimate.totalMedianSeconds === null || estimate.totalP90Seconds === null) {
    return 'No past run of this pipeline is known, so how long it takes is not known either.';
  }
  const times = `about ${describeSeconds(estimate.totalMedianSeconds)}, nine times in ten at most ${describeSeconds(estimate.totalP90Seconds)}`;
  const basis = estimate.runs === 1 ? 'based on 1 past run' : `based on ${estimate.runs} past runs`;
  return `${times} (${basis})`;
}
