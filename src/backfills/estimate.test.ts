import { describe, expect, it } from 'vitest';
import { describeEstimate, describeSeconds, estimate, quantile } from './estimate.js';

describe('estimating a backfill from past runs', () => {
  it('takes median and p90 per partition and says how many runs they rest on', () => {
    const past = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((seconds) => ({ seconds, partitions: 1 }));
    const found = estimate({ past, partitions: 31, concurrency: 4, costPerHour: 36 });
    expect(found).toMatchObject({
      runs: 10,
      medianSeconds: 55,
      p90Seconds: 90,
      totalMedianSeconds: 55 * 8,
      cost: 17.05,
    });
    expect(describeEstimate(found)).toBe(
      'about 7 min, nine times in ten at most 12 min (based on 10 past runs)',
    );
  });

  it('divides a run over several partitions', () => {
    expect(
      estimate({ past: [{ seconds: 100, partitions: 10 }], partitions: 3, concurrency: 1 })
        .totalMedianSeconds,
    ).toBe(30);
  });

  it('says that nothing is known instead of guessing', () => {
    const found = estimate({ past: [], partitions: 3, concurrency: 1 });
    expect(found.totalMedianSeconds).toBeNull();
    expect(describeEstimate(found)).toMatch(/not known/);
  });

  it('uses the nearest rank', () => {
    expect(quantile([1, 2, 3], 0.5)).toBe(2);
    expect(quantile([5], 0.9)).toBe(5);
    expect(quantile([], 0.5)).toBeNull();
  });

  it.each([
    [0.2, '1 s'],
    [45, '45 s'],
    [120, '2 min'],
    [7500, '2 h 5 min'],
    [7200, '2 h'],
  ])('%d seconds read as %s', (seconds, words) => {
    expect(describeSeconds(seconds)).toBe(words);
  });
});
