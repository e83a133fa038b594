import type { z } from 'zod';
import { opsgenieEntry } from './opsgenie/index.js';
import type { Pager } from './pager.js';
import { pagerDuty } from './pagerduty/index.js';
import { pagerDutyEntry } from './pagerduty/schema.js';

/** Every pager. A new one is a folder beside these and one line here. */
export const pagers: readonly Pager[] = [pagerDuty];

/** What `incidents.pagers` has for each type, those that only know who is on call included; keys that it does not know are refused at start. */
export const pagerEntries: Readonly<Record<string, z.ZodType>> = {
  pagerduty: pagerDutyEntry,
  opsgenie: opsgenieEntry,
};
