import { jira } from './jira/index.js';
import { linear } from './linear/index.js';
import { serviceNow } from './servicenow/index.js';
import type { Tracker } from './tracker.js';

/** Every tracker. A new one is a folder beside these and one line here. */
export const trackers: readonly Tracker[] = [jira, serviceNow, linear];
