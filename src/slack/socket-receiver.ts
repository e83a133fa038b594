import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import type { Logger } from 'pino';
import { boltLogger } from './bolt-logger.js';

/**
 * Socket Mode for Bolt. Bolt's own receiver has no way to set the Web API's address for `apps.connections.open`, which SLACK_API_URL
 * needs; this one is the same few lines with it.
 */
export async function makeSocketReceiver(params: {
  appToken: string;
  apiUrl: string | undefined;
  log: Logger;
}): Promise<Receiver & { connected: () => boolean }> {
  // With undici behind it, a quarter of a start: not for who is reached by HTTP.
  const { SocketModeClient } = await import('@slack/socket-mode');
  const client = new SocketModeClient({
    appToken: params.appToken,
    logger: boltLogger(params.log),
    clientOptions: {
      ...(params.apiUrl
        ? { slackApiUrl: params.apiUrl.endsWith('/') ? params.apiUrl : `${params.apiUrl}/` }
        : {}),
    },
  });
  let app: App | undefined;
  let connected = false;
  client.on('connected', () => {
    connected = true;
  });
  client.on('disconnected', () => {
    connected = false;
  });
  client.on(
    'slack_event',
    async (envelope: {
      ack: (payload?: object) => Promise<void>;
      body: ReceiverEvent['body'];
      retry_num?: number;
      retry_reason?: string;
    }) => {
      try {
        await app?.processEvent({
          body: envelope.body,
          ack: async (response) => {
            await envelope.ack(typeof response === 'string' ? { text: response } : (response ?? {}));
          },
          ...(envelope.retry_num === undefined ? {} : { retryNum: envelope.retry_num }),
          ...(envelope.retry_reason === undefined ? {} : { retryReason: envelope.retry_reason }),
        });
      } catch (error) {
        // No ack was sent: Slack delivers it again.
        params.log.error({ err: error }, 'a Socket Mode delivery could not be taken in');
      }
    },
  );
  return {
    init: (bolt) => {
      app = bolt;
    },
    start: () => client.start(),
    stop: async () => {
      await client.disconnect();
    },
    connected: () => connected,
  };
}
