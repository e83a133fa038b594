import { takeLiveUpdate } from '../jobs/live-updates.js';
import { cards } from '../slack/cards/registry.js';
import { contentHash } from '../slack/content-hash.js';
import { spokenText } from '../slack/mrkdwn.js';
import { platformError } from '../slack/slack-errors.js';
import { defineEffect } from './effect.js';
import {
  gone,
  handleSlackError,
  loadMessage,
  messagePayload,
  renderMessage,
  uploadImage,
} from './slack-send.js';

/** Kinds with moving bars share 30 updates a minute; what people wait for (incidents, decisions) is not counted. */
const liveKinds = cards.filter((card) => card.live).map((card) => card.kind);
/** Brings a posted message up to date with the newest state; older pending updates of it have nothing left to do. */
export const slackUpdate = defineEffect({
  kind: 'slack.update',
  queue: 'slack',
  payload: messagePayload,
  async run(services, { messageId }, { now }) {
    const row = await loadMessage(services, messageId);
    if (!row || row.state === 'gone') return { done: true };
    // Not posted yet: sending renders the newest state anyway. (An ephemeral reply has no ts and is never updated.)
    if (row.ts === null || row.channel_id === null) return { done: true };
    const card = await renderMessage(services, row, now);
    if (!card) return { done: true };
    const hash = contentHash(card);
    if (hash === row.content_hash) return { done: true };
    if (liveKinds.includes(row.card_kind)) {
      const later = await takeLiveUpdate(services.db, now);
      if (later !== null) return { again: later };
    }
    try {
      await services.slack.chat.update({
        channel: row.channel_id,
        ts: row.ts,
        text: spokenText(card.text),
        blocks: card.blocks,
      });
    } catch (error) {
      const code = platformError(error);
      if (code === 'message_not_found' || code === 'cant_update_message' || code === 'edit_window_closed')
        return gone(services, messageId, code, now);
      return handleSlackError(services, messageId, error, now);
    }
    await services.db
      .updateTable('slack_message')
      .set({ content_hash: hash, updated_at: now })
      .where('id', '=', messageId)
      .execute();
    if (card.image)
      await uploadImage(services, {
        messageId,
        channel: row.channel_id,
        thread: row.ts,
        image: card.image,
        now,
      });
    return { done: true };
  },
});
