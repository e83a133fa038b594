import type { z } from 'zod';
import { StewardError } from '../../errors.js';
import { unescapeMrkdwn } from '../mrkdwn.js';
import { optionsBody, shortcutBody, viewBody } from '../payloads.js';
import { findByActionId } from '../registrations.js';
import { replyBlocks } from '../replies.js';
import type { Caller, Submission } from '../surface.js';
import type { Desk } from './desk.js';
import type { Delivery } from './edge-types.js';
import { channelRef } from './places.js';

export function submissionOf(body: z.infer<typeof viewBody>, caller: Caller): Submission {
  return {
    caller,
    callbackId: body.view.callback_id,
    viewId: body.view.id,
    privateMetadata: body.view.private_metadata,
    state: body.view.state?.values ?? {},
  };
}

/** A form that passed its checks, in a worker. */
export async function performSubmission(desk: Desk, delivery: Delivery): Promise<void> {
  const { services, viewHandler, admit, callerOf, tell } = desk;
  const body = viewBody.parse(delivery.body);
  const handler = viewHandler(body.view.callback_id);
  const person = await admit(delivery.body, body.user.id);
  if (!handler || 'reason' in person) return;
  const caller = callerOf(person, delivery, 'modal', {});
  try {
    const result = await handler.submit(services, submissionOf(body, caller));
    if (result.reply) await tell(caller, result.reply.text, replyBlocks(result.reply, { formButton: true }));
  } catch (error) {
    if (!(error instanceof StewardError)) throw error;
    await tell(caller, error.message);
  }
}

/** Options of an external select, while somebody types. */
export async function performOptions(desk: Desk, delivery: Delivery): Promise<void> {
  const { services, params, admit, callerOf } = desk;
  const { registrations } = params;
  const body = optionsBody.parse(delivery.body);
  const handler = findByActionId(registrations.options, body.action_id);
  const person = await admit(delivery.body, body.user.id);
  if (!handler || 'reason' in person) return delivery.ack({ options: [] });
  const caller = callerOf(person, delivery, 'modal', {});
  const items = await handler.run(services, caller, body.value).catch((error: unknown) => {
    services.log.warn({ err: error, actionId: body.action_id }, 'options could not be found');
    return [];
  });
  const text = (words: string) => ({ type: 'plain_text', text: words.slice(0, 75) || ' ' });
  await delivery.ack({
    options: items.slice(0, 100).map((item) => ({
      text: text(item.text),
      value: item.value,
      ...(item.description ? { description: text(item.description) } : {}),
    })),
  });
}

/** A global or message shortcut: opens a form. */
export async function performShortcut(desk: Desk, delivery: Delivery): Promise<void> {
  const { services, params, admit, callerOf, openForm, tell, wordsFor } = desk;
  const { registrations } = params;
  const body = shortcutBody.parse(delivery.body);
  const handler = registrations.shortcuts.find((shortcut) => shortcut.callbackId === body.callback_id);
  const person = await admit(delivery.body, body.user.id);
  await delivery.ack();
  if (!handler || 'reason' in person) return;
  const caller = callerOf(
    person,
    delivery,
    'shortcut',
    body.channel
      ? { channel: channelRef(body.channel.id, undefined), messageTs: body.message?.ts ?? null }
      : {},
  );
  try {
    const message =
      body.message && body.channel
        ? {
            channelId: body.channel.id,
            ts: body.message.ts,
            text: unescapeMrkdwn(body.message.text),
            userId: body.message.user ?? null,
            files: body.message.files.flatMap((file) => (file.permalink ? [file.permalink] : [])),
          }
        : null;
    await openForm(caller, await handler.run(services, caller, message), body.trigger_id);
  } catch (error) {
    await tell(caller, wordsFor(error, delivery.key));
  }
}
