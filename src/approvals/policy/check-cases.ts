import { chooseRule } from '../plan/choose-rule.js';
import type { PolicyRequest } from '../plan/request.js';
import type { Policy, PolicyCase } from './schema.js';

export interface CaseResult {
  name: string;
  ok: boolean;
  /** What was expected and what the policy says; empty when it is as expected. */
  differences: string[];
}

export type CaseOutcome = 'denied' | 'auto-approved' | 'stages' | 'no-rule';

/** Runs the table of cases kept beside the policy. Pure: cases carry everything that a rule may look at. */
export function checkCases(policy: Policy): CaseResult[] {
  return policy.cases.map((item) => {
    const decided = outcomeOf(policy, requestOfCase(item));
    const differences: string[] = [];
    const { expect } = item;
    if (expect.rule !== undefined && expect.rule !== decided.rule) {
      differences.push(`rule: expected ${expect.rule}, got ${decided.rule}`);
    }
    if (expect.outcome !== undefined && expect.outcome !== decided.outcome) {
      differences.push(`outcome: expected ${expect.outcome}, got ${decided.outcome}`);
    }
    if (expect.stages !== undefined && expect.stages.join(' > ') !== decided.stages.join(' > ')) {
      differences.push(
        `stages: expected ${expect.stages.join(' > ')}, got ${decided.stages.join(' > ') || 'none'}`,
      );
    }
    return { name: item.name, ok: differences.length === 0, differences };
  });
}

/** Which rule decides and how, without looking at people. */
export function outcomeOf(
  policy: Policy,
  request: PolicyRequest,
): { rule: string; outcome: CaseOutcome; stages: string[] } {
  const { rule } = chooseRule(policy, request);
  if (!rule) return { rule: 'none', outcome: 'no-rule', stages: [] };
  if (rule.deny !== undefined) return { rule: rule.name, outcome: 'denied', stages: [] };
  if (rule.autoApprove !== undefined) return { rule: rule.name, outcome: 'auto-approved', stages: [] };
  return { rule: rule.name, outcome: 'stages', stages: rule.stages.map((stage) => stage.name) };
}

export function requestOfCase(item: PolicyCase): PolicyRequest {
  const { request } = item;
  return {
    facts: {
      policyKind: request.kind,
      title: item.name,
      classification: request.classification,
      columns: request.columns,
      owners: [],
      extension: request.extension,
      facts: request.facts,
      ...(request.level === undefined ? {} : { level: request.level }),
      ...(request.tier === undefined ? {} : { tier: request.tier }),
      ...(request.domain === undefined ? {} : { domain: request.domain }),
      ...(request.asset === undefined ? {} : { asset: request.asset }),
      ...(request.duration === undefined ? {} : { durationMs: request.duration }),
    },
    beneficiary: request.beneficiary,
    requesterTeams: request.requesterTeams,
    businessHours: request.businessHours,
    requesterOnCallFor: request.onCall,
  };
}
