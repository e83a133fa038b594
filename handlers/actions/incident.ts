import { incidentCard } from '../../src/incidents/change.js';
import { NoIncidentError } from '../../src/incidents/errors.js';
import { canSee, type Incident, loadIncident, referenceOf } from '../../src/incidents/incident.js';
import { acceptIncident, acknowledge, declineIncident, mitigate, resolve } from '../../src/incidents/life.js';
import { assignRole, joinIncident, readRole, unsubscribe } from '../../src/incidents/people.js';
import { snoozeReminders } from '../../src/incidents/run-timer.js';
import { grantWords, restoreGrants } from '../../src/incidents/suspend-grants.js';
import { changeTask } from '../../src/incidents/tasks.js';
import type { Services } from '../../src/services.js';
import { catchupReply, showReply } from '../../src/slack/cards/incident-replies.js';
import { reviewReply } from '../../src/slack/cards/incident-review.js';
import type { ActionHandler, ButtonPress, Caller, HandlerResult, Reply } from '../../src/slack/surface.js';
import { incidentViews } from '../views/incident.js';

const quiet: HandlerResult = {};

/** The incident a button is about, if this person may know of it. */
async function subject(services: Services, caller: Caller, id: string): Promise<Incident> {
  const incident = /^[0-9a-f-]{36}$/.test(id) ? await loadIncident(services.db, id) : null;
  if (incident === null || !(await canSee(services, services.db, incident, caller.person)))
    throw new NoIncidentError();
  return incident;
}

function act(
  name: string,
  run: (services: Services, press: ButtonPress, incident: Incident, rest: string) => Promise<HandlerResult>,
): ActionHandler {
  return {
    actionId: `incident:${name}`,
    mode: 'act',
    run: async (services, press) => {
      const [id = '', rest = ''] = press.value.split('|');
      return run(services, press, await subject(services, press.caller, id), rest);
    },
  };
}

const on = (press: ButtonPress, incident: Incident) => ({
  incidentId: incident.id,
  actor: press.caller.actor,
  now: press.caller.now,
});
const whisper = (text: string): HandlerResult => ({ reply: { text, visibility: 'asker' } });

function read(
  name: string,
  run: (services: Services, press: ButtonPress, incident: Incident) => Promise<Reply>,
): ActionHandler {
  return {
    actionId: `incident:${name}`,
    mode: 'read',
    run: async (services, press) => ({
      reply: await run(
        services,
        press,
        await subject(services, press.caller, press.value.split('|')[0] ?? ''),
      ),
    }),
  };
}

/** A button that opens a form. */
function opens(
  name: string,
  callbackId: string,
  params: (press: ButtonPress) => Record<string, string>,
  inView: 'push' | 'update' = 'push',
): ActionHandler {
  return {
    actionId: `incident:${name}`,
    mode: 'read',
    run: async (services, press) => {
      const view = incidentViews.find((one) => one.callbackId === callbackId);
      if (view === undefined) throw new Error(`no form ${callbackId}`);
      return {
        modal: {
          how: press.view === null ? 'open' : inView,
          view: await view.build(services, press.caller, params(press)),
        },
      };
    },
  };
}

const incidentParam = (press: ButtonPress) => ({ incident: press.value.split('|')[0] ?? '' });

const pageParam = (press: ButtonPress) => {
  const [incident = '', page = ''] = press.value.split('|');
  return { incident, page };
};

