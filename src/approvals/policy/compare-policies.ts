import type { RequestState } from '../approvals.js';
import { spokenDuration } from '../plan/match-rule.js';
import { sourceLabel } from '../plan/people.js';
import type { PolicyRequest } from '../plan/request.js';
import { outcomeOf } from './check-cases.js';
import type { Policy } from './schema.js';

/** What both policies are asked about: a case, or a request that somebody made. */
export interface Compared {
  reference: string;
  requester?: string;
  state?: RequestState;
  request: PolicyRequest;
}

export interface DecidedDifferently {
  /** `ACC-12`, or the name of a case. */
  reference: string;
  title: string;
  /** Who asked, and where it stands; null for a case. */
  requester: string | null;
  state: RequestState | null;
  before: string;
  after: string;
}

/** Whose requests two versions of the policy would decide differently: `policy check --against HEAD~1`. */
export function comparePolicies(
  before: Policy,
  after: Policy,
  requests: readonly Compared[],
): DecidedDifferently[] {
  const differences: DecidedDifferently[] = [];
  for (const { reference, request, requester = null, state = null } of requests) {
    const was = spoken(before, request);
    const is = spoken(after, request);
    if (was === is) continue;
    differences.push({ reference, title: request.facts.title, requester, state, before: was, after: is });
  }
  return differences;
}

function spoken(policy: Policy, request: PolicyRequest): string {
  const decided = outcomeOf(policy, request);
  const rule = policy.rules.find((item) => item.name === decided.rule);
  const longest = rule?.limits.maxDuration;
  const limit = longest === undefined ? '' : `, at most ${spokenDuration(longest)}`;
  const twice = rule?.secondConfirmation === undefined ? '' : ', each confirmed by a second sign-in';
  const stages = decided.stages.map((name, index) => {
    const stage = rule?.stages[index];
    const need =
      typeof stage?.need === 'object' ? `${stage.need.atLeast} of ` : stage?.need === 'all' ? 'all of ' : '';
    return `${name}: ${need}${stage?.from.map(sourceLabel).join(', ') ?? ''}`;
  });
  return `${decided.outcome} by ${decided.rule}${stages.length > 0 ? ` (${stages.join(' > ')})` : ''}${limit}${twice}`;
}

/** Lines taken out and put in between two texts, as the audit keeps them. Longest common subsequence of lines. */
export function diffLines(before: string, after: string): string[] {
  const a = before.split('\n');
  const b = after.split('\n');
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const cell = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row) row[j] = a[i] === b[j] ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1));
    }
  }
  const out: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i += 1;
      j += 1;
    } else if (j < b.length && (i >= a.length || cell(i, j + 1) > cell(i + 1, j))) {
      out.push(`+${b[j]}`);
      j += 1;
    } else {
      out.push(`-${a[i]}`);
      i += 1;
    }
  }
  return out;
}
