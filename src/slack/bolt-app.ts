import { App, HTTPReceiver, type Receiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { ackOfFailure } from './ack-of-failure.js';
import { boltLogger } from './bolt-logger.js';
import { parseDelivery } from './delivery.js';
import type { Edge } from './edge/edge-types.js';
import { slackBodyLimitBytes } from './slack-listener.js';

/** What Bolt's extended error handler is given (Bolt does not export the name). */
type ExtendedErrorArgs = Parameters<Parameters<App['error']>[0]>[0];

export interface BotIdentity {
  botToken: string;
  botUserId: string;
  botId: string;
  teamId: string;
}

export function makeHttpReceiver(params: { signingSecret: string; log: Logger }): HTTPReceiver {
  return new HTTPReceiver({
    signingSecret: params.signingSecret,
    endpoints: '/slack/events',
    bodyLimit: slackBodyLimitBytes,
    logger: boltLogger(params.log),
  });
}

/** A receiver that receives nothing: for workers, where Bolt only finishes deliveries that were stored. */
export function makeSilentReceiver(): Receiver {
  return { init: () => undefined, start: async () => undefined, stop: async () => undefined };
}

/**
 * Bolt between the receiver and our edge: it verifies, authorises and ignores what we ourselves posted. Every family of deliveries goes
 * to the edge, whose registries say who handles it.
 */
export function makeBoltApp(params: {
  receiver: Receiver;
  identity: BotIdentity;
  edge: Edge;
  apiUrl: string | undefined;
  log: Logger;
  now: () => Date;
}): App {
  const { identity, edge, log } = params;
  const app = new App({
    receiver: params.receiver,
    authorize: async () => ({ ...identity }),
    convoStore: false,
    ignoreSelf: true,
    extendedErrorHandler: true,
    logger: boltLogger(log),
    clientOptions: {
      ...(params.apiUrl ? { slackApiUrl: params.apiUrl } : {}),
      timeout: 10_000,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    },
  });
  const perform = async (args: {
    body: unknown;
    context: Record<string, unknown>;
    ack?: unknown;
  }): Promise<void> => {
    const body = parseDelivery(args.body);
    if (!body) return;
    let acked = false;
    const ack = async (response?: unknown): Promise<void> => {
      acked = true;
      if (typeof args.ack === 'function') await args.ack(response);
    };
    try {
      await edge.perform({
        body,
        key: String(args.context.deliveryKey),
        now: args.context.receivedAt instanceof Date ? args.context.receivedAt : params.now(),
        ack,
      });
    } catch (error) {
      const said = acked || args.context.redriven === true ? null : ackOfFailure(body, error);
      if (said === null) throw error;
      log.error({ err: error }, 'a read failed; its person was told');
      await ack(said);
    }
  };
  app.command(/.+/, perform);
  app.action(/.+/, perform);
  app.view(/.*/, perform);
  app.shortcut(/.+/, perform);
  app.options(/.+/, perform);
  app.event(/.+/, perform);
  app.error(async ({ error, context }: ExtendedErrorArgs) => {
    // A stored delivery is tried again by its queue; a read has nobody to try it again but the person.
    if (context.redriven === true) throw error;
    log.error({ err: error }, 'a read failed');
  });
  return app;
}
