import type { Services } from '../../services.js';
import { defaultRules, type GroupingRules } from '../grouping/rules.js';

/** The grouping rules of this installation. */
export function rulesOf(services: Pick<Services, 'config'>): GroupingRules {
  const { groupWithin, flapWithin } = services.config.incidents.triage;
  return { ...defaultRules, groupWithinMs: groupWithin, flapWithinMs: flapWithin };
}
