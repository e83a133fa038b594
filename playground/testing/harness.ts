import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { PlaygroundOptions } from '../options.js';
import type { ActReply, ActRequest, ChannelsReply, MessagesReply, ViewsReply } from '../protocol.js';
import { type Playground, startPlayground } from '../server.js';
import { checkedReply } from './checked-reply.js';
import { testOptions } from './company.js';

/** A playground with a Bolt app connected to it, the way the product is. */
export interface Harness {
  playground: Playground;
  app: App;
  /** The Web API with the bot's token; failures surface at once. */
  client: WebClient;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
  act(request: ActRequest): Promise<ActReply>;
  messages(query: string): Promise<MessagesReply['messages']>;
  views(person: string): Promise<ViewsReply['views']>;
  channelId(name: string): Promise<string>;
  stop(): Promise<void>;
}

export const signingSecret = 'a-secret-of-the-tests';

export function clientFor(playground: Playground, token: string = playground.botToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: playground.apiUrl,
    logLevel: LogLevel.ERROR,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
  });
}

/** Bolt asks for a free port first, the playground then delivers there. */
export async function startHarness(
  listen: (app: App) => void = () => undefined,
  change: Partial<PlaygroundOptions> = {},
  transport: 'http' | 'socket' = 'http',
): Promise<Harness> {
  const boltPort = await freePort();
  const playground = await startPlayground(
    testOptions({
      delivery:
        transport === 'http'
          ? { mode: 'http', url: `http://127.0.0.1:${boltPort}/slack/events`, signingSecret }
          : { mode: 'socket' },
      ...change,
    }),
  );
  const app = new App({
    token: playground.botToken,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: playground.apiUrl },
    receiver:
      transport === 'http'
        ? new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR })
        : new SocketModeReceiver({
            appToken: playground.appToken,
            installerOptions: { clientOptions: { slackApiUrl: playground.apiUrl } },
            logLevel: LogLevel.ERROR,
          }),
  });
  listen(app);
  if (transport === 'http') await app.start({ port: boltPort, host: '127.0.0.1' });
  else await app.start();

  const origin = playground.apiUrl.replace(/\/api\/$/, '');
  async function call<T>(path: string, init: RequestInit): Promise<T> {
    const response = await fetch(`${origin}/_play/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${playground.token}`, 'content-type': 'application/json' },
    });
    // Tests name the shape they expect; the assertions on it are the check.
    const method = init.method === 'POST' ? 'POST' : 'GET';
    return checkedReply(method, path, response.status, await response.json()) as T;
  }
  const harness: Harness = {
    playground,
    app,
    client: clientFor(playground),
    get: (path) => call(path, { method: 'GET' }),
    post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }),
    act: (request) => harness.post('act', request),
    messages: async (query) => (await harness.get<MessagesReply>(`messages?${query}`)).messages,
    views: async (person) => (await harness.get<ViewsReply>(`views?person=${person}`)).views,
    channelId: async (name) => {
      const { channels } = await harness.get<ChannelsReply>('channels');
      return channels.find((c) => c.name === name)?.id ?? '';
    },
    stop: async () => {
      await app.stop();
      await playground.stop();
    },
  };
  return harness;
}

export async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
