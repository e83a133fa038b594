import type { z } from 'zod';
import type { Ack } from '../delivery/ack.js';
import type { ActReply, actRequest } from '../protocol.js';
import type { ChannelRecord, PersonRecord } from '../state/records.js';
import type { World } from '../world.js';
import { ackFailureText } from './ack-text.js';
import { visibleMessage } from './find.js';
import { PlayProblem } from './problem.js';

/** What every kind of act shares. */

export type Act = z.output<typeof actRequest>;

/** Several deliveries of one act: acked when all are. */
export function ofAcks(acks: Ack[], rest: Partial<ActReply> = {}): ActReply {
  const ackMs = Math.max(0, ...acks.map((ack) => ack.ms));
  const failed = acks.find((ack) => !ack.ok);
  if (failed === undefined || failed.ok) return { ok: true, ackMs, ...rest };
  return {
    ok: false,
    ackMs,
    ...rest,
    code: failed.reason,
    error: `${ackFailureText(failed)} It is sent again after one and five minutes.`,
  };
}

/** The head of the thread that is acted in, of which any message may be named. */
export function threadOf(
  world: World,
  person: PersonRecord,
  channel: ChannelRecord,
  ts: string | undefined,
): string | undefined {
  if (ts === undefined) return undefined;
  const head = visibleMessage(world, person, channel, ts);
  if (head.ephemeral_to !== undefined)
    throw new PlayProblem(409, 'cannot_reply', 'A message that only one person sees has no thread.');
  return head.thread_ts ?? head.ts;
}
