import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Partition } from '../catalog/asset.js';
import { slicesBetween } from './partition.js';
import { checkOrder, nextChunks, planChunks } from './plan-chunks.js';
import { chunkStates } from './state.js';

const spec: Partition = { grain: 'day', column: 'day', timeZone: 'UTC' };
const week = slicesBetween(spec, new Date('2026-10-01'), new Date('2026-10-08'));

describe('cutting a window into chunks', () => {
  it('runs oldest first, or newest first', () => {
    expect(
      planChunks(week, { direction: 'forward', chunkSize: 1 }).map(({ slices }) => slices[0]?.key),
    ).toEqual(week.map(({ key }) => key));
    expect(planChunks(week, { direction: 'backward', chunkSize: 1 })[0]?.slices[0]?.key).toBe('2026-10-07');
  });

  it('puts neighbours into one chunk and never reaches over a gap', () => {
    const gap = week.filter(({ key }) => key !== '2026-10-03');
    expect(
      planChunks(gap, { direction: 'forward', chunkSize: 3 }).map(({ slices }) =>
        slices.map(({ key }) => key.slice(-2)),
      ),
    ).toEqual([['01', '02'], ['04', '05', '06'], ['07']]);
  });

  it('holds every partition exactly once, whatever the size and direction', () => {
    fc.assert(
      fc.property(
        fc.subarray(week),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('forward', 'backward' as const),
        (slices, chunkSize, direction) => {
          const keys = planChunks(slices, { direction: direction as 'forward', chunkSize }).flatMap((chunk) =>
            chunk.slices.map(({ key }) => key),
          );
          expect([...keys].sort()).toEqual(slices.map(({ key }) => key).sort());
        },
      ),
    );
  });

  it('refuses newest first where a partition needs the one before', () => {
    expect(() =>
      checkOrder({ dependsOnPast: true, direction: 'backward', pipeline: 'orders_daily' }),
    ).toThrow(/oldest first/);
    expect(() =>
      checkOrder({ dependsOnPast: false, direction: 'backward', pipeline: 'orders_daily' }),
    ).not.toThrow();
  });
});

describe('choosing what starts next', () => {
  it('takes pending chunks in order up to the free places', () => {
    const chunks = [
      { id: 'c', seq: 3, state: 'pending' as const },
      { id: 'a', seq: 1, state: 'running' as const },
      { id: 'b', seq: 2, state: 'pending' as const },
    ];
    expect(nextChunks(chunks, { free: 1, dependsOnPast: false }).map(({ id }) => id)).toEqual(['b']);
    expect(nextChunks(chunks, { free: 0, dependsOnPast: false })).toEqual([]);
  });

  it('never starts a chunk before all earlier ones succeeded when it depends on its past', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...chunkStates), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 4 }),
        (states, free) => {
          const chunks = states.map((state, index) => ({ id: String(index), seq: index, state }));
          for (const next of nextChunks(chunks, { free, dependsOnPast: true })) {
            expect(
              chunks.slice(0, next.seq).every(({ state }) => state === 'succeeded' || state === 'skipped'),
            ).toBe(true);
          }
        },
      ),
    );
  });
});
