import type { Beneficiaries, SubjectFacts } from '../subject.js';

/** Everything a rule may look at: the subject's facts and what is known of whoever asks, at the moment of asking. */
export interface PolicyRequest {
  facts: SubjectFacts;
  beneficiary: Beneficiaries['kind'];
  requesterTeams: readonly string[];
  businessHours: boolean;
  /** Teams the requester is on call for now. A team whose rotation could not be read is not in it. */
  requesterOnCallFor: readonly string[];
}

/** Labels that count: those of the columns asked for, else those of the asset. */
export function effectiveClassification(facts: SubjectFacts): readonly string[] {
  if (facts.columns.length === 0) return facts.classification;
  return [...new Set(facts.columns.flatMap((column) => [...column.classification]))];
}
