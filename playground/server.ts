import { randomBytes, timingSafeEqual } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Api, makeApi } from './api/call.js';
import { awaitScheduled } from './api/chat-later.js';
import { receiveUpload } from './api/files.js';
import { makeRateLimits } from './api/rate-limits.js';
import { makeRegistry } from './api/registry.js';
import { makePlayClock, makeTimers } from './clock.js';
import { makeDelivery } from './delivery/delivery.js';
import { makeHttpTransport } from './delivery/http-transport.js';
import { makeResponseUrls } from './delivery/response-url.js';
import { makeSocketTransport } from './delivery/socket-transport.js';
import { makeTriggers } from './delivery/triggers.js';
import { findPerson } from './directory.js';
import { makeFaults } from './faults.js';
import { BodyTooLarge, isOwnHost, isOwnOrigin, readBody, sendJson, sendPage, sendText } from './http.js';
import { makeBehindLog, makeLiveBus } from './live.js';
import { makeMessageStore } from './messages.js';
import type { PlaygroundOptions, PlayLog } from './options.js';
import { PlayProblem } from './play/problem.js';
import { playRoutes } from './play/routes.js';
import { seedApp, seedCompany, seedTeam } from './seed.js';
import { seedHistory } from './seed-history.js';
import { openState } from './state/state.js';
import { makeMemoryStorage } from './state/storage.js';
import type { World } from './world.js';

/** A running playground. */
export interface Playground {
  /** The page's address with its token: what is printed. */
  url: string;
  /** For `SLACK_API_URL`. */
  apiUrl: string;
  port: number;
  token: string;
  botToken: string;
  appToken: string;
  botUserId: string;
  teamId: string;
  /** The parts inside, for tests that look deeper than the control API. */
  world: World;
  /** Stores what is left and closes every connection. */
  stop(): Promise<void>;
}

const silent: PlayLog = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const bodyBytesMax = 15_000_000;
const loopbackHosts = ['127.0.0.1', '::1', 'localhost'];

/** The playground was asked to listen where others could reach it. */
export class NotLoopback extends Error {
  readonly code = 'not_loopback';
}

