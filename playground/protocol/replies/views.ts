import { z } from 'zod';
import { jsonObject } from './json-object.js';

/** Modals and App Home. One schema each, of which the type is made. */

export const playView = z.strictObject({
  id: z.string(),
  type: z.enum(['modal', 'home']),
  callback_id: z.string(),
  external_id: z.string(),
  hash: z.string(),
  title: jsonObject.exactOptional(),
  submit: jsonObject.exactOptional(),
  close: jsonObject.exactOptional(),
  blocks: z.array(jsonObject),
  private_metadata: z.string(),
  state: z.strictObject({
    values: jsonObject,
  }),
  root_view_id: z.string(),
  previous_view_id: z.string().nullable(),
  notify_on_close: z.boolean(),
  clear_on_close: z.boolean(),
  /** By block_id, from the last refused submission; cleared by the next. */
  errors: z.record(z.string(), z.string()).exactOptional(),
});
export type PlayView = z.infer<typeof playView>;

/** `GET /_play/views?person=`: the modal stack, top last. One stack per person: two browsers see the same. */
export const viewsReply = z.strictObject({
  views: z.array(playView),
});
export type ViewsReply = z.infer<typeof viewsReply>;

/** `GET /_play/home?person=`: what was last published for that person, `null` before the first `home`. */
export const homeReply = z.strictObject({
  view: playView.nullable(),
});
export type HomeReply = z.infer<typeof homeReply>;
