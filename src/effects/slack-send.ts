import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import type { Services } from '../services.js';
import type { RenderedCard } from '../slack/card.js';
import { cards } from '../slack/cards/registry.js';
import { contentHash } from '../slack/content-hash.js';
import { escapeMrkdwn, spokenText } from '../slack/mrkdwn.js';
import { isFinal, platformError, retryAfterSeconds } from '../slack/slack-errors.js';
import { withStopButton } from '../slack/stop-button.js';
import { defineEffect, type EffectResult, type EffectServices } from './effect.js';
import { permalinkOf } from './permalink.js';

export const messagePayload = z.object({ messageId: z.uuid() });

const byKind = new Map(cards.map((card) => [card.kind, card]));

type MessageRow = Awaited<ReturnType<typeof loadMessage>>;

export function loadMessage(services: EffectServices, id: string) {
  return services.db.selectFrom('slack_message').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function renderMessage(
  services: Services,
  row: NonNullable<MessageRow>,
  now: Date,
): Promise<RenderedCard | null> {
  const renderer = byKind.get(row.card_kind);
  if (!renderer) throw new Error(`no card is registered for ${row.card_kind}`);
  const card = await renderer.render(services, row.card_id, {
    variant: row.variant,
    reader: row.person_id,
    now,
  });
  return card && withStopButton(card, row.topic);
}

/** Posts a durable message once: what it says is rendered now, from the state that is true now. */
export const slackSend = defineEffect({
  kind: 'slack.send',
  queue: 'slack',
  payload: messagePayload,
  async run(services, { messageId }, { now }) {
    const row = await loadMessage(services, messageId);
    if (row?.state !== 'wanted') return { done: true };
    const thread = await threadOf(services, row);
    if (thread === 'not yet') return { again: new Date(now.getTime() + 1_000) };
    const card = await renderMessage(services, row, now);
    if (!card) return gone(services, messageId, 'nothing to show', now);
    try {
      const channel = await channelOf(services, row);
      const ephemeralTo = await ephemeralReader(services, row);
      const answerWasLost = row.sending_at !== null;
      if (answerWasLost && ephemeralTo)
        return gone(services, messageId, 'an ephemeral reply is sent at most once', now);
      const found = answerWasLost ? await findPosted(services, { channel, thread, key: row.key }) : null;
      await services.db
        .updateTable('slack_message')
        .set({ sending_at: now, channel_id: channel })
        .where('id', '=', messageId)
        .execute();
      const ts = found ?? (await post(services, { channel, thread, ephemeralTo, key: row.key, card }));
      const permalink = card.linked && ts !== null ? await permalinkOf(services, channel, ts) : null;
      await services.db
        .updateTable('slack_message')
        .set({ state: 'sent', ts, permalink, content_hash: contentHash(card), updated_at: now })
        .where('id', '=', messageId)
        .execute();
      if (card.image)
        await uploadImage(services, { messageId, channel, thread: thread ?? ts, image: card.image, now });
      return { done: true };
    } catch (error) {
      return handleSlackError(services, messageId, error, now);
    }
  },
});

/** Rate limits close the lane, a place that is gone ends the message, everything else is tried again. */
export async function handleSlackError(
  services: EffectServices,
  messageId: string,
  error: unknown,
  now: Date,
): Promise<EffectResult> {
  const waitSeconds = retryAfterSeconds(error);
  if (waitSeconds !== null) {
    // Refused before it was taken: nothing can have been posted.
    await services.db
      .updateTable('slack_message')
      .set({ sending_at: null })
      .where('id', '=', messageId)
      .execute();
    return {
      waitUntil: new Date(now.getTime() + waitSeconds * 1_000),
      reason: 'Slack asked for patience (429)',
    };
  }
  const code = platformError(error);
  if (code !== null)
    await services.db
      .updateTable('slack_message')
      .set({ sending_at: null })
      .where('id', '=', messageId)
      .execute();
  if (code !== null && isFinal(code)) return gone(services, messageId, code, now);
  throw error;
}

export async function gone(
  services: EffectServices,
  messageId: string,
  reason: string,
  now: Date,
): Promise<EffectResult> {
  services.log.info({ messageId, reason }, 'a message is not sent any more');
  await services.db
    .updateTable('slack_message')
    .set({ state: 'gone', gone_reason: reason, updated_at: now })
    .where('id', '=', messageId)
    .execute();
  return { done: true };
}

/** Replies carry the thread in their variant; cards name the message they stand under. */
async function threadOf(
  services: EffectServices,
  row: NonNullable<MessageRow>,
): Promise<string | null | 'not yet'> {
  if (row.card_kind === 'reply') {
    const [how, thread] = row.variant.split('|');
    return how === 'shared' ? null : thread || null;
  }
  if (row.thread_key === null) return null;
  const parent = await services.db
    .selectFrom('slack_message')
    .select(['ts', 'state'])
    .where('key', '=', row.thread_key)
    .executeTakeFirst();
  if (!parent || parent.state === 'gone') return null;
  return parent.ts ?? 'not yet';
}

async function ephemeralReader(
  services: EffectServices,
  row: NonNullable<MessageRow>,
): Promise<string | null> {
  if (row.card_kind !== 'reply' || !row.variant.startsWith('ephemeral|')) return null;
  const reader = await services.db
    .selectFrom('reply')
    .innerJoin('person', 'person.id', 'reply.person_id')
    .select('person.slack_id')
    .where('reply.id', '=', row.card_id)
    .executeTakeFirst();
  return reader?.slack_id ?? null;
}

async function channelOf(services: EffectServices, row: NonNullable<MessageRow>): Promise<string> {
  if (row.channel_id !== null) return row.channel_id;
  const person = await services.db
    .selectFrom('person')
    .select('slack_id')
    .where('id', '=', row.person_id)
    .executeTakeFirst();
  if (!person?.slack_id) throw new Error('this person has no Slack account yet');
  const opened = await services.slack.conversations.open({ users: person.slack_id });
  if (!opened.channel?.id) throw new Error('conversations.open named no channel');
  return opened.channel.id;
}

async function post(
  services: EffectServices,
  message: {
    channel: string;
    thread: string | null;
    ephemeralTo: string | null;
    key: string;
    card: RenderedCard;
  },
): Promise<string | null> {
  const common = {
    channel: message.channel,
    text: spokenText(message.card.text),
    blocks: message.card.blocks satisfies KnownBlock[],
    ...(message.thread ? { thread_ts: message.thread } : {}),
  };
  if (message.ephemeralTo) {
    await services.slack.chat.postEphemeral({ ...common, user: message.ephemeralTo });
    return null;
  }
  const body = {
    ...common,
    unfurl_links: false,
    unfurl_media: false,
    metadata: messageKey(message.key),
  };
  try {
    return (await services.slack.chat.postMessage(body)).ts ?? null;
  } catch (error) {
    // A public channel we were never invited to can be joined; a private one cannot.
    if (platformError(error) !== 'not_in_channel') throw error;
    await services.slack.conversations.join({ channel: message.channel });
    return (await services.slack.chat.postMessage(body)).ts ?? null;
  }
}

/** What a message carries so that it is found again. */
export function messageKey(key: string) {
  return { event_type: 'steward_message', event_payload: { key } };
}

/** An earlier attempt's answer was lost: looks whether the message is there after all, by its key. */
async function findPosted(
  services: EffectServices,
  where: { channel: string; thread: string | null; key: string },
): Promise<string | null> {
  const page = where.thread
    ? await services.slack.conversations.replies({
        channel: where.channel,
        ts: where.thread,
        include_all_metadata: true,
        limit: 100,
      })
    : await services.slack.conversations.history({
        channel: where.channel,
        include_all_metadata: true,
        limit: 100,
      });
  const found = (page.messages ?? []).find((message) => {
    const payload = z
      .object({ event_payload: z.object({ key: z.string() }) })
      .safeParse('metadata' in message ? message.metadata : undefined);
    return payload.success && payload.data.event_payload.key === where.key;
  });
  return found?.ts ?? null;
}

/** Pictures are uploaded once per content, into the message's thread. Decoration: a failure is logged and forgotten. */
export async function uploadImage(
  services: EffectServices,
  params: {
    messageId: string;
    channel: string;
    thread: string | null;
    image: NonNullable<RenderedCard['image']>;
    now: Date;
  },
): Promise<void> {
  const key = `${params.messageId}:${params.image.key}`;
  const claimed = await services.db
    .insertInto('slack_file')
    .values({ key, message_id: params.messageId, file_id: null, created_at: params.now })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  if ((claimed.numInsertedOrUpdatedRows ?? 0n) === 0n) return;
  try {
    await services.slack.filesUploadV2({
      channel_id: params.channel,
      ...(params.thread ? { thread_ts: params.thread } : {}),
      file: Buffer.from(params.image.png),
      filename: `${params.image.key.replace(/[^a-z0-9-]+/gi, '-').slice(0, 60)}.png`,
      title: params.image.title,
      // A message that is only a file has no words: a screen reader and a notification would have nothing to say.
      initial_comment: escapeMrkdwn(params.image.title),
      alt_text: params.image.altText,
    } as Parameters<typeof services.slack.filesUploadV2>[0]);
  } catch (error) {
    // Given free again: the next time the message is brought up to date the picture is tried anew.
    await services.db.deleteFrom('slack_file').where('key', '=', key).where('file_id', 'is', null).execute();
    services.log.warn({ err: error, key }, 'a picture could not be uploaded; the words are there without it');
  }
}
