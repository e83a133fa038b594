import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { bool, objects } from '../api/arguments.js';
import { checkContent } from '../api/content.js';
import { SlackRefusal } from '../api/refusal.js';
import { changeMessage, deleteMessage, postMessage, storeMessage } from '../posting.js';
import type { MessageRecord, ResponseUrlRecord } from '../state/records.js';
import type { World } from '../world.js';

/** Addresses under which an app answers an interaction: five uses in thirty minutes, no membership needed. */
export interface ResponseUrls {
  make(world: World, from: ResponseUrlSource): string;
  /** The reply to a command that came inside the ack is what `replace_original` later replaces. */
  answered(world: World, url: string, message: MessageRecord): void;
  use(world: World, id: string, body: unknown): Promise<{ status: number; body: object }>;
}
export interface ResponseUrlSource {
  channel: string;
  user: string;
  message?: MessageRecord;
  kind: 'commands' | 'actions';
}

export const responseUrlUses = 5;
export const responseUrlLifeMs = 30 * 60_000;

const replyBody = z.strictObject({
  text: z.string().optional(),
  blocks: objects.optional(),
  attachments: objects.optional(),
  markdown_text: z.string().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: bool.optional(),
  delete_original: bool.optional(),
  thread_ts: z.string().optional(),
  unfurl_links: bool.optional(),
  unfurl_media: bool.optional(),
  mrkdwn: bool.optional(),
  metadata: z.unknown().optional(),
});
/** What may stand in the body of a command's ack. */
export const commandReply = replyBody.omit({ replace_original: true, delete_original: true });

function refused(status: number, error: string, detail: object = {}): { status: number; body: object } {
  return { status, body: { ok: false, error, ...detail } };
}

export function makeResponseUrls(): ResponseUrls {
  return {
    make: (world, { channel, user, message, kind }) => {
      const id = randomBytes(12).toString('hex');
      const record: ResponseUrlRecord = {
        id,
        channel,
        user,
        ephemeral_original: message?.ephemeral_to !== undefined,
        can_delete: kind === 'actions' && message !== undefined,
        created_ms: world.clock.now().getTime(),
        uses: 0,
        ...(message === undefined ? {} : { message_ts: message.ts }),
        ...(message?.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
      };
      world.state.responseUrls.put(id, record);
      return `${world.origin()}/${kind}/${world.team.id}/${id}`;
    },
    answered: (world, url, message) => {
      const record = world.state.responseUrls.get(url.slice(url.lastIndexOf('/') + 1));
      if (record === undefined) return;
      record.message_ts = message.ts;
      record.ephemeral_original = message.ephemeral_to !== undefined;
      world.state.responseUrls.put(record.id, record);
    },
    use: async (world, id, body) => {
      const record = world.state.responseUrls.get(id);
      if (record === undefined) return refused(404, 'invalid_url');
      if (world.clock.now().getTime() - record.created_ms > responseUrlLifeMs) {
        world.state.responseUrls.delete(id);
        return refused(404, 'expired_url');
      }
      if (record.uses >= responseUrlUses) return refused(404, 'used_url');
      record.uses += 1;
      world.state.responseUrls.put(id, record);
      const reply = replyBody.safeParse(body);
      if (!reply.success)
        return refused(400, 'invalid_payload', { messages: reply.error.issues.map((i) => i.message) });
      try {
        await answer(world, record, reply.data);
      } catch (error) {
        if (error instanceof SlackRefusal) return refused(400, error.code, error.detail);
        throw error;
      }
      return { status: 200, body: { ok: true } };
    },
  };
}

async function answer(
  world: World,
  record: ResponseUrlRecord,
  reply: z.output<typeof replyBody>,
): Promise<void> {
  const original =
    record.message_ts === undefined ? undefined : world.messages.get(record.channel, record.message_ts);
  if (reply.delete_original === true) {
    if (!record.can_delete) throw new SlackRefusal('cant_delete_message');
    if (original === undefined) throw new SlackRefusal('message_not_found');
    await deleteMessage(world, original);
    return;
  }
  const content = checkContent(world, reply);
  if (reply.replace_original === true && original !== undefined) {
    const previous = structuredClone(original);
    Object.assign(original, content);
    if (original.ephemeral_to === undefined)
      original.edited = { user: world.app.bot_user_id, ts: world.messages.nextTs() };
    await changeMessage(world, original, previous);
    return;
  }
  const channel = world.state.channels.get(record.channel);
  if (channel === undefined) throw new SlackRefusal('channel_not_found');
  const threadTs = reply.thread_ts ?? record.thread_ts;
  const message = {
    channel,
    user: world.app.bot_user_id,
    ...content,
    bot: true,
    from_response_url: true,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  };
  const posted =
    reply.response_type === 'in_channel'
      ? (await postMessage(world, message)).message
      : storeMessage(world, { ...message, ephemeral_to: record.user });
  if (record.message_ts === undefined) {
    record.message_ts = posted.ts;
    record.ephemeral_original = posted.ephemeral_to !== undefined;
    world.state.responseUrls.put(record.id, record);
  }
}

/** Shows what the app put into the body of a command's ack: its reply, seen by the person alone unless `in_channel`. */
export async function showCommandReply(
  world: World,
  given: { channel: string; user: string; body: unknown },
): Promise<MessageRecord> {
  const reply = commandReply.safeParse(typeof given.body === 'string' ? { text: given.body } : given.body);
  if (!reply.success) throw new SlackRefusal('invalid_payload');
  const channel = world.state.channels.get(given.channel);
  if (channel === undefined) throw new SlackRefusal('channel_not_found');
  const message = { channel, user: world.app.bot_user_id, ...checkContent(world, reply.data), bot: true };
  if (reply.data.response_type === 'in_channel') return (await postMessage(world, message)).message;
  return storeMessage(world, { ...message, ephemeral_to: given.user });
}
