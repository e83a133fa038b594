import type { HomeSection } from '../surface.js';
import { myAccess, myRequests, waitingForMe } from './access.js';
import { backfillHome } from './backfill.js';
import { incidentHome } from './incident.js';
import { stoppedNotices } from './notices.js';
import { needsMe, whatIOwn } from './owned.js';

/** What App Home is made of. One line each. */
export const homeSections: readonly HomeSection[] = [
  waitingForMe,
  needsMe,
  whatIOwn,
  myRequests,
  myAccess,
  backfillHome,
  incidentHome,
  stoppedNotices,
];
