import type {
  ActReply,
  ActRequest,
  BehindReply,
  ChannelReply,
  ChannelsReply,
  ClockReply,
  HomeReply,
  InfoReply,
  LiveEvent,
  MessagesReply,
  OptionsReply,
  OptionsRequest,
  PeopleReply,
  StoryReply,
  UnreadReply,
  UploadReply,
  ViewsReply,
  WarehouseReply,
} from '../../../protocol.js';

/** The control API could not be reached or refused; `message` is a sentence for the person. */
export class ApiError extends Error {
  readonly code = 'playground_api';
}

type Query = Record<string, string | undefined>;

export interface Api {
  info: () => Promise<InfoReply>;
  people: () => Promise<PeopleReply>;
  channels: (person: string) => Promise<ChannelsReply>;
  channel: (channel: string, person: string) => Promise<ChannelReply>;
  messages: (query: Query) => Promise<MessagesReply>;
  views: (person: string) => Promise<ViewsReply>;
  home: (person: string) => Promise<HomeReply>;
  behind: () => Promise<BehindReply>;
  act: (request: ActRequest) => Promise<ActReply>;
  options: (request: OptionsRequest) => Promise<OptionsReply>;
  read: (as: string, channel: string, ts?: string) => Promise<UnreadReply>;
  upload: (as: string, file: File) => Promise<UploadReply>;
  advanceClock: (advance: string) => Promise<ClockReply>;
  story: (step: string) => Promise<StoryReply>;
  warehouse: (as: string, sql: string) => Promise<WarehouseReply>;
  /** A path of the API with the token, for images and files. */
  url: (path: string) => string;
  /** Listens until the returned function is called. `onLost` and `onOpen` follow the connection. */
  live: (person: string, listener: LiveListener) => () => void;
}

export interface LiveListener {
  onEvent: (event: LiveEvent) => void;
  onOpen: () => void;
  onLost: () => void;
}

const liveTypes = [
  'hello',
  'reset',
  'message',
  'message_changed',
  'message_deleted',
  'channel',
  'person',
  'unread',
  'views',
  'home',
  'status',
  'prompts',
  'clock',
  'story',
  'behind',
] as const satisfies LiveEvent['type'][];

const reconnectMs = 2_000;

export function makeApi(token: string): Api {
  const url = (path: string, query: Query = {}): string => {
    const full = new URL(path, window.location.origin);
    for (const [key, value] of Object.entries(query))
      if (value !== undefined) full.searchParams.set(key, value);
    full.searchParams.set('token', token);
    return `${full.pathname}${full.search}`;
  };

  // The server is of the same build and these are its published types; what it carries from outside (texts, blocks) is
  // drawn as text only, wherever it stands.
  async function call<Reply>(path: string, query: Query, body?: object): Promise<Reply> {
    const init =
      body === undefined
        ? {}
        : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    let response: Response;
    try {
      response = await fetch(url(path, query), init);
    } catch {
      throw new ApiError('The playground does not answer. Is it still running?');
    }
    const text = await response.text();
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      throw new ApiError(`The playground answered ${response.status} without JSON.`);
    }
    if (!response.ok) {
      const words =
        typeof parsed === 'object' && parsed !== null && 'error' in parsed
          ? String(parsed.error)
          : `The playground answered ${response.status}.`;
      // A refused act is an answer like any other.
      if (typeof parsed === 'object' && parsed !== null && 'ackMs' in parsed) return parsed as Reply;
      throw new ApiError(words);
    }
    return parsed as Reply;
  }

  return {
    info: () => call('/_play/info', {}),
    people: () => call('/_play/people', {}),
    channels: (person) => call('/_play/channels', { person }),
    channel: (channel, person) => call('/_play/channel', { channel, person }),
    messages: (query) => call('/_play/messages', query),
    views: (person) => call('/_play/views', { person }),
    home: (person) => call('/_play/home', { person }),
    behind: () => call('/_play/behind', { limit: '200' }),
    act: (request) => call('/_play/act', {}, request),
    options: (request) => call('/_play/options', {}, request),
    read: (as, channel, ts) => call('/_play/read', {}, { as, channel, ...(ts === undefined ? {} : { ts }) }),
    upload: async (as, file) =>
      call(
        '/_play/upload',
        {},
        {
          as,
          name: file.name,
          ...(file.type === '' ? {} : { mimetype: file.type }),
          base64: await toBase64(file),
        },
      ),
    advanceClock: (advance) => call('/_play/clock', {}, { advance }),
    story: (step) => call('/_play/story', {}, { step }),
    warehouse: (as, sql) => call('/_play/warehouse', {}, { as, sql }),
    url: (path) => {
      const at = new URL(path, window.location.origin);
      return url(at.pathname, Object.fromEntries(at.searchParams));
    },
    live: (person, listener) => listen(() => url('/_play/live', { person }), listener),
  };
}

/**
 * The browser itself reconnects after a break; where it gave up (the server was away) we open a new one. Either way everything is
 * read again: what was missed may be more than the server can tell.
 */
function listen(address: () => string, listener: LiveListener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let broken = false;
  const open = (): void => {
    const opened = new EventSource(address());
    source = opened;
    opened.onopen = () => {
      listener.onOpen();
      if (broken) listener.onEvent({ type: 'reset' });
      broken = false;
    };
    opened.onerror = () => {
      if (stopped) return;
      broken = true;
      listener.onLost();
      if (opened.readyState === EventSource.CLOSED) timer = setTimeout(open, reconnectMs);
    };
    for (const type of liveTypes) {
      opened.addEventListener(type, (event: MessageEvent<string>) =>
        listener.onEvent(JSON.parse(event.data) as LiveEvent),
      );
    }
  };
  open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source?.close();
  };
}

async function toBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  const step = 0x8000;
  for (let at = 0; at < bytes.length; at += step)
    binary += String.fromCharCode(...bytes.subarray(at, at + step));
  return btoa(binary);
}
