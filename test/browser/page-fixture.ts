import { readFile } from 'node:fs/promises';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  ActReply,
  ActRequest,
  BehindEntry,
  InfoReply,
  JsonObject,
  LiveEvent,
  OptionsReply,
  OptionsRequest,
  PlayChannel,
  PlayMessage,
  PlayPerson,
  PlayView,
} from '../../playground/protocol.js';

/**
 * A server that speaks the control API from memory, for what the strict stand-in would refuse or take long to make: every block
 * kind in one message, hostile text, ten thousand messages. It keeps what the page asked for, so that tests can read it.
 */
export interface PageFixture {
  url: string;
  acts: ActRequest[];
  optionRequests: OptionsRequest[];
  messages: PlayMessage[];
  people: PlayPerson[];
  channels: PlayChannel[];
  info: InfoReply;
  behind: BehindEntry[];
  views: PlayView[];
  home: PlayView | null;
  /** Answers acts; default: acked. */
  onAct: (request: ActRequest) => Partial<ActReply> | undefined;
  onOptions: (request: OptionsRequest) => Partial<OptionsReply>;
  emit: (event: LiveEvent) => void;
  setViews: (views: PlayView[]) => void;
  post: (message: Partial<PlayMessage>) => PlayMessage;
  stop: () => Promise<void>;
}

const pageDir = fileURLToPath(new URL('../../dist/playground/page', import.meta.url));
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** Stricter than the playground's own: not even inline styles by attribute are let through. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'";

export const baseTs = 1_772_400_000;

export function person(id: string, name: string, realName: string, title: string): PlayPerson {
  return {
    id,
    name,
    real_name: realName,
    email: `${name}@example.com`,
    title,
    teams: [],
    roles: [],
    tz: 'Europe/Berlin',
    is_bot: false,
    is_guest: false,
    deleted: false,
    status_text: '',
    status_emoji: '',
  };
}

export function channel(id: string, name: string, more: Partial<PlayChannel> = {}): PlayChannel {
  return {
    id,
    name,
    kind: 'public',
    topic: '',
    purpose: '',
    archived: false,
    general: false,
    members: ['U0ANA', 'U0BEN', 'U0STEWARD'],
    created: baseTs,
    creator: 'U0ANA',
    ...more,
  };
}

