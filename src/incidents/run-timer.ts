import { scheduleActor } from '../audit/record.js';
import type { Trx } from '../db/database.js';
import { enqueue } from '../jobs/outbox.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { incidentCard, lockIncident } from './change.js';
import { alertsQuiet, healthOf, isSilent } from './health.js';
import type { Incident } from './incident.js';
import { resolveLocked } from './life.js';
import { move } from './move.js';
import { askWhetherWell, nudge } from './nudge.js';
import { pageLocked } from './paging.js';
import { durationWords } from './report/words.js';
import { severityById } from './severity.js';
import { arm, healthCheckMs, type IncidentTimer, reminderTime } from './timers.js';
import { isLive, isOver } from './transitions.js';

/** A clock of an incident has run out. Reads what is true now: an incident that moved on is left alone. */
export async function runTimer(
  services: Services,
  params: { incidentId: string; timer: IncidentTimer; now: Date },
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const incident = await lockIncident(trx, params.incidentId);
    await handlers[params.timer](services, trx, incident, params.now);
  });
}

type Handler = (services: Services, trx: Trx, incident: Incident, now: Date) => Promise<void>;

const handlers: Record<IncidentTimer, Handler> = {
  /** Nobody took it in time: whoever is on call is paged (where there is a pager) and asked in the channel. */
  acknowledge: async (services, trx, incident, now) => {
    if (!isLive(incident.state) || incident.acknowledged_at !== null) return;
    await pageLocked(services, trx, incident, {
      reason: 'nobody has acknowledged it in time',
      actorId: null,
      now,
    });
    await nudge(services, trx, incident, 'acknowledge', now);
    const severity = severityById(services.config, incident.severity);
    await arm(
      trx,
      incident.id,
      'acknowledge',
      reminderTime(services, incident, new Date(now.getTime() + severity.acknowledgeWithin)),
      now,
    );
  },
  /** The promised update is due. Reminds again at the severity's cadence until it comes, unless snoozed. */
  update: async (services, trx, incident, now) => {
    if (!isLive(incident.state)) return;
    const snoozed = incident.reminders_snoozed_until;
    if (snoozed !== null && snoozed > now) {
      await arm(trx, incident.id, 'update', reminderTime(services, incident, snoozed), now);
      return;
    }
    await nudge(services, trx, incident, 'update', now);
    const every = Math.min(severityById(services.config, incident.severity).updateEvery, 24 * 3_600_000);
    await arm(
      trx,
      incident.id,
      'update',
      reminderTime(services, incident, new Date(now.getTime() + every)),
      now,
    );
  },
  /** Roles that nobody has claimed: asked for twice, then the card alone says so. */
  roles: async (services, trx, incident, now) => {
    if (!isLive(incident.state)) return;
    const held = await trx
      .selectFrom('incident_role')
      .select('role')
      .where('incident_id', '=', incident.id)
      .execute();
    if (held.some(({ role }) => role === 'lead')) return;
    const asked = await nudge(services, trx, incident, 'roles', now);
    if (asked < 2)
      await arm(
        trx,
        incident.id,
        'roles',
        reminderTime(services, incident, new Date(now.getTime() + 20 * 60_000)),
        now,
      );
  },
  /** The target for resolving has passed. */
  resolve: async (services, trx, incident, now) => {
    if (!isLive(incident.state)) return;
    await nudge(services, trx, incident, 'resolve', now);
  },
  /** Its channel has been quiet long enough: what was said stays readable, and nothing more is said there. */
  archive: async (_services, trx, incident, now) => {
    if (!isOver(incident.state) || incident.channel_state !== 'ready') return;
    await enqueue(trx, {
      kind: 'incident.archive',
      queue: 'slack',
      key: `incident.archive:${incident.id}:${incident.channel_id ?? ''}`,
      lane: `incident-channel:${incident.id}`,
      payload: { incidentId: incident.id },
      now,
    });
  },
  /** Monitoring closes by itself when the data stayed healthy; a triage whose alerts cleared goes by itself. */
  healthy: async (services, trx, incident, now) => {
    const act = { actor: scheduleActor, now };
    if (incident.state === 'triage') {
      if (!(await alertsQuiet(trx, incident.id))) return;
      await move(services, trx, incident, 'declined', act, {
        state_reason: 'the alerts cleared by themselves',
        closed_at: now,
      });
      await refreshCards(trx, { kind: incidentCard, id: incident.id }, now);
      return;
    }
    if (incident.state !== 'monitoring') return;
    const { ill, since, lastIllAt } = await healthOf(services, trx, incident, now);
    if (lastIllAt !== null && isSilent(services, lastIllAt, now))
      await askWhetherWell(services, trx, incident, lastIllAt, now);
    const healthySince = ill.length === 0 ? since : null;
    const dueMs = since.getTime() + services.config.incidents.monitoring.closeAfterHealthy;
    if (healthySince !== null && dueMs <= now.getTime()) {
      const long = durationWords(Math.round((now.getTime() - healthySince.getTime()) / 1_000));
      await resolveLocked(services, trx, incident, { ...act, reason: `nothing has failed for ${long}` });
    } else {
      await trx
        .updateTable('incident')
        .set({ healthy_since: healthySince, updated_at: now })
        .where('id', '=', incident.id)
        .execute();
      const nextMs = now.getTime() + healthCheckMs(services);
      const lookAt = healthySince === null ? nextMs : Math.min(dueMs, nextMs);
      await arm(trx, incident.id, 'healthy', new Date(lookAt), now);
      // While something is ill the card says what, and that may be another check than before.
      if (healthySince !== null && healthySince.getTime() === incident.healthy_since?.getTime()) return;
    }
    await refreshCards(trx, { kind: incidentCard, id: incident.id }, now);
  },
};

/** No more reminders until then. */
export async function snoozeReminders(
  services: Services,
  params: { incidentId: string; until: Date; now: Date },
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const incident = await lockIncident(trx, params.incidentId);
    await trx
      .updateTable('incident')
      .set({ reminders_snoozed_until: params.until, updated_at: params.now })
      .where('id', '=', incident.id)
      .execute();
    await arm(trx, incident.id, 'update', reminderTime(services, incident, params.until), params.now);
    await refreshCards(trx, { kind: incidentCard, id: incident.id }, params.now);
  });
}
