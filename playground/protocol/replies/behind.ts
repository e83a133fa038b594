import { z } from 'zod';
import { jsonObject } from './json-object.js';

/** What happened behind a message. One schema each, of which the type is made. */

/** One line of *Behind this*. `call` and `delivery` come from the stand-in, the others from Steward. */
export const behindEntry = z.strictObject({
  /** Unique; grows within one kind. */
  id: z.string(),
  /** ISO 8601 on the playground's clock. */
  at: z.string(),
  kind: z.enum(['call', 'delivery', 'audit', 'job', 'sql', 'probe', 'note']),
  title: z.string(),
  ok: z.boolean(),
  ms: z.number().exactOptional(),
  /** Request, reply, row, statement: shown as JSON or text. Tokens are left out. */
  detail: jsonObject,
});
export type BehindEntry = z.infer<typeof behindEntry>;

/** `GET /_play/behind?after=<id>&kind=&limit=`: oldest first, the newest `limit` (100, at most 500). */
export const behindReply = z.strictObject({
  entries: z.array(behindEntry),
});
export type BehindReply = z.infer<typeof behindReply>;
