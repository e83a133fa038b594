import { type DeliveryBody, kindOf } from '../delivery.js';
import { unescapeMrkdwn } from '../mrkdwn.js';
import { actionsBody, commandBody, messageEvent, viewBody } from '../payloads.js';
import { findByActionId } from '../registrations.js';
import { openFormActionId, shareActionId } from '../replies.js';
import type { Mode } from '../surface.js';
import { routeCommand } from '../words.js';
import type { Desk } from './desk.js';
import type { Delivery, Plan } from './edge-types.js';
import { submissionOf } from './perform-form.js';
import { overflowTarget, wordsView } from './places.js';

/** Says whether a delivery is a read, an act, or a form to be corrected. Reads only. */
export async function planDelivery(desk: Desk, body: DeliveryBody, now: Date): Promise<Plan> {
  switch (kindOf(body)) {
    case 'command':
      return commandMode(desk, body) === 'act' ? { how: 'act', ack: undefined } : { how: 'read' };
    case 'event':
      return (await concernsUs(desk, body)) ? { how: 'act', ack: undefined } : { how: 'ignore' };
    case 'block_actions':
      return isAct(desk, body) ? { how: 'act', ack: undefined } : { how: 'read' };
    case 'view_submission':
      return planSubmission(desk, body, now);
    case 'block_suggestion':
    case 'shortcut':
    case 'message_action':
      return { how: 'read' };
    default:
      return { how: 'ignore' };
  }
}

/**
 * What people say to each other in channels is nothing of ours and is not stored: only direct messages, comments in the thread of a message we
 * posted, and later changes of messages that a timeline may refer to.
 */
async function concernsUs(desk: Desk, body: DeliveryBody): Promise<boolean> {
  if (body.event?.type !== 'message') return true;
  const parsed = messageEvent.safeParse(body.event);
  if (!parsed.success || parsed.data.channel_type === 'im') return true;
  if (parsed.data.subtype === 'message_changed' || parsed.data.subtype === 'message_deleted') return true;
  if (parsed.data.thread_ts === undefined) return false;
  const ours = await desk.services.db
    .selectFrom('slack_message')
    .select('id')
    .where('channel_id', '=', parsed.data.channel)
    .where('ts', '=', parsed.data.thread_ts)
    .executeTakeFirst();
  return ours !== undefined;
}

/** Whether a press of a button changes something. */
export function isAct(desk: Desk, body: DeliveryBody): boolean {
  const parsed = actionsBody.safeParse(body);
  if (!parsed.success || !parsed.data.actions[0]) return false;
  const action = overflowTarget(parsed.data.actions[0]);
  if (action.action_id === openFormActionId) return false;
  if (action.action_id === shareActionId) return true;
  return findByActionId(desk.params.registrations.actions, action.action_id)?.mode === 'act';
}

function commandMode(desk: Desk, body: DeliveryBody): Mode {
  const { services, commandOf } = desk;
  const parsed = commandBody.parse(body);
  const command = commandOf(parsed);
  return command ? routeCommand(command, unescapeMrkdwn(parsed.text), services).mode : 'read';
}

async function planSubmission(desk: Desk, body: DeliveryBody, now: Date): Promise<Plan> {
  const { services, viewHandler, admit, callerOf } = desk;
  const parsed = viewBody.parse(body);
  const handler = viewHandler(parsed.view.callback_id);
  if (!handler) return { how: 'ignore' };
  const person = await admit(body, parsed.user.id);
  if ('reason' in person)
    return { how: 'reject', ack: { response_action: 'update', view: wordsView(person.text) } };
  const delivery: Delivery = { body, key: '', now, ack: async () => undefined };
  const errors = await handler.validate(
    services,
    submissionOf(parsed, callerOf(person, delivery, 'modal', {})),
  );
  if (errors && Object.keys(errors).length > 0)
    return { how: 'reject', ack: { response_action: 'errors', errors } };
  return { how: 'act', ack: { response_action: 'clear' } };
}
