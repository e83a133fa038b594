import type { WebClient } from '@slack/web-api';
import type { z } from 'zod';
import type { QueueName } from '../db/foundation-tables.js';
import type { Services } from '../services.js';

/** How an effect ended. */
export type EffectResult =
  | { done: true }
  /** Look again later: for work that is longer than a processor may take (10 s). Attempts start afresh. */
  | { again: Date }
  /** The other side asked for patience: the whole lane waits, other lanes go on. */
  | { waitUntil: Date; reason: string }
  /** Will never work: recorded, shown by `steward status`, never retried. */
  | { dead: string };

/** What effects have beyond the domain: the way out to Slack and to other systems. */
export interface EffectServices extends Services {
  /** Times out, never retries by itself, throws rate limits: the lane waits instead. */
  slack: WebClient;
  fetch: typeof globalThis.fetch;
}

export interface EffectContext {
  /** Idempotency key of this piece of work. */
  key: string;
  attempt: number;
  now: Date;
  signal: AbortSignal;
}

/**
 * Touches the world on behalf of one outbox row: posts, grants, runs, pages. At least once, so it must be idempotent by
 * its key; it re-reads the row it is about and does what that says now. Throwing means: try again with back-off.
 */
export interface Effect<Payload> {
  kind: string;
  queue: QueueName;
  payload: z.ZodType<Payload>;
  run: (services: EffectServices, payload: Payload, context: EffectContext) => Promise<EffectResult>;
}

/** An effect as the registry holds it: whatever the row carries is parsed before the processor sees it. */
export interface RegisteredEffect {
  kind: string;
  queue: QueueName;
  run: (services: EffectServices, payload: unknown, context: EffectContext) => Promise<EffectResult>;
}

/** Ties the payload's schema to its processor. */
export function defineEffect<Payload>(effect: Effect<Payload>): RegisteredEffect {
  return {
    kind: effect.kind,
    queue: effect.queue,
    run: async (services, payload, context) => effect.run(services, effect.payload.parse(payload), context),
  };
}
