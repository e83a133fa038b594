import type { ApproverSource, Policy, PolicyRule, StagePolicy } from '../policy/schema.js';
import { chooseRule } from './choose-rule.js';
import type { PlanPeople, PlanPerson } from './people.js';
import type { PolicyRequest } from './request.js';
import { matchSeats } from './seats.js';

/** One approval that is needed, and who can give it. */
export interface Seat {
  /** Where its people come from, in words. */
  label: string;
  candidates: readonly PlanPerson[];
}

export interface PlannedStage {
  name: string;
  need: 'any' | 'all' | 'at-least';
  seats: readonly Seat[];
  /** The policy's own people could not fill it: the stand-ins are in. */
  usesFallback: boolean;
}

export type Plan =
  | { outcome: 'denied'; rule: string; sentence: string }
  | { outcome: 'no-rule'; sentence: string }
  | { outcome: 'auto-approved'; rule: string; sentence: string }
  | { outcome: 'stages'; rule: string; stages: PlannedStage[] }
  | {
      outcome: 'nobody-can';
      rule: string;
      stage: string;
      sentence: string;
      talkTo: PlanPerson[];
      stages: PlannedStage[];
    };

export const noRuleSentence =
  'No rule of the access policy covers this, so nothing was requested. Ask an administrator to add a rule, or ask for less: a lower level, fewer columns or a shorter time.';

/** `policy + request + people -> plan`. Pure: the same input gives the same plan, at asking, at deciding and in `policy check`. */
export function makePlan(policy: Policy, request: PolicyRequest, people: PlanPeople): Plan {
  const { rule } = chooseRule(policy, request);
  if (!rule) return { outcome: 'no-rule', sentence: noRuleSentence };
  return planOfRule(rule, people);
}

/** The plan of a rule that has been chosen (and pinned). */
export function planOfRule(rule: PolicyRule, people: PlanPeople): Plan {
  if (rule.deny !== undefined) return { outcome: 'denied', rule: rule.name, sentence: rule.deny };
  if (rule.autoApprove !== undefined) {
    return { outcome: 'auto-approved', rule: rule.name, sentence: rule.autoApprove };
  }
  return planOfStages(rule.name, rule.stages, people);
}

/**
 * Seats for every stage. A stage that its own people cannot fill gets its fallback; when different people can still not be
 * found for all seats together, every stage with a fallback gets it; when that fails too, nobody can approve.
 */
export function planOfStages(rule: string, stages: readonly StagePolicy[], people: PlanPeople): Plan {
  const alone = stages.map((stage) => {
    const own = planStage(stage, people, false);
    return own.seats.length > 0 && matchSeats(idsOf([own])).complete ? own : planStage(stage, people, true);
  });
  if (matchSeats(idsOf(alone)).complete) return { outcome: 'stages', rule, stages: alone };
  const withAll = stages.map((stage) => planStage(stage, people, true));
  const matched = matchSeats(idsOf(withAll));
  if (matched.complete) return { outcome: 'stages', rule, stages: withAll };
  return nobodyCan(rule, stages, withAll, people);
}

export function planStage(stage: StagePolicy, people: PlanPeople, withFallback: boolean): PlannedStage {
  const eligible = (sources: readonly ApproverSource[]): PlanPerson[] => {
    const found = new Map<string, PlanPerson>();
    for (const source of sources) {
      for (const person of people.resolve(source)) {
        if (!people.excluded.has(person.id)) found.set(person.id, person);
      }
    }
    return [...found.values()];
  };
  const fallback = withFallback ? stage.fallback : [];
  const usesFallback = withFallback && stage.fallback.length > 0;
  if (stage.need === 'all') {
    const seats = stage.from.map((source) => ({
      label: people.label(source),
      candidates: eligible([source, ...fallback]),
    }));
    return { name: stage.name, need: 'all', seats, usesFallback };
  }
  const count = stage.need === 'any' ? 1 : stage.need.atLeast;
  const label = stage.from.map(people.label).join(' or ');
  const candidates = eligible([...stage.from, ...fallback]);
  return {
    name: stage.name,
    need: stage.need === 'any' ? 'any' : 'at-least',
    seats: Array.from({ length: count }, () => ({ label, candidates })),
    usesFallback,
  };
}

function idsOf(stages: readonly PlannedStage[]): string[][] {
  return stages.flatMap((stage) => stage.seats.map((seat) => seat.candidates.map((person) => person.id)));
}

function nobodyCan(
  rule: string,
  policies: readonly StagePolicy[],
  stages: PlannedStage[],
  people: PlanPeople,
): Plan {
  const broken = stages.findIndex((stage) => !matchSeats(idsOf([stage])).complete);
  const index = broken === -1 ? stages.length - 1 : broken;
  const policy = policies[index];
  const stage = stages[index];
  const everyone = policy
    ? [...policy.from, ...policy.fallback].flatMap((source) => [...people.resolve(source)])
    : [];
  const barred = [...new Map(everyone.map((person) => [person.id, person])).values()].filter((person) =>
    people.excluded.has(person.id),
  );
  const name = stage?.name ?? 'approval';
  const needed = policy
    ? [...new Set([...policy.from, ...policy.fallback].map(people.label))].join(' or ')
    : '';
  const why =
    broken === -1
      ? 'the same people would have to approve more than one stage, and one person counts once'
      : barred.length > 0
        ? `${barred.map((person) => `${person.name} (${people.excluded.get(person.id)})`).join(', ')} may not approve it, and nobody else is there`
        : `nobody active was found for ${needed}`;
  return {
    outcome: 'nobody-can',
    rule,
    stage: name,
    sentence: `Nobody can approve the stage "${name}": ${why}. Nothing was requested.`,
    talkTo: barred,
    stages,
  };
}
