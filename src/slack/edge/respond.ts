import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { OwnWords } from '../own-words.js';

export interface Responder {
  /** Sends a reply to a `response_url`. Waits for it a moment and never throws: what it tells of is done. */
  respond: (responseUrl: string | undefined, payload: Record<string, unknown>) => Promise<void>;
  /** When nothing is on its way any more. */
  settled: () => Promise<void>;
}

const tryMs = 5_000;
const waitsMs = [500, 2_000, null];

/**
 * Replies by `response_url`, at most once after each broken connection. Slack usually answers at once and the reply is then awaited, so that
 * several stay in order; one that takes longer than `patienceMs` goes on by itself and holds up neither a worker nor a press.
 */
export function makeResponder(
  context: { fetch: typeof globalThis.fetch; log: Logger; ownWords: OwnWords },
  patienceMs = 1_000,
): Responder {
  const { log, ownWords } = context;
  const underWay = new Set<Promise<void>>();

  async function deliver(responseUrl: string, body: string): Promise<void> {
    for (const waitMs of waitsMs) {
      try {
        const answer = await context.fetch(responseUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body,
          signal: AbortSignal.timeout(tryMs),
        });
        if (!answer.ok) log.warn({ status: answer.status }, 'a response_url did not take the reply');
        return;
      } catch (error) {
        log.warn({ err: error }, 'a response_url could not be reached');
        if (waitMs !== null) await sleep(waitMs);
      }
    }
  }

  return {
    async respond(responseUrl, payload) {
      if (!responseUrl) return;
      const delivery = deliver(responseUrl, JSON.stringify(ownWords(payload)));
      underWay.add(delivery);
      void delivery.finally(() => underWay.delete(delivery));
      const patience = new AbortController();
      await Promise.race([
        delivery,
        sleep(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined),
      ]);
      patience.abort();
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
