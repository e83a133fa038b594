import { z } from 'zod';
import { acknowledgedFromPager } from '../incidents/paged.js';
import { runRuleAction } from '../incidents/rules/act.js';
import { runTimer } from '../incidents/run-timer.js';
import { remindTask } from '../incidents/task-reminder.js';
import { incidentTimers } from '../incidents/timers.js';
import { regroup } from '../incidents/triage/regroup.js';
import { defineEffect } from './effect.js';

/** A clock of an incident ran out. */
export const incidentTimer = defineEffect({
  kind: 'incident.timer',
  queue: 'work',
  payload: z.object({ incidentId: z.uuid(), timer: z.enum(incidentTimers) }),
  async run(services, payload, { now }) {
    await runTimer(services, { ...payload, now });
    // A timer that armed itself again has moved its own row: the runner leaves such a row alone.
    return { done: true };
  },
});

/** New alerts are grouped with the recent ones. */
export const incidentRegroup = defineEffect({
  kind: 'incident.regroup',
  queue: 'work',
  payload: z.object({ bucket: z.number() }),
  async run(services, _payload, { now }) {
    await regroup(services, now);
    return { done: true };
  },
});

/** One action of a rule that fired. */
export const incidentRule = defineEffect({
  kind: 'incident.rule',
  queue: 'work',
  payload: z.object({
    incidentId: z.uuid(),
    rule: z.string(),
    index: z.number().int(),
    occasion: z.string(),
  }),
  async run(services, payload, { now }) {
    const result = await runRuleAction(services, { ...payload, now });
    services.log.info({ incident: payload.incidentId, rule: payload.rule, result }, 'a rule acted');
    return { done: true };
  },
});

/** Somebody acknowledged our page in the pager. */
export const incidentPagedAck = defineEffect({
  kind: 'incident.paged-ack',
  queue: 'work',
  payload: z.object({ incidentId: z.uuid() }),
  async run(services, { incidentId }, { now }) {
    await acknowledgedFromPager(services, { incidentId, now });
    return { done: true };
  },
});

/** A task or follow-up is due. */
export const incidentTaskDue = defineEffect({
  kind: 'incident.task-due',
  queue: 'work',
  payload: z.object({ taskId: z.uuid() }),
  async run(services, { taskId }, { now }) {
    await remindTask(services, { taskId, now });
    return { done: true };
  },
});
