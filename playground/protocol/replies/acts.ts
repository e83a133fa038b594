import { z } from 'zod';
import { jsonObject } from './json-object.js';
import { playMessage } from './messages.js';
import { playView } from './views.js';

/** What an act brought about. One schema each, of which the type is made. */

/** `ok: false` carries a sentence in `error`: what Slack's client would have refused or shown (time-out, no such button). */
export const actReply = z.strictObject({
  ok: z.boolean(),
  /** Milliseconds until the app acked; 0 when nothing had to be delivered. */
  ackMs: z.number(),
  /** What the app answered inside the ack, as it is shown. */
  reply: playMessage.exactOptional(),
  /** What the person themself posted. */
  posted: z
    .strictObject({
      channel: z.string(),
      ts: z.string(),
    })
    .exactOptional(),
  /** Top of the modal stack when the act ends (Home view for `home`). */
  view: playView.exactOptional(),
  /** Per block_id, for a refused submission. */
  errors: z.record(z.string(), z.string()).exactOptional(),
  error: z.string().exactOptional(),
  /** Slack's or the stand-in's word for it: `timeout`, `not_in_channel`, `no_such_action`, ... */
  code: z.string().exactOptional(),
});
export type ActReply = z.infer<typeof actReply>;

export const playOption = z.strictObject({
  text: jsonObject,
  value: z.string(),
  description: jsonObject.exactOptional(),
});
export type PlayOption = z.infer<typeof playOption>;

export const optionsReply = z.strictObject({
  ok: z.boolean(),
  options: z.array(playOption),
  option_groups: z.array(
    z.strictObject({
      label: jsonObject,
      options: z.array(playOption),
    }),
  ),
  ackMs: z.number(),
  error: z.string().exactOptional(),
});
export type OptionsReply = z.infer<typeof optionsReply>;