/** Every button of incidents; listed in docs/contract/action-ids.md. */
export const incidentActionHandlers: readonly ActionHandler[] = [
  act('accept', async (services, press, incident) => {
    await acceptIncident(services, on(press, incident));
    return quiet;
  }),
  act('decline', async (services, press, incident) => {
    await declineIncident(services, on(press, incident));
    return quiet;
  }),
  act('ack', async (services, press, incident) => {
    await acknowledge(services, on(press, incident));
    return quiet;
  }),
  act('mitigate', async (services, press, incident) => {
    await mitigate(services, on(press, incident));
    return quiet;
  }),
  act('resolve', async (services, press, incident) => {
    await resolve(services, on(press, incident));
    return quiet;
  }),
  act('restore', async (services, press, incident) => {
    const { grants } = await restoreGrants(services, on(press, incident));
    return whisper(
      `${grantWords(grants)} of ${referenceOf(incident)} ${grants === 1 ? 'is' : 'are'} being given back.`,
    );
  }),
  act('claim', async (services, press, incident, rest) => {
    const role = readRole(rest) ?? 'lead';
    await assignRole(services, { ...on(press, incident), role, personId: press.caller.person.id });
    return whisper(`You are ${role} of ${referenceOf(incident)}.`);
  }),
  act('join', async (services, press, incident) => {
    await joinIncident(services, on(press, incident));
    return { reply: await catchupReply(services, incident) };
  }),
  act('subscribe', async (services, press, incident) => {
    await joinIncident(services, { ...on(press, incident), subscribeOnly: true });
    return whisper(`You hear of ${referenceOf(incident)} from now on.`);
  }),
  act('unsubscribe', async (services, press, incident) => {
    await unsubscribe(services, on(press, incident));
    return whisper(`You hear nothing more of ${referenceOf(incident)}.`);
  }),
  act('snooze', async (services, press, incident, rest) => {
    const minutes = Math.min(1_440, Math.max(5, Number(rest) || 60));
    await snoozeReminders(services, {
      incidentId: incident.id,
      until: new Date(press.caller.now.getTime() + minutes * 60_000),
      now: press.caller.now,
    });
    return whisper(
      `No reminder of ${referenceOf(incident)} for ${minutes >= 60 ? `${Math.round(minutes / 60)} h` : `${minutes} min`}.`,
    );
  }),
  {
    actionId: 'incident:check',
    mode: 'act',
    /** The ticks of the runbook as they are now: what is ticked is done, what is not is open again. */
    run: async (services, press) => {
      const [blockId, values] = Object.entries(press.state).find(([key]) => key.startsWith('check:')) ?? [];
      const id = blockId?.split(':')[1] ?? (await incidentOfMessage(services, press.caller));
      const incident = await subject(services, press.caller, id ?? '');
      const ticked = new Set(
        (
          values?.['incident:check']?.selected_options ??
          press.value
            .split(',')
            .filter(Boolean)
            .map((value) => ({ value }))
        ).map(({ value }) => Number(value)),
      );
      const steps = await services.db
        .selectFrom('incident_task')
        .select(['number', 'state'])
        .where('incident_id', '=', incident.id)
        .where('kind', '=', 'checklist')
        .orderBy('number')
        .limit(10)
        .execute();
      for (const step of steps) {
        const wanted = ticked.has(step.number) ? 'done' : 'open';
        if (step.state !== wanted)
          await changeTask(services, { ...on(press, incident), number: step.number, state: wanted });
      }
      return quiet;
    },
  },
  act('task-done', async (services, press, incident, rest) => {
    await changeTask(services, { ...on(press, incident), number: Number(rest), state: 'done' });
    return whisper(`Done: task ${Number(rest)} of ${referenceOf(incident)}.`);
  }),
  read('show', (services, press, incident) => showReply(services, press.caller, incident)),
  read('catchup', (services, _press, incident) => catchupReply(services, incident)),
  read('review', (services, _press, incident) => reviewReply(services, incident)),
  opens('declare', 'incident:declare', (press) => {
    const [kind = '', id = ''] = press.value.split('|');
    return kind === 'asset' ? { asset: id } : {};
  }),
  opens('update', 'incident:update', incidentParam),
  opens('close', 'incident:close', incidentParam),
  opens('reopen', 'incident:reopen', incidentParam),
  opens('severity', 'incident:severity', (press) => {
    const [incident = '', suggested = ''] = press.value.split('|');
    return { incident, suggested };
  }),
  opens('suspend', 'incident:suspend', incidentParam),
  opens('timeline', 'incident:timeline', incidentParam),
  opens('timeline-earlier', 'incident:timeline', pageParam, 'update'),
  opens('timeline-later', 'incident:timeline', pageParam, 'update'),
  opens('timeline-entry', 'incident:timeline-entry', (press) => {
    const [incident = '', entry = 'none'] = press.value.split('|');
    return { incident, entry };
  }),
  opens('timeline-add', 'incident:timeline-entry', incidentParam),
  opens('key-times', 'incident:key-times', incidentParam),
];

async function incidentOfMessage(services: Services, caller: Caller): Promise<string | null> {
  if (caller.channel === null || caller.messageTs === null) return null;
  const row = await services.db
    .selectFrom('slack_message')
    .select('card_id')
    .where('card_kind', '=', incidentCard)
    .where('channel_id', '=', caller.channel.id)
    .where('ts', '=', caller.messageTs)
    .executeTakeFirst();
  return row?.card_id ?? null;
}
