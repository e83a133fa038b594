import { accessActions } from '../access/authority.js';
import { makeGrantSuspension } from '../access/hold.js';
import { makeAccessSubject, makeExtensionSubject } from '../access/subject.js';
import { answerActionsTable } from '../answers/authority.js';
import { makeApprovals } from '../approvals/make-approvals.js';
import type { Subjects } from '../approvals/subject.js';
import type { ActionTable } from '../authority/authority.js';
import { backfillActions } from '../backfills/authority.js';
import { makeBackfillSubject } from '../backfills/subject.js';
import { definitionActions } from '../definitions/authority.js';
import { makeDefinitionSubject } from '../definitions/subject.js';
import { incidentActions } from '../incidents/authority.js';
import { releaseActions } from '../releases/authority.js';
import type { Services } from '../services.js';
import { subscriptionActions } from '../subscriptions/authority.js';

/** Who may do what, domain by domain. */
export const actionTables: readonly ActionTable[] = [
  answerActionsTable,
  accessActions,
  backfillActions,
  incidentActions,
  definitionActions,
  subscriptionActions,
  releaseActions,
];

/** Completes the services with the engines that need them, so that domains meet here and not in each other. */
export function makeEngines(base: Omit<Services, 'approvals' | 'suspension'>): Services {
  const services: Services = {
    ...base,
    get suspension() {
      return suspension;
    },
    get approvals() {
      return approvals;
    },
  };
  const suspension = makeGrantSuspension(services);
  const approvals = makeApprovals(services, { subjects: makeSubjects(services) });
  return services;
}

/** Everything that can be approved. */
export function makeSubjects(services: Services): Subjects {
  return {
    access: makeAccessSubject(services),
    'access-extension': makeExtensionSubject(services),
    backfill: makeBackfillSubject(services),
    definition: makeDefinitionSubject(services),
  };
}
