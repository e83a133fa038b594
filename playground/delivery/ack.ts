import type { JsonObject } from '../protocol.js';

/** Three kinds of delivery, named as Socket Mode names them. */
export type DeliveryKind = 'events_api' | 'slash_commands' | 'interactive';

/** Retry reasons of the Events API (docs.slack.dev/apis/events-api), and what the stand-in adds for the person acting. */
export type AckFailure =
  | 'http_timeout'
  | 'connection_failed'
  | 'http_error'
  | 'too_many_redirects'
  | 'unknown_error'
  | 'no_connection';

export type Ack =
  | { ok: true; ms: number; body: JsonObject | string | null }
  | { ok: false; ms: number; reason: AckFailure; noRetry: boolean; status?: number };

export interface Attempt {
  kind: DeliveryKind;
  payload: JsonObject;
  retry?: { num: number; reason: string };
  /** Fault that this attempt carries out. */
  fault?: string | undefined;
}

/** Carries one attempt to the app and answers within three seconds. */
export interface Transport {
  attempt(attempt: Attempt): Promise<Ack>;
  stop(): Promise<void>;
}

/** Slack gives up after three seconds. */
export const ackLimitMs = 3000;

/** The body of an ack: JSON object, plain text, or nothing. */
export function parseAckBody(text: string): JsonObject | string | null {
  if (text.trim() === '') return null;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    return text;
  }
  return text;
}
