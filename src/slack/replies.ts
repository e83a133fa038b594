import type { KnownBlock } from '@slack/types';
import { postCard } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { actions, section } from './blocks.js';
import { datesInWords, escapeWithTimes, spokenText, unescapeMrkdwn } from './mrkdwn.js';
import type { Caller, ModalSpec, Reply } from './surface.js';

/** Action ids of the edge itself. */
export const shareActionId = 'reply:share';
export const openFormActionId = 'form:open';

/** A form as a button value: name and parameters, read back by the edge when the button is pressed. */
export function formValue(modal: ModalSpec): string {
  return `${modal.callbackId}?${new URLSearchParams(modal.params).toString()}`;
}

export function parseFormValue(value: string): ModalSpec {
  const cut = value.indexOf('?');
  return {
    callbackId: cut < 0 ? value : value.slice(0, cut),
    params: Object.fromEntries(new URLSearchParams(cut < 0 ? '' : value.slice(cut + 1))),
  };
}

/** Words without blocks of their own, escaped once whether or not parts of them are, with moments in each reader's own zone. */
function asSection(text: string): string {
  return escapeWithTimes(unescapeMrkdwn(datesInWords(text)));
}

/** What a reply looks like where it cannot open its form by itself: the words and one button. */
export function replyBlocks(reply: Reply, options: { formButton: boolean; shareId?: string }): KnownBlock[] {
  const blocks: KnownBlock[] = reply.blocks ? [...reply.blocks] : [section(asSection(reply.text))];
  if (reply.modal && options.formButton) {
    blocks.push(
      actions([
        {
          text: 'Open the form',
          actionId: openFormActionId,
          value: formValue(reply.modal),
          style: 'primary',
        },
      ]),
    );
  }
  if (reply.shareable && options.shareId) {
    blocks.push(
      actions([
        {
          text: 'Share here',
          actionId: shareActionId,
          value: options.shareId,
          label: 'Share this answer with everyone in this conversation',
        },
      ]),
    );
  }
  return blocks.slice(0, 50);
}

/** Keeps an answer by its delivery, so that it is posted once and can be shared. Returns its id; the same delivery gives the same one. */
export async function keepReply(services: Services, caller: Caller, reply: Reply): Promise<string> {
  await services.db
    .insertInto('reply')
    .values({
      delivery_key: caller.deliveryKey,
      person_id: caller.person.id,
      channel_id: caller.channel?.id ?? null,
      text: spokenText(reply.text),
      blocks: JSON.stringify(replyBlocks(reply, { formButton: true })),
      created_at: caller.now,
    })
    .onConflict((conflict) => conflict.column('delivery_key').doNothing())
    .execute();
  const row = await services.db
    .selectFrom('reply')
    .select('id')
    .where('delivery_key', '=', caller.deliveryKey)
    .executeTakeFirstOrThrow();
  return row.id;
}

/**
 * Posts a kept answer where the words were said: in the thread of a mention, in the direct message. Durable, once. What is for the asker alone
 * stands in the channel below a mention that begins a thread: Slack shows such messages in a thread only where it has replies already
 * (docs.slack.dev, chat.postEphemeral, `thread_ts`).
 */
export async function postReply(services: Services, caller: Caller, reply: Reply): Promise<void> {
  const id = await keepReply(services, caller, reply);
  if (!caller.channel) return;
  const channelId = caller.channel.id;
  const ephemeral = reply.visibility === 'asker' && caller.channel.kind !== 'im';
  const begins = caller.threadTs === caller.messageTs;
  const thread = ephemeral && begins ? '' : (caller.threadTs ?? caller.messageTs ?? '');
  await services.db.transaction().execute((trx) =>
    postCard(trx, {
      key: `reply:${caller.deliveryKey}`,
      to: { channelId },
      card: {
        kind: 'reply',
        id,
        variant: `${ephemeral ? 'ephemeral' : 'place'}|${thread}`,
      },
      now: caller.now,
    }),
  );
}
