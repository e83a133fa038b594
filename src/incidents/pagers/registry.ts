import type { Pager } from './pager.js';
import { pagerDuty } from './pagerduty/index.js';

/** Every pager. A new one is a folder beside these and one line here. */
export const pagers: readonly Pager[] = [pagerDuty];
