import { incidentRounds } from '../incidents/schedule.js';
import { makeSchedule } from './schedules.js';

/** Planned work, hand-offs, the weekly digest, forgetting: every ten minutes, each done once. */
export const incidentRoundsSchedule = makeSchedule({
  kind: 'incident.rounds',
  everyMs: 10 * 60_000,
  run: incidentRounds,
});
