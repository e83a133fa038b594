import { z } from 'zod';

/** What is not said in a channel: clock, faults, warehouse, story, counts, errors. One schema each, of which the type is made. */

export const storyStep = z.strictObject({
  step: z.string(),
  title: z.string(),
  description: z.string(),
  done: z.boolean(),
});
export type StoryStep = z.infer<typeof storyStep>;

export const clockReply = z.strictObject({
  /** ISO 8601, UTC: the playground's moved clock. */
  now: z.string(),
  offsetMs: z.number(),
});
export type ClockReply = z.infer<typeof clockReply>;

/** `GET /_play/info` */
export const infoReply = z.strictObject({
  team: z.strictObject({
    id: z.string(),
    name: z.string(),
    domain: z.string(),
  }),
  app: z.strictObject({
    id: z.string(),
    name: z.string(),
    bot_user_id: z.string(),
    bot_id: z.string(),
  }),
  /** For slash completion. */
  commands: z.array(
    z.strictObject({
      command: z.string(),
      description: z.string(),
      usage_hint: z.string(),
    }),
  ),
  shortcuts: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(['global', 'message']),
      callback_id: z.string(),
      description: z.string(),
    }),
  ),
  /** Manifest's `agent_view.suggested_prompts`. */
  prompts: z.array(
    z.strictObject({
      title: z.string(),
      message: z.string(),
    }),
  ),
  usergroups: z.array(
    z.strictObject({
      id: z.string(),
      handle: z.string(),
      name: z.string(),
      users: z.array(z.string()),
    }),
  ),
  transport: z.enum(['http', 'socket']),
  clock: clockReply,
  story: z.array(storyStep),
  /** What a newcomer may click first. */
  questions: z.array(
    z.strictObject({
      title: z.string(),
      as: z.string(),
      do: z.enum(['command', 'mention', 'message']),
      channel: z.string(),
      text: z.string(),
    }),
  ),
  /** Person acted as when the page opens. */
  start_as: z.string(),
});
export type InfoReply = z.infer<typeof infoReply>;

export const faultReply = z.strictObject({
  ok: z.boolean(),
  active: z.array(
    z.strictObject({
      target: z.string(),
      kind: z.string(),
      method: z.string().exactOptional(),
      left: z.number(),
    }),
  ),
  error: z.string().exactOptional(),
});
export type FaultReply = z.infer<typeof faultReply>;

export const warehouseReply = z.strictObject({
  ok: z.boolean(),
  columns: z.array(z.string()).exactOptional(),
  rows: z.array(z.array(z.unknown())).exactOptional(),
  rowCount: z.number().exactOptional(),
  ms: z.number().exactOptional(),
  /** The server's own words, e.g. `permission denied for table payouts`. */
  error: z.string().exactOptional(),
});
export type WarehouseReply = z.infer<typeof warehouseReply>;

export const storyReply = z.strictObject({
  ok: z.boolean(),
  steps: z.array(storyStep),
  /** What the step did, one sentence. */
  text: z.string().exactOptional(),
  error: z.string().exactOptional(),
});
export type StoryReply = z.infer<typeof storyReply>;

/** `GET /_play/stats`: deliveries and calls so far, refusals by error word, ack times: for tests from outside. */
export const statsReply = z.strictObject({
  deliveries: z.strictObject({
    total: z.number(),
    failed: z.number(),
    retried: z.number(),
    p50Ms: z.number(),
    p99Ms: z.number(),
  }),
  calls: z.strictObject({
    total: z.number(),
    byMethod: z.record(z.string(), z.number()),
    refused: z.record(z.string(), z.number()),
  }),
});
export type StatsReply = z.infer<typeof statsReply>;

/** Every refusal of the control API itself. */
export const playError = z.strictObject({
  ok: z.literal(false),
  error: z.string(),
  /** The same word for the same refusal. */
  code: z.string().exactOptional(),
  ackMs: z.number().exactOptional(),
});
export type PlayError = z.infer<typeof playError>;