export function modal(
  id: string,
  title: string,
  blocks: JsonObject[],
  more: Partial<PlayView> = {},
): PlayView {
  return {
    id,
    type: 'modal',
    callback_id: 'test',
    external_id: '',
    hash: '1',
    title: { type: 'plain_text', text: title },
    submit: { type: 'plain_text', text: 'Send' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks,
    private_metadata: '',
    state: { values: {} },
    root_view_id: id,
    previous_view_id: null,
    notify_on_close: false,
    clear_on_close: false,
    ...more,
  };
}

/** `port` 0 takes a free one. */
export async function startPageFixture(port = 0): Promise<PageFixture> {
  const live = new Map<ServerResponse, string>();
  let count = 0;
  const info: InfoReply = {
    team: { id: 'T0', name: 'Test company', domain: 'test' },
    app: { id: 'A0', name: 'Steward', bot_user_id: 'U0STEWARD', bot_id: 'B0' },
    commands: [
      { command: '/metric', description: 'What a metric means', usage_hint: '<name or question>' },
      { command: '/incident', description: 'Data incidents', usage_hint: 'declare' },
    ],
    shortcuts: [
      {
        name: 'Report a problem',
        type: 'global',
        callback_id: 'report_problem',
        description: 'Opens a form',
      },
      {
        name: 'Add to the timeline',
        type: 'message',
        callback_id: 'add_timeline',
        description: 'Keeps this message',
      },
    ],
    prompts: [],
    usergroups: [{ id: 'S0DATA', handle: 'data', name: 'Data team', users: ['U0ANA'] }],
    transport: 'http',
    clock: { now: new Date((baseTs + 3600) * 1000).toISOString(), offsetMs: 0 },
    story: [{ step: 'late', title: 'A source is late', description: 'The usage export stops.', done: false }],
    questions: [
      { title: 'What is MRR?', as: 'U0BEN', do: 'command', channel: 'C0GENERAL', text: '/metric mrr' },
    ],
    start_as: 'U0ANA',
  };
  const fixture: PageFixture = {
    url: '',
    acts: [],
    optionRequests: [],
    messages: [],
    people: [
      person('U0ANA', 'ana', 'Ana Ruiz', 'Analyst'),
      person('U0BEN', 'ben', 'Ben Okafor', 'Data engineer'),
    ],
    channels: [
      channel('C0GENERAL', 'general', { general: true, topic: 'Everything' }),
      channel('C0RANDOM', 'random'),
      channel('D0ANA', 'steward', { kind: 'im', members: ['U0ANA', 'U0STEWARD'] }),
    ],
    info,
    behind: [],
    views: [],
    home: null,
    onAct: () => undefined,
    onOptions: () => ({}),
    emit: (event) => {
      count += 1;
      for (const response of live.keys())
        response.write(`id: ${count}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    },
    setViews: (views) => {
      fixture.views = views;
      fixture.emit({ type: 'views', person: 'U0ANA', views });
    },
    post: (given) => {
      count += 1;
      const message: PlayMessage = {
        channel: 'C0GENERAL',
        ts: `${baseTs + count}.000100`,
        user: 'U0BEN',
        text: '',
        blocks: [],
        attachments: [],
        reactions: [],
        files: [],
        pings: { users: [], usergroups: [], broadcast: [] },
        pinned: false,
        ...given,
      };
      fixture.messages.push(message);
      fixture.emit({ type: 'message', message });
      return message;
    },
    stop: async () => {
      for (const response of live.keys()) response.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  const server = http.createServer((request, response) => {
    answer(fixture, live, request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ok: false, error: String(error) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : 0;
  fixture.url = `http://127.0.0.1:${bound}/?token=test-token`;
  return fixture;
}

async function answer(
  fixture: PageFixture,
  live: Map<ServerResponse, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const query = url.searchParams;
  if (!url.pathname.startsWith('/_play/')) return sendFile(url.pathname, response);
  if (query.get('token') !== 'test-token')
    return sendJson(response, 401, { ok: false, error: 'Wrong token.' });
  const body = request.method === 'POST' ? await readJson(request) : {};
  switch (`${request.method} ${url.pathname.slice('/_play/'.length)}`) {
    case 'GET info':
      return sendJson(response, 200, fixture.info);
    case 'GET people':
      return sendJson(response, 200, { people: fixture.people });
    case 'GET channels':
      return sendJson(response, 200, { channels: fixture.channels });
    case 'GET channel':
      return sendJson(response, 200, {
        channel: fixture.channels[0],
        pins: [],
        bookmarks: [],
        statuses: [],
        prompts: [],
        scheduled: [],
      });
    case 'GET messages':
      return sendJson(response, 200, page(fixture.messages, query));
    case 'GET views':
      return sendJson(response, 200, { views: fixture.views });
    case 'GET home':
      return sendJson(response, 200, { view: fixture.home });
    case 'GET behind':
      return sendJson(response, 200, { entries: fixture.behind });
    case 'GET live':
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(': open\n\n');
      live.set(response, query.get('person') ?? '');
      response.on('close', () => live.delete(response));
      return;
    case 'POST act': {
      const act = body as ActRequest;
      fixture.acts.push(act);
      return sendJson(response, 200, { ok: true, ackMs: 3, ...fixture.onAct(act) });
    }
    case 'POST options': {
      const asked = body as OptionsRequest;
      fixture.optionRequests.push(asked);
      return sendJson(response, 200, {
        ok: true,
        options: [],
        option_groups: [],
        ackMs: 1,
        ...fixture.onOptions(asked),
      });
    }
    case 'POST read':
      return sendJson(response, 200, { unread: {} });
    case 'POST upload':
      return sendJson(response, 200, {
        file: {
          id: 'F0UPLOADED',
          name: String(body.name),
          title: '',
          mimetype: 'text/plain',
          size: 3,
          alt_txt: '',
          play_url: '/_play/file?id=F0UPLOADED',
        },
      });
    case 'POST clock':
      return sendJson(response, 200, {
        now: new Date((baseTs + 90_000) * 1000).toISOString(),
        offsetMs: 86_400_000,
      });
    case 'POST story':
      return sendJson(response, 200, {
        ok: true,
        steps: fixture.info.story.map((step) => ({ ...step, done: true })),
        text: 'The source is late.',
      });
    default:
      return sendJson(response, 404, { ok: false, error: 'There is no such call.' });
  }
}

function page(
  messages: PlayMessage[],
  query: URLSearchParams,
): { messages: PlayMessage[]; has_more: boolean } {
  const thread = query.get('thread');
  const before = query.get('before');
  const wanted = messages.filter(
    (message) =>
      message.channel === query.get('channel') &&
      (thread === null
        ? message.thread_ts === undefined || message.thread_ts === message.ts
        : message.ts === thread || message.thread_ts === thread) &&
      (before === null || message.ts < before),
  );
  const limit = Number(query.get('limit') ?? 200);
  return { messages: wanted.slice(-limit), has_more: wanted.length > limit };
}

async function sendFile(pathname: string, response: ServerResponse): Promise<void> {
  const name = pathname === '/' ? '/index.html' : pathname;
  try {
    const bytes = await readFile(path.join(pageDir, path.normalize(name)));
    response.writeHead(200, {
      'content-type': types[path.extname(name)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<JsonObject> {
  const parts: Buffer[] = [];
  for await (const part of request) if (Buffer.isBuffer(part)) parts.push(part);
  const parsed: unknown = JSON.parse(Buffer.concat(parts).toString('utf8') || '{}');
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}