/** Starts the stand-in for Slack. Rejects when the port is taken (`EADDRINUSE`) or the host is not loopback. */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { host = '127.0.0.1', log = silent, manifest } = options;
  if (!loopbackHosts.includes(host))
    throw new NotLoopback(`The playground listens on loopback only, not on ${host}.`);
  const state = await openState(options.storage ?? makeMemoryStorage(), log);
  const clock = options.clock ?? makePlayClock(Number(state.meta.get('clockOffsetMs') ?? 0));
  const timers = makeTimers(clock);
  const live = makeLiveBus();
  const behind = makeBehindLog(() => clock.now(), live);
  const faults = makeFaults();
  const team = seedTeam(options);
  const app = seedApp(options, state);
  seedCompany(options, state, team, app, clock.now());
  const scopes = new Set(manifest.oauth_config.scopes.bot);
  if (options.grantOptionalScopes !== false)
    for (const scope of manifest.oauth_config.scopes.bot_optional) scopes.add(scope);
  const sockets = options.delivery.mode === 'socket' ? makeSocketTransport(app) : null;
  const transport =
    sockets ??
    makeHttpTransport(options.delivery.mode === 'http' ? options.delivery : { url: '', signingSecret: '' });
  const delivery = makeDelivery({
    transport,
    state,
    clock,
    timers,
    faults,
    behind,
    manifest,
    scopes,
    team,
    app,
    log,
  });
  let origin = '';
  const world: World = {
    state,
    messages: makeMessageStore(state, clock),
    clock,
    timers,
    live,
    behind,
    faults,
    triggers: makeTriggers(),
    responseUrls: makeResponseUrls(),
    delivery,
    manifest,
    scopes,
    team,
    app,
    hooks: options.hooks ?? {},
    log,
    origin: () => origin,
  };
  seedHistory(world, options.history ?? []);
  const token = options.token ?? state.meta.get('token') ?? randomBytes(18).toString('base64url');
  state.meta.put('token', token);
  const api = makeApi(world, makeRegistry(sockets), makeRateLimits(clock));
  const routes = playRoutes(world, api, options.delivery.mode);

  let port = options.port ?? 0;
  const server = http.createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (error instanceof BodyTooLarge)
        sendJson(response, 413, { ok: false, error: 'The body is too large.' });
      else {
        log.warn(
          { error: error instanceof Error ? error.stack : String(error) },
          'the playground failed to answer',
        );
        if (!response.headersSent) sendJson(response, 500, { ok: false, error: 'internal_error' });
      }
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!isOwnHost(request.headers.host, port))
      return sendText(response, 403, 'Wrong Host: the playground answers on loopback only.\n');
    if (!isOwnOrigin(request.headers.origin, port))
      return sendText(response, 403, 'Wrong Origin: only its own page may call the playground.\n');
    const [, first = '', second = '', third = ''] = url.pathname.split('/');
    if (first === '_play') return control(request, response, url, second);
    if (first === 'api' && request.method === 'POST') return webApi(api, request, response, second);
    if ((first === 'commands' || first === 'actions') && request.method === 'POST') {
      const body = (await readBody(request, bodyBytesMax)).toString('utf8');
      const used = await world.responseUrls.use(world, third, jsonOrNull(body));
      return sendJson(response, used.status, used.body);
    }
    if (first === 'upload' && request.method === 'POST') {
      const bytes = await uploadedBytes(request, await readBody(request, bodyBytesMax));
      const received = receiveUpload(world, third, bytes);
      return sendText(response, received.status, received.text);
    }
    if (first === 'files') return privateFile(request, response, second);
    if (request.method !== 'GET') return sendText(response, 405, 'Nothing to POST here.\n');
    if (options.pageDir === undefined)
      return sendText(response, 404, 'This playground has no page, only its control API under /_play/.\n');
    return sendPage(response, options.pageDir, url.pathname);
  }

  function mayControl(request: IncomingMessage, url: URL): boolean {
    const given =
      url.searchParams.get('token') ?? request.headers.authorization?.replace(/^Bearer /i, '') ?? '';
    const [a, b] = [Buffer.from(given), Buffer.from(token)];
    return a.length === b.length && timingSafeEqual(a, b);
  }

  async function control(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    call: string,
  ): Promise<void> {
    if (!mayControl(request, url))
      return sendJson(response, 401, {
        ok: false,
        error: 'The token is missing or wrong: use the printed address.',
      });
    const query = { get: (name: string) => url.searchParams.get(name) ?? undefined };
    try {
      if (request.method === 'GET' && call === 'live')
        return attachLive(request, response, query.get('person'));
      if (request.method === 'GET' && call === 'file') return sendFile(response, query.get('id') ?? '');
      const route = routes[`${request.method} ${call}`];
      if (route === undefined)
        throw new PlayProblem(
          404,
          'no_such_call',
          `There is no ${request.method} /_play/${call}; see docs/playground.md.`,
        );
      const body =
        request.method === 'POST'
          ? jsonOrNull((await readBody(request, bodyBytesMax)).toString('utf8'))
          : null;
      sendJson(response, 200, await route(query, body));
    } catch (error) {
      if (!(error instanceof PlayProblem)) throw error;
      sendJson(response, error.status, { ok: false, ackMs: 0, error: error.message, code: error.code });
    }
  }

  function attachLive(request: IncomingMessage, response: ServerResponse, ref: string | undefined): void {
    const person = ref === undefined ? undefined : findPerson(world, ref)?.id;
    if (ref !== undefined && person === undefined)
      throw new PlayProblem(404, 'no_such_person', `There is no person "${ref}".`);
    const last = request.headers['last-event-id'];
    const hello = { type: 'hello' as const, now: clock.now().toISOString(), offsetMs: clock.offsetMs() };
    live.attach(response, person, hello, typeof last === 'string' ? last : undefined);
  }

  function sendFile(response: ServerResponse, id: string): void {
    const file = state.files.get(id);
    if (file === undefined) {
      sendText(response, 404, 'There is no such file.\n');
      return;
    }
    const isImage = /^image\/(png|jpeg|gif)$/.test(file.mimetype);
    response.writeHead(200, {
      'content-type': isImage ? file.mimetype : 'application/octet-stream',
      'content-disposition': `${isImage ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    response.end(Buffer.from(file.base64, 'base64'));
  }

  function privateFile(request: IncomingMessage, response: ServerResponse, id: string): void {
    if (request.headers.authorization !== `Bearer ${app.botToken}`)
      sendText(response, 401, 'A file needs the bot token.\n');
    else if (!scopes.has('files:read')) sendText(response, 403, 'missing_scope: files:read\n');
    else sendFile(response, id);
  }

  // Longer than any client keeps an idle connection, so that none is closed under a request.
  server.keepAliveTimeout = 65_000;
  server.on('upgrade', (request, stream) => {
    const welcome = isOwnHost(request.headers.host, port) && sockets?.upgrade(request, stream) === true;
    if (!welcome) stream.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : port;
  origin = `http://${host === '::1' ? '[::1]' : host}:${port}`;
  for (const record of state.scheduled.values()) awaitScheduled(world, record);
  delivery.resume();
  const foreignBehind = watchBehind(world);
  log.info({ port, transport: options.delivery.mode }, 'the playground is ready');

  return {
    url: `${origin}/?token=${token}`,
    apiUrl: `${origin}/api/`,
    port,
    token,
    botToken: app.botToken,
    appToken: app.appToken,
    botUserId: app.bot_user_id,
    teamId: team.id,
    world,
    stop: async () => {
      clearInterval(foreignBehind);
      timers.stop();
      live.stop();
      await transport.stop();
      await state.flush();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

async function webApi(
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
  method: string,
): Promise<void> {
  const body = await webApiBody(request);
  const answer = await api.call({
    method,
    authorization: request.headers.authorization,
    contentType: body.contentType,
    body: body.text,
  });
  if (answer.trouble === 'timeout') return;
  if (answer.trouble === 'reset') {
    request.socket.destroy();
    return;
  }
  sendJson(response, answer.status, answer.body, answer.headers);
}

/** The SDK sends forms, JSON, or multipart where a buffer is among the arguments; the last is read as a form, or left as it came. */
async function webApiBody(request: IncomingMessage): Promise<{ contentType: string; text: string }> {
  const contentType = request.headers['content-type'] ?? '';
  const bytes = await readBody(request, bodyBytesMax);
  if (!contentType.startsWith('multipart/form-data')) return { contentType, text: bytes.toString('utf8') };
  const form = await formOf(contentType, bytes).catch(() => null);
  if (form === null) return { contentType, text: bytes.toString('utf8') };
  const pairs = [...form].flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[key, value]] : [],
  );
  return { contentType: 'application/x-www-form-urlencoded', text: new URLSearchParams(pairs).toString() };
}

function formOf(contentType: string, bytes: Buffer): Promise<FormData> {
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
}

/** Upload hosts take raw bytes and multipart forms. */
async function uploadedBytes(request: IncomingMessage, bytes: Buffer): Promise<Buffer> {
  const contentType = request.headers['content-type'] ?? '';
  if (!contentType.startsWith('multipart/form-data')) return bytes;
  for (const [, value] of await formOf(contentType, bytes)) {
    if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  }
  return Buffer.alloc(0);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const behindPollMs = 1000;

/** Streams what Steward did behind to pages that watch. */
function watchBehind(world: World): NodeJS.Timeout {
  let since = world.clock.now().toISOString();
  let busy = false;
  const seen = new Set<string>();
  const timer = setInterval(() => {
    if (busy || world.live.listeners() === 0 || world.hooks.behind === undefined) return;
    busy = true;
    world.hooks
      .behind({ since, limit: 200 })
      .then((entries) => {
        for (const entry of entries) {
          if (seen.has(entry.id)) continue;
          seen.add(entry.id);
          if (entry.at > since) since = entry.at;
          world.live.emit({ type: 'behind', entry });
        }
      })
      .catch((error: unknown) =>
        world.log.warn({ error: String(error) }, 'what happened behind could not be read'),
      )
      .finally(() => {
        busy = false;
      });
  }, behindPollMs);
  timer.unref();
  return timer;
}
