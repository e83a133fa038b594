import { makeApprovals } from '../approvals/make-approvals.js';
import type { Subjects } from '../approvals/subject.js';
import type { ActionTable } from '../authority/authority.js';
import type { Services } from '../services.js';

/** Who may do what, domain by domain. */
export const actionTables: readonly ActionTable[] = [];

/** Completes the services with the engines that need them, so that domains meet here and not in each other. */
export function makeEngines(base: Omit<Services, 'approvals'>): Services {
  const services: Services = {
    ...base,
    get approvals() {
      return approvals;
    },
  };
  const subjects: Subjects = {};
  const approvals = makeApprovals(services, { subjects });
  return services;
}
