import { describe, expect, it } from 'vitest';
import { IllegalTransitionError } from '../errors.js';
import {
  backfillStates,
  backfillTransitions,
  checkBackfillMove,
  checkChunkMove,
  chunkStates,
  chunkTransitions,
  endedStates,
} from './state.js';

describe('the state machines of backfills and chunks', () => {
  it('refuses every move that the table does not name, in one sentence', () => {
    let refused = 0;
    for (const from of backfillStates) {
      for (const to of backfillStates) {
        if (backfillTransitions[from].includes(to)) continue;
        expect(() => checkBackfillMove('BF-1', from, to)).toThrow(IllegalTransitionError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(100);
    expect(() => checkChunkMove('succeeded', 'pending')).toThrow(
      'The chunk is succeeded, so it cannot become pending.',
    );
    expect(() => checkBackfillMove('BF-1', 'paused', 'paused'), 'pressed twice').toThrow(
      'BF-1 is paused already. Nothing was changed.',
    );
    expect(() => checkBackfillMove('BF-1', 'succeeded', 'cancelling')).toThrow(
      'BF-1 is done, so it cannot be cancelled. Nothing was changed.',
    );
  });

  it('lets every backfill reach an end, and nothing leaves success', () => {
    for (const state of backfillStates) {
      if (state === 'joined') continue;
      expect(
        [state, ...reachable(state, backfillTransitions)].some((one) =>
          endedStates.some((ended) => ended === one),
        ),
      ).toBe(true);
    }
    expect(backfillTransitions.succeeded).toEqual([]);
  });

  it('never starts a chunk again that has succeeded', () => {
    for (const state of chunkStates) {
      if (chunkTransitions[state].includes('pending')) expect(state).not.toBe('succeeded');
    }
    expect(reachable('succeeded', chunkTransitions)).toEqual([]);
  });
});

function reachable<State extends string>(
  from: State,
  table: Readonly<Record<State, readonly State[]>>,
): State[] {
  const found: State[] = [];
  const next = [...table[from]];
  for (let state = next.pop(); state !== undefined; state = next.pop()) {
    if (found.includes(state)) continue;
    found.push(state);
    next.push(...table[state]);
  }
  return found;
}
