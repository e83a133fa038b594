import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApproverSource, StagePolicy } from '../policy/schema.js';
import { type PlanPeople, sourceKey, sourceLabel } from './people.js';
import { planOfStages } from './plan.js';
import { matchSeats } from './seats.js';

/** Random policies over a small company, small enough for brute force to say what is true. */
const full = process.env.CI === 'true' || process.env.STEWARD_FULL === '1';
const numRuns = full ? 10_000 : 500;

const everybody = ['a', 'b', 'c', 'd', 'e', 'f'];
const teams = ['t0', 't1', 't2', 't3'];

const source: fc.Arbitrary<ApproverSource> = fc.oneof(
  fc.constantFrom(...teams).map((team) => ({ kind: 'team' as const, team })),
  fc.constantFrom(...everybody).map((person) => ({ kind: 'named' as const, email: `${person}@x.co` })),
  fc.constant({ kind: 'owner' as const }),
  fc.constant({ kind: 'manager' as const }),
);

const stage: fc.Arbitrary<StagePolicy> = fc.record({
  name: fc.constantFrom('one', 'two', 'three'),
  need: fc.oneof(
    fc.constant('any' as const),
    fc.constant('all' as const),
    fc.integer({ min: 1, max: 3 }).map((atLeast) => ({ atLeast })),
  ),
  from: fc.array(source, { minLength: 1, maxLength: 3 }),
  fallback: fc.array(source, { maxLength: 2 }),
});

const members = fc.array(fc.subarray(everybody), { minLength: 6, maxLength: 6 });
const excluded = fc.subarray(everybody);

function peopleOf(lists: string[][], barred: string[]): PlanPeople {
  const resolve = (wanted: ApproverSource) => {
    const ids =
      wanted.kind === 'team'
        ? (lists[teams.indexOf(wanted.team)] ?? [])
        : wanted.kind === 'named'
          ? [wanted.email.charAt(0)]
          : wanted.kind === 'owner'
            ? (lists[4] ?? [])
            : (lists[5] ?? []).slice(0, 1);
    return ids.map((id) => ({ id, name: id }));
  };
  expect(sourceKey({ kind: 'owner' })).toBe('{"kind":"owner"}');
  return { resolve, label: sourceLabel, excluded: new Map(barred.map((id) => [id, 'gains by it'])) };
}

/** Whether different people can take all seats, by trying everything. */
function canFill(seats: readonly (readonly string[])[], used: ReadonlySet<string> = new Set()): boolean {
  const [first, ...rest] = seats;
  if (first === undefined) return true;
  return first.some((id) => !used.has(id) && canFill(rest, new Set([...used, id])));
}

describe(`plans (${numRuns} random policies)`, () => {
  it('never seat anybody who asked for it or gains by it [A-never-barred]', () => {
    fc.assert(
      fc.property(
        fc.array(stage, { minLength: 1, maxLength: 3 }),
        members,
        excluded,
        (stages, lists, barred) => {
          const plan = planOfStages('r', stages, peopleOf(lists, barred));
          if (!('stages' in plan)) return;
          for (const planned of plan.stages) {
            for (const seat of planned.seats) {
              for (const person of seat.candidates) expect(barred).not.toContain(person.id);
            }
          }
        },
      ),
      { numRuns },
    );
  });

  it('promise only what different people can keep, and refuse only what they cannot [A-feasible]', () => {
    let feasible = 0;
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(stage, { minLength: 1, maxLength: 3 }),
        members,
        excluded,
        (stages, lists, barred) => {
          const people = peopleOf(lists, barred);
          const plan = planOfStages('r', stages, people);
          if (plan.outcome === 'stages') {
            feasible += 1;
            expect(
              canFill(
                plan.stages.flatMap((planned) =>
                  planned.seats.map((seat) => seat.candidates.map((person) => person.id)),
                ),
              ),
            ).toBe(true);
            return;
          }
          if (plan.outcome !== 'nobody-can') throw new Error('a plan of stages is feasible or not');
          refused += 1;
          // Refused: even with every fallback there is no way.
          const most = stages.flatMap((item) => {
            const may = (sources: readonly ApproverSource[]) =>
              [...new Set(sources.flatMap((one) => people.resolve(one).map((person) => person.id)))].filter(
                (id) => !barred.includes(id),
              );
            if (item.need === 'all') return item.from.map((one) => may([one, ...item.fallback]));
            const count = item.need === 'any' ? 1 : item.need.atLeast;
            return Array.from({ length: count }, () => may([...item.from, ...item.fallback]));
          });
          expect(canFill(most)).toBe(false);
          expect(plan.sentence).toContain('Nothing was requested');
        },
      ),
      { numRuns },
    );
    console.log(`random policies: ${feasible} can be approved, ${refused} refused at once`);
  });
});

describe('seats', () => {
  it('are filled by a largest matching of different people', () => {
    fc.assert(
      fc.property(fc.array(fc.subarray(everybody), { maxLength: 6 }), (seats) => {
        const { filled, complete } = matchSeats(seats);
        const taken = filled.filter((id) => id !== null);
        expect(new Set(taken).size).toBe(taken.length);
        for (const [index, id] of filled.entries()) if (id !== null) expect(seats[index]).toContain(id);
        expect(complete).toBe(canFill(seats));
      }),
      { numRuns },
    );
  });
});
