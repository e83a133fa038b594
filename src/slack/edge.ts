import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownBlock, ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { z } from 'zod';
import { StewardError } from '../errors.js';
import { postCard } from '../jobs/outgoing.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import type { Refusal } from './caller.js';
import { refusal } from './caller.js';
import { type DeliveryBody, kindOf, teamOf } from './delivery.js';
import { publishHome } from './home.js';
import { escapeMrkdwn, unescapeMrkdwn } from './mrkdwn.js';
import {
  actionsBody,
  actionValue,
  blockAction,
  commandBody,
  homeEvent,
  messageEvent,
  optionsBody,
  shortcutBody,
  viewBody,
} from './payloads.js';
import { findByActionId, type Registrations } from './registrations.js';
import {
  keepReply,
  openFormActionId,
  parseFormValue,
  postReply,
  replyBlocks,
  shareActionId,
} from './replies.js';
import type { Caller, ChannelRef, HandlerResult, Mode, Reply, Submission } from './surface.js';
import { routeCommand, routeMention } from './words.js';

export interface EdgeParams {
  registrations: Registrations;
  slack: WebClient;
  identify: (slackUserId: string) => Promise<Person | Refusal>;
  teamId: string;
  botUserId: string;
  fetch: typeof globalThis.fetch;
  /** Reads longer than this are acked and answered by response_url. */
  readBudgetMs?: number;
}

/** One delivery, however it came in. `ack` may be called once; a re-driven delivery's does nothing. */
export interface Delivery {
  body: DeliveryBody;
  key: string;
  /** When it arrived, on the domain's clock. */
  now: Date;
  ack: (response?: AckResponse) => Promise<void>;
}

export type AckResponse = Record<string, unknown>;

/** How a delivery is to be taken in. */
export type Plan =
  | { how: 'read' }
  /** Stored, acked with this, then worked by `perform`. */
  | { how: 'act'; ack: AckResponse | undefined }
  /** Refused by the form's own checks: nothing is stored. */
  | { how: 'reject'; ack: AckResponse }
  | { how: 'ignore' };

export interface Edge {
  /** Says whether a delivery is a read, an act, or a form to be corrected. Reads only. */
  plan: (body: DeliveryBody, now: Date) => Promise<Plan>;
  /** Does what the delivery asks for: a read before its ack, an act in a worker. */
  perform: (delivery: Delivery) => Promise<void>;
}

