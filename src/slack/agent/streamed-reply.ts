import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Db } from '../../db/database.js';
import { context as contextBlock } from '../blocks.js';
import { spokenText } from '../mrkdwn.js';
import { platformError } from '../slack-errors.js';
import type { Progress, Reply } from '../surface.js';
import { escapeMarkdown, inPieces } from './markdown.js';
import type { SessionPlace, Sessions } from './sessions.js';

export interface StreamedReply {
  progress: Progress;
  /**
   * Ends the stream with the answer. False when there is none, because nothing took long or Slack refused it (the method's tier, an older workspace): then
   * the answer is to be posted as one message. Never throws.
   */
  finish: (reply: Reply) => Promise<boolean>;
}

export interface StreamContext {
  slack: WebClient;
  db: Db;
  log: Logger;
  sessions: Sessions;
}

const stoppedWords = 'You stopped this answer. Ask again to have all of it.';

/**
 * An answer in the agent view that is told bit by bit: what is being done while it takes a moment, then the words, then the card's buttons. It
 * begins with the first step that takes long. A delivery that is worked again after a crash goes on in the message it had begun.
 */
export function makeStreamedReply(
  context: StreamContext,
  place: SessionPlace & { deliveryKey: string; now: Date },
): StreamedReply {
  const { slack, db, log, sessions } = context;
  const { channelId: channel, threadTs } = place;
  const session = sessions.open(place);
  let ts: string | null = null;
  let refused = false;
  let steps = 0;

  /** Takes the delivery's one stream; the message it already has when an earlier attempt began one. */
  async function claim(): Promise<'mine' | 'unknown' | string> {
    const row = await db
      .insertInto('reply_stream')
      .values({ delivery_key: place.deliveryKey, channel_id: channel, created_at: place.now })
      .onConflict((conflict) => conflict.column('delivery_key').doNothing())
      .returning('delivery_key')
      .executeTakeFirst();
    if (row) return 'mine';
    const known = await db
      .selectFrom('reply_stream')
      .select('ts')
      .where('delivery_key', '=', place.deliveryKey)
      .executeTakeFirst();
    // Begun by an attempt that did not hear Slack's answer: where it is nobody knows.
    return known?.ts ?? 'unknown';
  }

  async function begin(title: string): Promise<void> {
    const claimed = await claim();
    if (claimed === 'unknown') refused = true;
    else if (claimed !== 'mine') ts = claimed;
    if (claimed !== 'mine') return;
    // The loader and its stop button are decoration: an answer does not fail with them.
    await slack.agents.sessions
      .setStatus({ channel_id: channel, thread_ts: threadTs, status: 'processing' })
      .catch((error: unknown) => log.debug({ err: error }, 'no status in the agent view'));
    const started = await slack.chat.startStream({
      channel,
      thread_ts: threadTs,
      task_display_mode: 'timeline',
      chunks: [task(title, 'in_progress')],
    });
    ts = started.ts ?? null;
    await db.updateTable('reply_stream').set({ ts }).where('delivery_key', '=', place.deliveryKey).execute();
  }

  const task = (title: string, status: 'in_progress' | 'complete') =>
    ({ type: 'task_update', id: `step-${steps}`, title, status }) as const;

  let current = '';
  async function step(title: string): Promise<void> {
    if (refused || session.stop.aborted) return;
    try {
      if (ts === null) await begin(title);
      else {
        const before = task(current, 'complete');
        steps += 1;
        await slack.chat.appendStream({ channel, ts, chunks: [before, task(title, 'in_progress')] });
      }
      current = title;
    } catch (error) {
      if (platformError(error) === 'stopped_by_user') sessions.stop(place);
      else {
        log.info({ err: error }, 'the agent view takes no stream now; the answer is posted as one message');
        if (ts === null) refused = true;
      }
    }
  }

  /** The words, a piece at a time. False when the person stopped them. */
  async function tell(stream: string, words: string): Promise<boolean> {
    for (const piece of inPieces(words)) {
      if (session.stop.aborted) return false;
      try {
        await slack.chat.appendStream({ channel, ts: stream, markdown_text: piece });
      } catch (error) {
        if (platformError(error) === 'stopped_by_user') return false;
        throw error;
      }
    }
    return true;
  }

  async function end(stream: string, ending: { blocks: KnownBlock[]; title: string }): Promise<void> {
    await slack.chat.stopStream({
      channel,
      ts: stream,
      ...(ending.title === '' ? {} : { chunks: [task(ending.title, 'complete')] }),
      blocks: ending.blocks,
      metadata: { event_type: 'steward_message', event_payload: { key: `reply:${place.deliveryKey}` } },
      session_status: 'active',
    });
  }

  async function finish(reply: Reply): Promise<boolean> {
    try {
      if (ts === null) return false;
      const blocks = reply.streamBlocks ?? reply.blocks ?? [];
      try {
        const told = !session.stop.aborted && (await tell(ts, escapeMarkdown(spokenText(reply.text))));
        await end(
          ts,
          told
            ? { blocks: blocks.slice(0, 50), title: current }
            : { blocks: [contextBlock(stoppedWords)], title: '' },
        );
      } catch (error) {
        // Slack ends a stream by itself after some minutes: the message is there, and gets the whole answer.
        log.info({ err: error }, 'a stream could not be ended; its message is updated');
        await slack.chat.update({
          channel,
          ts,
          text: spokenText(reply.text).slice(0, 4_000),
          blocks: (reply.blocks ?? []).slice(0, 50),
        });
      }
      return true;
    } catch (error) {
      log.warn({ err: error }, 'a streamed answer could not be finished; it is posted as one message');
      return false;
    } finally {
      session.done();
    }
  }

  return { progress: { step, stop: session.stop }, finish };
}
