import type { Trx } from '../db/database.js';
import { cancelWork, setTimer } from '../jobs/outbox.js';
import { calendarOf, nextWorkingTime } from '../people/calendar.js';
import type { Services } from '../services.js';
import type { Incident } from './incident.js';
import { severityById, severityRank } from './severity.js';
import { isLive, isOver } from './transitions.js';

/** What an incident waits for. Each is one row of the outbox, so it survives restarts and is moved, never doubled. */
export const incidentTimers = ['acknowledge', 'update', 'roles', 'resolve', 'healthy', 'archive'] as const;
export type IncidentTimer = (typeof incidentTimers)[number];

export const timerKind = 'incident.timer';
const roleNudgeMs = 10 * 60_000;

export function timerKey(incidentId: string, timer: IncidentTimer): string {
  return `incident:${incidentId}:timer:${timer}`;
}

export async function arm(
  trx: Trx,
  incidentId: string,
  timer: IncidentTimer,
  runAt: Date,
  now: Date,
): Promise<void> {
  await setTimer(trx, {
    kind: timerKind,
    queue: 'work',
    key: timerKey(incidentId, timer),
    lane: `incident:${incidentId}`,
    payload: { incidentId, timer },
    runAt,
    now,
  });
}

export async function disarm(trx: Trx, incidentId: string, timer: IncidentTimer): Promise<void> {
  await cancelWork(trx, timerKey(incidentId, timer));
}

/** Mild incidents are not chased at night: from the third severity on, reminders wait for working hours. */
export function reminderTime(services: Services, incident: Pick<Incident, 'severity'>, at: Date): Date {
  if (severityRank(services.config, incident.severity) < 2) return at;
  const team = services.config.teams.find(({ id }) => id === services.config.incidents.team);
  return nextWorkingTime(calendarOf(services.config.calendar, team?.calendar), at);
}

/** Plans everything anew from severity and state: after a declaration, a change of severity, a reopening. */
export async function replan(services: Services, trx: Trx, incident: Incident, now: Date): Promise<void> {
  if (!isLive(incident.state)) {
    for (const timer of incidentTimers) await disarm(trx, incident.id, timer);
    const { archiveChannelAfter } = services.config.incidents;
    if (archiveChannelAfter !== 'never' && isOver(incident.state) && incident.channel_state === 'ready')
      await arm(trx, incident.id, 'archive', later(now, archiveChannelAfter, now), now);
    return;
  }
  await disarm(trx, incident.id, 'archive');
  const severity = severityById(services.config, incident.severity);
  const since = incident.declared_at ?? now;
  if (incident.acknowledged_at === null) {
    await arm(trx, incident.id, 'acknowledge', later(since, severity.acknowledgeWithin, now), now);
  } else await disarm(trx, incident.id, 'acknowledge');
  const next = later(incident.last_update_at ?? since, severity.updateEvery, now);
  await trx
    .updateTable('incident')
    .set({ next_update_at: next, updated_at: now })
    .where('id', '=', incident.id)
    .execute();
  await arm(trx, incident.id, 'update', reminderTime(services, incident, next), now);
  await arm(trx, incident.id, 'resolve', later(since, severity.resolveWithin, now), now);
  await arm(trx, incident.id, 'roles', reminderTime(services, incident, later(now, roleNudgeMs, now)), now);
  if (incident.state === 'monitoring') {
    await arm(trx, incident.id, 'healthy', later(now, healthCheckMs(services), now), now);
  } else await disarm(trx, incident.id, 'healthy');
}

/** How often a monitored incident's data is looked at: a sixth of the time it has to stay healthy, an hour at most. */
export function healthCheckMs(services: Services): number {
  return Math.max(60_000, Math.min(3_600_000, services.config.incidents.monitoring.closeAfterHealthy / 6));
}

function later(from: Date, ms: number, now: Date): Date {
  const at = new Date(from.getTime() + ms);
  return at < now ? now : at;
}
