import { hasLabel } from '../../catalog/labels.js';
import type { FactCondition, PolicyRule, WhenPolicy } from '../policy/schema.js';
import { effectiveClassification, type PolicyRequest } from './request.js';

/** One condition of a rule, held against a request: what `policy explain` prints. */
export interface ConditionResult {
  key: string;
  wanted: string;
  got: string;
  holds: boolean;
}

export interface RuleMatch {
  rule: PolicyRule;
  matches: boolean;
  conditions: ConditionResult[];
}

/** Holds one rule against a request. Every condition is evaluated, so that the explanation is complete. */
export function matchRule(rule: PolicyRule, request: PolicyRequest): RuleMatch {
  const conditions = [
    condition(
      'kind',
      rule.kind.join(' or '),
      request.facts.policyKind,
      rule.kind.includes(request.facts.policyKind),
    ),
    ...matchWhen(rule.when, request),
  ];
  return { rule, matches: conditions.every((item) => item.holds), conditions };
}

/** The conditions of a `when`, also used by recertification. */
export function matchWhen(when: WhenPolicy, request: PolicyRequest): ConditionResult[] {
  const { facts } = request;
  const results: ConditionResult[] = [];
  const add = (key: string, wanted: string, got: string, holds: boolean) =>
    results.push(condition(key, wanted, got, holds));

  if (when.level) {
    add('level', when.level.join(' or '), facts.level ?? 'none', when.level.includes(facts.level ?? ''));
  }
  if (when.tier) {
    const holds = facts.tier !== undefined && when.tier.includes(facts.tier);
    add('tier', when.tier.join(' or '), facts.tier === undefined ? 'not set' : String(facts.tier), holds);
  }
  const labels = effectiveClassification(facts);
  const shownLabels = labels.length === 0 ? 'none' : labels.join(', ');
  if (when.classification) {
    add(
      'classification',
      when.classification.join(' or '),
      shownLabels,
      hasAnyLabel(when.classification, labels),
    );
  }
  if (when.notClassification) {
    const holds = !hasAnyLabel(when.notClassification, labels);
    add('notClassification', `not ${when.notClassification.join(' or ')}`, shownLabels, holds);
  }
  if (when.domain) {
    add('domain', when.domain.join(' or '), facts.domain ?? 'none', hasLabel(when.domain, facts.domain));
  }
  if (when.asset) {
    const names = [facts.asset, facts.relation].filter((item) => item !== undefined);
    const holds = when.asset.some((glob) => names.some((item) => matchesGlob(glob, item)));
    add('asset', when.asset.join(' or '), names.join(', ') || 'none', holds);
  }
  const teams = request.requesterTeams;
  const shownTeams = teams.join(', ') || 'none';
  if (when.requesterTeam) {
    const holds = when.requesterTeam.some((team) => teams.includes(team));
    add('requesterTeam', when.requesterTeam.join(' or '), shownTeams, holds);
  }
  if (when.notRequesterTeam) {
    const holds = !when.notRequesterTeam.some((team) => teams.includes(team));
    add('notRequesterTeam', `not ${when.notRequesterTeam.join(' or ')}`, shownTeams, holds);
  }
  if (when.duration) {
    const holds = facts.durationMs !== undefined && within(when.duration, facts.durationMs);
    add('duration', shownBounds(when.duration, spokenDuration), spokenDuration(facts.durationMs), holds);
  }
  if (when.schedule) results.push(matchSchedule(when.schedule, request));
  if (when.beneficiary) {
    const holds = when.beneficiary.includes(request.beneficiary);
    add('beneficiary', when.beneficiary.join(' or '), request.beneficiary, holds);
  }
  if (when.extension !== undefined) {
    add('extension', String(when.extension), String(facts.extension), when.extension === facts.extension);
  }
  for (const [key, wanted] of Object.entries(when.facts)) {
    const got = facts.facts[key];
    const shown = got === undefined ? 'not known' : Array.isArray(got) ? got.join(', ') : String(got);
    add(`facts.${key}`, shownFact(wanted), shown, factHolds(wanted, got));
  }
  return results;
}

function condition(key: string, wanted: string, got: string, holds: boolean): ConditionResult {
  return { key, wanted, got, holds };
}

function hasAnyLabel(wanted: readonly string[], labels: readonly string[]): boolean {
  return wanted.some((label) => {
    if (label === 'any') return labels.length > 0;
    if (label === 'none') return labels.length === 0;
    return hasLabel(labels, label);
  });
}

function matchSchedule(
  schedule: NonNullable<WhenPolicy['schedule']>,
  request: PolicyRequest,
): ConditionResult {
  if (typeof schedule === 'object') {
    const holds = request.requesterOnCallFor.includes(schedule.requesterOnCall);
    return condition(
      'schedule',
      `on call for ${schedule.requesterOnCall}`,
      holds ? 'on call' : 'not on call',
      holds,
    );
  }
  const got = request.businessHours ? 'business-hours' : 'outside-business-hours';
  return condition('schedule', schedule, got, schedule === got);
}

/** `*` stands for anything; letters compare without case. */
export function matchesGlob(glob: string, text: string): boolean {
  const source = glob
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 'i').test(text);
}

interface Bounds {
  atLeast?: number | undefined;
  atMost?: number | undefined;
}

function within(wanted: Bounds, got: number): boolean {
  return (
    got >= (wanted.atLeast ?? Number.NEGATIVE_INFINITY) && got <= (wanted.atMost ?? Number.POSITIVE_INFINITY)
  );
}

function factHolds(wanted: FactCondition, got: PolicyRequest['facts']['facts'][string] | undefined): boolean {
  if (got === undefined) return false;
  if (Array.isArray(wanted)) return [got].flat().some((item) => wanted.includes(String(item)));
  if (typeof wanted === 'object') return typeof got === 'number' && within(wanted, got);
  return Array.isArray(got) ? got.includes(String(wanted)) : got === wanted;
}

function shownFact(wanted: FactCondition): string {
  if (Array.isArray(wanted)) return wanted.join(' or ');
  return typeof wanted === 'object' ? shownBounds(wanted, String) : String(wanted);
}

function shownBounds(bounds: Bounds, show: (value: number) => string): string {
  const parts: string[] = [];
  if (bounds.atLeast !== undefined) parts.push(`at least ${show(bounds.atLeast)}`);
  if (bounds.atMost !== undefined) parts.push(`at most ${show(bounds.atMost)}`);
  return parts.join(' and ') || 'any';
}

/** `7 days`, `90 minutes`: the largest unit that fits exactly enough to read. */
export function spokenDuration(ms: number | undefined): string {
  if (ms === undefined) return 'no end';
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const;
  for (const [unit, size] of units) {
    if (ms < size && unit !== 'minute') continue;
    const count = Math.round((ms / size) * 10) / 10;
    if (unit !== 'minute' && !Number.isInteger(count) && ms < size * 2) continue;
    return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return 'no time';
}
