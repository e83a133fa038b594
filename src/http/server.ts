import http from 'node:http';
import type { Logger } from 'pino';
import { StartRefusedError } from '../errors.js';
import { openPath } from '../links/what-link.js';
import type { ConfirmRoutes } from './confirm/routes.js';
import { readBody } from './read-body.js';

export interface HttpRequest {
  headers: http.IncomingHttpHeaders;
  rawBody: Buffer;
  remoteAddress: string;
}

export interface HttpResponse {
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

export interface HttpServerParams {
  port: number;
  host: string;
  /** POST /slack/events; absent in Socket Mode. */
  slackEvents?: (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>;
  /** POST /webhooks/<source>/<id>. */
  webhook: (source: string, id: string, request: HttpRequest) => Promise<HttpResponse>;
  /** Whether the process can do its work; outsiders learn only up or down. */
  ready: () => Promise<boolean>;
  /** GET /status.json: open incidents, where steward.yml switches it on; null: there is no such page. */
  statusFeed: () => Promise<HttpResponse | null>;
  /** GET /open/<anything>: the way into Slack, the same for every address. */
  open: () => HttpResponse;
  metrics: (request: { authorization: string | undefined }) => Promise<HttpResponse>;
  /** `/confirm/…`: the page of a second confirmation; null: there is none. */
  confirm: ConfirmRoutes;
}

export interface HttpServer {
  port: number;
  stop: () => Promise<void>;
}

/** Requests signed further in the future than this many seconds are refused; Bolt itself only refuses old ones. */
const futureToleranceSeconds = 300;
const webhookLimitBytes = 10 * 1_048_576;

/** The one door: Slack, alerts, health and metrics. Listens on loopback unless told otherwise. */
export async function startHttpServer(log: Logger, params: HttpServerParams): Promise<HttpServer> {
  const server = http.createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'an HTTP request failed');
      send(response, { status: 500 });
    });
  });
  server.requestTimeout = 30_000;
  server.headersTimeout = 15_000;

  async function handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    // Not against a base: `//healthz` would be an address of its own, and `//` none at all.
    const asked = request.url ?? '/';
    const address = asked.startsWith('/') ? `http://localhost${asked}` : asked;
    if (!URL.canParse(address)) return send(response, { status: 404 });
    const url = new URL(address);
    // What only asks whether something is there (HEAD, as some load balancers do) is answered alike; Node leaves the body out.
    const route = `${request.method === 'HEAD' ? 'GET' : request.method} ${url.pathname}`;
    if (route === 'POST /slack/events') {
      if (!params.slackEvents) return send(response, { status: 404 });
      if (isFromTheFuture(request.headers['x-slack-request-timestamp']))
        return send(response, { status: 401 });
      normaliseContentType(request);
      return params.slackEvents(request, response);
    }
    if (route === 'GET /healthz') return send(response, { status: 200, body: 'ok' });
    if (route === 'GET /readyz')
      return send(
        response,
        (await params.ready()) ? { status: 200, body: 'up' } : { status: 503, body: 'down' },
      );
    if (route === 'GET /status.json') return send(response, (await params.statusFeed()) ?? { status: 404 });
    if (request.method === 'GET' && url.pathname.startsWith(openPath)) return send(response, params.open());
    if (route === 'GET /metrics')
      return send(response, await params.metrics({ authorization: request.headers.authorization }));
    if (/^\/confirm\/[^/]+$/.test(url.pathname) && ['GET', 'POST'].includes(request.method ?? '')) {
      // Nothing is read from a form's body: the address says it all.
      request.resume();
      const { cookie, origin } = request.headers;
      const answer = await params.confirm({ method: request.method ?? '', url, cookie, origin });
      return send(response, answer ?? { status: 404 });
    }
    const webhook = /^\/webhooks\/([a-z0-9-]+)\/([a-z0-9-]+)$/.exec(url.pathname);
    if (request.method === 'POST' && webhook?.[1] && webhook[2]) {
      const rawBody = await readBody(request, webhookLimitBytes);
      if (rawBody === null) return send(response, { status: 413, body: 'too large' });
      return send(
        response,
        await params.webhook(webhook[1], webhook[2], {
          headers: request.headers,
          rawBody,
          remoteAddress: request.socket.remoteAddress ?? '',
        }),
      );
    }
    send(response, { status: 404 });
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(whyNotListening(error, params)));
    server.listen(params.port, params.host, resolve);
  });
  const address = server.address();
  return {
    port: address && typeof address === 'object' ? address.port : params.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 3_000).unref();
      }),
  };
}

/** The sentence names the variable: what the system says names none. */
function whyNotListening(error: NodeJS.ErrnoException, { port, host }: HttpServerParams): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartRefusedError(
        `PORT: ${port} is in use on ${host}. Stop what listens there, or set another.`,
      );
    case 'EACCES':
      return new StartRefusedError(`PORT: this user may not listen on ${port}. Set one from 1024.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartRefusedError(
        `HOST: ${host} is no address of this machine. Set 127.0.0.1, 0.0.0.0 or one that it has.`,
      );
    default:
      return error;
  }
}

function send(response: http.ServerResponse, answer: HttpResponse): void {
  if (response.headersSent) return;
  response.writeHead(answer.status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    ...answer.headers,
  });
  response.end(answer.body ?? '');
}

function isFromTheFuture(header: string | string[] | undefined): boolean {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > Date.now() / 1000 + futureToleranceSeconds;
}

/** Bolt compares the content type as a whole: a charset behind it, which HTTP allows, would be answered with 400. */
function normaliseContentType(request: http.IncomingMessage): void {
  const type = request.headers['content-type'];
  if (type) request.headers['content-type'] = type.split(';')[0]?.trim().toLowerCase() ?? type;
}
