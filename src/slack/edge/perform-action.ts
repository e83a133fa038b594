import type { ModalView } from '@slack/types';
import { StewardError } from '../../errors.js';
import { postCard } from '../../jobs/outgoing.js';
import { actionsBody, actionValue, blockAction } from '../payloads.js';
import { findByActionId } from '../registrations.js';
import { openFormActionId, parseFormValue, replyBlocks, shareActionId } from '../replies.js';
import { platformError } from '../slack-errors.js';
import type { Caller, HandlerResult } from '../surface.js';
import type { Desk } from './desk.js';
import type { Delivery } from './edge-types.js';
import { ackInTime, pressBudgetMs } from './in-time.js';
import { channelRef, overflowTarget } from './places.js';
import { isAct } from './plan.js';

/** Slack's ways to answer an interaction, as far as this one has them. */
interface Ways {
  triggerId?: string | undefined;
  responseUrl?: string | undefined;
  viewId?: string | undefined;
  viewHash?: string | undefined;
}

/** A button, a select or an overflow entry. */
export async function performAction(desk: Desk, delivery: Delivery): Promise<void> {
  const { services, params, admit, callerOf, respond, openForm, wordsFor, tell } = desk;
  const { registrations } = params;
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
  const inTime = ackInTime(delivery, params.readBudgetMs ?? pressBudgetMs, (error) =>
    services.log.warn({ err: error }, 'a slow press could not be acked'),
  );
  try {
    if (action.action_id === openFormActionId) {
      if (body.trigger_id) await openForm(caller, parseFormValue(actionValue(action)), body.trigger_id);
      await inTime.ack();
      return;
    }
    if (action.action_id === shareActionId)
      return await share(desk, caller, actionValue(action), body.response_url);
    const handler = findByActionId(registrations.actions, action.action_id);
    if (!handler) {
      await inTime.ack();
      return;
    }
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
    await applyResult(desk, caller, result, {
      triggerId: body.trigger_id,
      responseUrl: body.response_url,
      viewId: body.view?.id,
      viewHash: body.view?.hash,
    });
    await inTime.ack();
  } catch (error) {
    if (!(error instanceof StewardError) && isAct(desk, delivery.body)) throw error;
    await inTime.ack();
    const words = tooSlowForItsForm(error)
      ? 'The form took too long to open. Nothing was changed; press again.'
      : wordsFor(error, delivery.key);
    if (body.response_url) await respondPrivately(words);
    else await tell(caller, words);
  } finally {
    inTime.stop();
  }
}

/** Slack takes a trigger for three seconds. */
function tooSlowForItsForm(error: unknown): boolean {
  return platformError(error) === 'expired_trigger_id';
}

async function applyResult(desk: Desk, caller: Caller, result: HandlerResult, ways: Ways): Promise<void> {
  const { respond, openForm, tell } = desk;
  if (result.modal) await showModal(desk, result.modal, ways);
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
  desk: Desk,
  modal: { how: 'open' | 'push' | 'update'; view: ModalView },
  ways: Ways,
): Promise<void> {
  const { slack } = desk.params;
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

async function share(
  desk: Desk,
  caller: Caller,
  replyId: string,
  responseUrl: string | undefined,
): Promise<void> {
  const { services, respond } = desk;
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