export function makeEdge(services: Services, params: EdgeParams): Edge {
  const { registrations, slack } = params;
  const readBudgetMs = params.readBudgetMs ?? 1_500;

  function commandOf(body: z.infer<typeof commandBody>) {
    const names = services.config.slack.commands;
    return registrations.commands.find((command) => names[command.name] === body.command);
  }

  /** The person behind a delivery, or the words to turn them away with. */
  async function admit(body: DeliveryBody, slackUserId: string): Promise<Person | Refusal> {
    const team = teamOf(body);
    if (team !== null && team !== params.teamId) return refusal('other-team');
    return params.identify(slackUserId);
  }

  function callerOf(
    person: Person,
    delivery: Delivery,
    surface: Caller['surface'],
    place: Partial<Pick<Caller, 'channel' | 'threadTs' | 'messageTs'>>,
  ): Caller {
    return {
      person,
      actor: { personId: person.id, kind: 'person', channel: 'slack' },
      surface,
      channel: place.channel ?? null,
      threadTs: place.threadTs ?? null,
      messageTs: place.messageTs ?? null,
      now: delivery.now,
      deliveryKey: delivery.key,
    };
  }

  /** An error becomes a sentence for the person; what is our own fault is also logged, and retried where the caller can. */
  function wordsFor(error: unknown, key: string): string {
    if (error instanceof StewardError) return error.message;
    const reference = key.slice(-8);
    services.log.error({ err: error, reference }, 'a request failed');
    return `Something went wrong on my side and nothing was changed. Please try again; if it stays so, tell the data platform team this reference: ${reference}.`;
  }

  const plainReply = (text: string): Reply => ({ text, visibility: 'asker' });

  async function respond(responseUrl: string | undefined, payload: Record<string, unknown>): Promise<void> {
    if (!responseUrl) return;
    const answer = await params.fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(payload),
      signal: AbortSignal.timeout(5_000),
    });
    if (!answer.ok) services.log.warn({ status: answer.status }, 'a response_url did not take the reply');
  }

  const viewHandler = (callbackId: string) =>
    registrations.views.find((view) => view.callbackId === callbackId);

  async function openForm(
    caller: Caller,
    modal: { callbackId: string; params: Record<string, string> },
    triggerId: string,
  ): Promise<void> {
    const handler = viewHandler(modal.callbackId);
    if (!handler) throw new Error(`no form is registered for ${modal.callbackId}`);
    const view = await handler.build(services, caller, modal.params);
    await slack.views.open({ trigger_id: triggerId, view });
  }

  /** Runs a read and says within the budget whether it is done; what is slower goes on. */
  async function withinBudget<Result>(
    work: Promise<Result>,
  ): Promise<{ ready: true; value: Result } | { ready: false }> {
    return Promise.race([
      work.then((value) => ({ ready: true as const, value })),
      sleep(readBudgetMs).then(() => ({ ready: false as const })),
    ]);
  }

  async function performCommand(delivery: Delivery): Promise<void> {
    const body = commandBody.parse(delivery.body);
    const command = commandOf(body);
    if (!command)
      return delivery.ack({
        response_type: 'ephemeral',
        text: 'This command is not mine; nothing was done.',
      });
    const person = await admit(delivery.body, body.user_id);
    if ('reason' in person) return delivery.ack({ response_type: 'ephemeral', text: person.text });
    const caller = callerOf(person, delivery, 'command', {
      channel: channelRef(body.channel_id, body.channel_name),
    });
    const routed = routeCommand(command, unescapeMrkdwn(body.text), services);
    const work = routed
      .run(services, caller, routed.rest)
      .catch((error: unknown) => plainReply(wordsFor(error, delivery.key)));
    const answer = async (reply: Reply, send: (payload: AckResponse) => Promise<void>): Promise<void> => {
      if (reply.modal && body.trigger_id && routed.mode === 'read') {
        const opened = await openForm(caller, reply.modal, body.trigger_id).then(
          () => true,
          (error: unknown) => {
            services.log.warn({ err: error }, 'a form did not open; its button is offered instead');
            return false;
          },
        );
        if (opened) return send({});
      }
      const shareId = reply.shareable
        ? await keepReply(services, caller, { ...reply, shareable: false })
        : undefined;
      await send({
        response_type: 'ephemeral',
        text: reply.text,
        blocks: replyBlocks(reply, { formButton: true, ...(shareId ? { shareId } : {}) }),
      });
    };
    if (routed.mode === 'act') {
      // Stored and acked already: the answer goes to the response_url, at most once.
      return answer(await work, (payload) =>
        respond(body.response_url, { ...payload, replace_original: false }),
      );
    }
    const first = await withinBudget(work);
    if (first.ready)
      return answer(first.value, (payload) =>
        delivery.ack(Object.keys(payload).length === 0 ? undefined : payload),
      );
    await delivery.ack();
    return answer(await work, (payload) => respond(body.response_url, payload));
  }

  async function performMention(
    delivery: Delivery,
    event: z.infer<typeof messageEvent>,
    surface: 'mention' | 'message',
  ): Promise<void> {
    if (!event.user || event.bot_id || event.user === params.botUserId) return;
    if (event.subtype && event.subtype !== 'thread_broadcast' && event.subtype !== 'file_share') return;
    const person = await admit(delivery.body, event.user);
    const channel = channelRef(event.channel, event.channel_type);
    const threadTs = event.thread_ts ?? event.ts;
    if ('reason' in person) {
      await slack.chat.postEphemeral({
        channel: event.channel,
        user: event.user,
        text: person.text,
        ...(event.thread_ts ? { thread_ts: event.thread_ts } : {}),
      });
      return;
    }
    const caller = callerOf(person, delivery, surface, { channel, threadTs, messageTs: event.ts });
    const text = unescapeMrkdwn(event.text.replaceAll(`<@${params.botUserId}>`, ' ')).trim();
    const routed = routeMention(registrations.commands, text, services);
    if (!routed) return;
    const reply = await routed.run(services, caller, routed.rest).catch((error: unknown) => {
      if (!(error instanceof StewardError)) throw error;
      return plainReply(error.message);
    });
    await postReply(services, caller, reply);
  }

  async function performEvent(delivery: Delivery): Promise<void> {
    const event = delivery.body.event;
    if (!event) return;
    if (event.type === 'app_mention') return performMention(delivery, messageEvent.parse(event), 'mention');
    if (event.type === 'message') {
      const message = messageEvent.parse(event);
      // A mention in a channel arrives as app_mention too; that one owns the reply.
      if (message.channel_type === 'im') await performMention(delivery, message, 'message');
    }
    if (event.type === 'app_home_opened') {
      const home = homeEvent.parse(event);
      if (home.tab !== 'home') return;
      const person = await admit(delivery.body, home.user);
      await publishHome(services, {
        slack,
        slackUserId: home.user,
        person,
        sections: registrations.home,
        now: delivery.now,
      });
      return;
    }
    for (const handler of registrations.events) {
      if (handler.event === event.type)
        await handler.run(services, event, { now: delivery.now, deliveryKey: delivery.key });
    }
  }

  async function performAction(delivery: Delivery): Promise<void> {
    const body = actionsBody.parse(delivery.body);
    const raw = body.actions[0];
    if (!raw) return;
    const action = overflowTarget(blockAction.parse(raw));
    const person = await admit(delivery.body, body.user.id);
    const respondPrivately = (text: string) =>
      respond(body.response_url, { response_type: 'ephemeral', replace_original: false, text });
    if ('reason' in person) {
      await delivery.ack();
      return respondPrivately(person.text);
    }
    const channelId = body.channel?.id ?? body.container?.channel_id;
    const caller = callerOf(person, delivery, body.view ? 'modal' : 'button', {
      channel: channelId ? channelRef(channelId, body.channel?.name) : null,
      threadTs: body.message?.thread_ts ?? body.container?.thread_ts ?? null,
      messageTs: body.message?.ts ?? body.container?.message_ts ?? null,
    });
    try {
      if (action.action_id === openFormActionId) {
        if (body.trigger_id) await openForm(caller, parseFormValue(actionValue(action)), body.trigger_id);
        return await delivery.ack();
      }
      if (action.action_id === shareActionId)
        return await share(caller, actionValue(action), body.response_url);
      const handler = findByActionId(registrations.actions, action.action_id);
      if (!handler) return await delivery.ack();
      const result = await handler.run(services, {
        caller,
        actionId: action.action_id,
        value: actionValue(action),
        state: body.view?.state?.values ?? body.state?.values ?? {},
        view: body.view
          ? {
              id: body.view.id,
              hash: body.view.hash,
              callbackId: body.view.callback_id,
              privateMetadata: body.view.private_metadata,
            }
          : null,
      });
      await applyResult(caller, result, {
        triggerId: body.trigger_id,
        responseUrl: body.response_url,
        viewId: body.view?.id,
        viewHash: body.view?.hash,
      });
      await delivery.ack();
    } catch (error) {
      if (!(error instanceof StewardError) && isAct(delivery.body)) throw error;
      await delivery.ack();
      const words = wordsFor(error, delivery.key);
      if (body.response_url) await respondPrivately(words);
      else await tell(caller, words);
    }
  }

  async function applyResult(
    caller: Caller,
    result: HandlerResult,
    ways: {
      triggerId?: string | undefined;
      responseUrl?: string | undefined;
      viewId?: string | undefined;
      viewHash?: string | undefined;
    },
  ): Promise<void> {
    if (result.modal) await showModal(result.modal, ways);
    if (result.replace)
      await respond(ways.responseUrl, {
        replace_original: true,
        text: result.replace.text,
        blocks: result.replace.blocks,
      });
    if (result.dismiss) await respond(ways.responseUrl, { delete_original: true });
    if (!result.reply) return;
    if (result.reply.modal && ways.triggerId) return openForm(caller, result.reply.modal, ways.triggerId);
    const blocks = replyBlocks(result.reply, { formButton: true });
    if (ways.responseUrl)
      await respond(ways.responseUrl, {
        response_type: 'ephemeral',
        replace_original: false,
        text: result.reply.text,
        blocks,
      });
    else await tell(caller, result.reply.text, blocks);
  }

  async function showModal(
    modal: { how: 'open' | 'push' | 'update'; view: ModalView },
    ways: { triggerId?: string | undefined; viewId?: string | undefined; viewHash?: string | undefined },
  ): Promise<void> {
    if (modal.how === 'update' && ways.viewId) {
      await slack.views.update({
        view_id: ways.viewId,
        view: modal.view,
        ...(ways.viewHash ? { hash: ways.viewHash } : {}),
      });
    } else if (ways.triggerId && modal.how === 'push') {
      await slack.views.push({ trigger_id: ways.triggerId, view: modal.view });
    } else if (ways.triggerId) {
      await slack.views.open({ trigger_id: ways.triggerId, view: modal.view });
    }
  }

  /** Words for one person when there is no response_url: in the direct message, durable. */
  async function tell(caller: Caller, text: string, blocks?: KnownBlock[]): Promise<void> {
    const id = await keepReply(
      services,
      { ...caller, deliveryKey: `${caller.deliveryKey}:told` },
      { text, visibility: 'asker', ...(blocks ? { blocks } : {}) },
    );
    await services.db.transaction().execute((trx) =>
      postCard(trx, {
        key: `told:${caller.deliveryKey}`,
        to: { personId: caller.person.id },
        card: { kind: 'reply', id, variant: 'place|' },
        now: caller.now,
      }),
    );
  }

  async function share(caller: Caller, replyId: string, responseUrl: string | undefined): Promise<void> {
    const channel = caller.channel;
    const row = await services.db
      .selectFrom('reply')
      .selectAll()
      .where('id', '=', replyId)
      .where('person_id', '=', caller.person.id)
      .executeTakeFirst();
    if (!row || !channel) {
      return respond(responseUrl, {
        response_type: 'ephemeral',
        replace_original: false,
        text: 'This answer is too old to be shared, or it is not yours. Nothing was posted. Ask again and share the new one.',
      });
    }
    await services.db.transaction().execute((trx) =>
      postCard(trx, {
        key: `share:${row.id}:${channel.id}`,
        to: { channelId: channel.id },
        card: { kind: 'reply', id: row.id, variant: `shared|${caller.person.slackId ?? ''}` },
        now: caller.now,
      }),
    );
  }

  function submissionOf(body: z.infer<typeof viewBody>, caller: Caller): Submission {
    return {
      caller,
      callbackId: body.view.callback_id,
      viewId: body.view.id,
      privateMetadata: body.view.private_metadata,
      state: body.view.state?.values ?? {},
    };
  }

  async function performSubmission(delivery: Delivery): Promise<void> {
    const body = viewBody.parse(delivery.body);
    const handler = viewHandler(body.view.callback_id);
    const person = await admit(delivery.body, body.user.id);
    if (!handler || 'reason' in person) return;
    const caller = callerOf(person, delivery, 'modal', {});
    try {
      const result = await handler.submit(services, submissionOf(body, caller));
      if (result.reply)
        await tell(caller, result.reply.text, replyBlocks(result.reply, { formButton: true }));
    } catch (error) {
      if (!(error instanceof StewardError)) throw error;
      await tell(caller, error.message);
    }
  }

  async function performOptions(delivery: Delivery): Promise<void> {
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

  async function performShortcut(delivery: Delivery): Promise<void> {
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

  function isAct(body: DeliveryBody): boolean {
    const parsed = actionsBody.safeParse(body);
    if (!parsed.success || !parsed.data.actions[0]) return false;
    const action = overflowTarget(parsed.data.actions[0]);
    if (action.action_id === openFormActionId) return false;
    if (action.action_id === shareActionId) return true;
    return findByActionId(registrations.actions, action.action_id)?.mode === 'act';
  }

  function commandMode(body: DeliveryBody): Mode {
    const parsed = commandBody.parse(body);
    const command = commandOf(parsed);
    return command ? routeCommand(command, unescapeMrkdwn(parsed.text), services).mode : 'read';
  }

  async function planSubmission(body: DeliveryBody, now: Date): Promise<Plan> {
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

  return {
    async plan(body, now) {
      switch (kindOf(body)) {
        case 'command':
          return commandMode(body) === 'act' ? { how: 'act', ack: undefined } : { how: 'read' };
        case 'event':
          return { how: 'act', ack: undefined };
        case 'block_actions':
          return isAct(body) ? { how: 'act', ack: undefined } : { how: 'read' };
        case 'view_submission':
          return planSubmission(body, now);
        case 'block_suggestion':
        case 'shortcut':
        case 'message_action':
          return { how: 'read' };
        default:
          return { how: 'ignore' };
      }
    },
    async perform(delivery) {
      switch (kindOf(delivery.body)) {
        case 'command':
          return performCommand(delivery);
        case 'event':
          return performEvent(delivery);
        case 'block_actions':
          return performAction(delivery);
        case 'view_submission':
          return performSubmission(delivery);
        case 'block_suggestion':
          return performOptions(delivery);
        case 'shortcut':
        case 'message_action':
          return performShortcut(delivery);
        default:
          return delivery.ack();
      }
    },
  };
}

/** Slack's ids say what a channel is; a private channel's may begin with C too, so its name or type decides. */
function channelRef(id: string, nameOrType: string | undefined): ChannelRef {
  if (id.startsWith('D') || nameOrType === 'directmessage' || nameOrType === 'im') return { id, kind: 'im' };
  if (id.startsWith('G') || nameOrType === 'privategroup' || nameOrType === 'group' || nameOrType === 'mpim')
    return { id, kind: 'private' };
  return { id, kind: 'public' };
}

/** An overflow's option carries `actionId|value`. */
function overflowTarget(action: z.infer<typeof blockAction>): z.infer<typeof blockAction> {
  const value = action.action_id === 'more' ? action.selected_option?.value : undefined;
  const cut = value?.indexOf('|') ?? -1;
  if (value === undefined || cut < 0) return action;
  return { ...action, action_id: value.slice(0, cut), value: value.slice(cut + 1) };
}

function wordsView(text: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: 'Not possible' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: escapeMrkdwn(text) } }],
  };
}
