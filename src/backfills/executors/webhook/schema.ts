import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { commonKeys } from '../common-config.js';

/** `executors: [{name, type: webhook, url, secret}]`: for whatever has no connector. The protocol is in docs/executors.md. */
export const webhookExecutor = z.strictObject({
  ...commonKeys,
  type: z.literal('webhook'),
  url: z.url(),
  secret: secretRef,
  chunkSize: z.number().int().positive().default(1),
});
export type WebhookConfig = z.infer<typeof webhookExecutor>;

const rows = z.array(
  z.strictObject({ key: z.string(), before: z.number().int().optional(), after: z.number().int() }),
);
export const standing = z.looseObject({
  id: z.string(),
  state: z.enum(['unknown', 'queued', 'running', 'cancelling', 'succeeded', 'failed', 'cancelled']),
  error: z.string().optional(),
  url: z.url().optional(),
  // They only decorate the end: a run is over although its rows were counted in another shape.
  rows: rows.optional().catch(undefined),
});
export type WebhookStanding = z.infer<typeof standing>;
export const facts = z.looseObject({
  fingerprint: z.string().optional(),
  dependsOnPast: z.boolean().optional(),
  partitions: z
    .record(
      z.string(),
      z.strictObject({
        state: z.enum(['missing', 'failed', 'present', 'running', 'unknown']),
        rows: z.number().int().nonnegative().optional(),
        bytes: z.number().int().nonnegative().optional(),
      }),
    )
    .default({}),
  words: z.string().optional(),
});
