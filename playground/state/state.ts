import type { PlayLog } from '../options.js';
import type {
  BookmarkRecord,
  ChannelRecord,
  FileRecord,
  MessageRecord,
  PendingDelivery,
  PersonRecord,
  PinRecord,
  ResponseUrlRecord,
  ScheduledRecord,
  SessionRecord,
  UsergroupRecord,
  ViewRecord,
} from './records.js';
import type { PlayStorage, StateChange } from './storage.js';

/** Records of one kind. A changed record must be `put` again to be kept. */
export interface Collection<T> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
  delete(key: string): void;
  values(): T[];
}

/** Everything the playground knows, in memory, written behind to its storage. */
export interface PlayState {
  people: Collection<PersonRecord>;
  channels: Collection<ChannelRecord>;
  /** By `channel:ts`; use `messages.ts` for order and threads. */
  messages: Collection<MessageRecord>;
  views: Collection<ViewRecord>;
  /** View ids by person, top last. */
  stacks: Collection<string[]>;
  /** Home view ids by person. */
  homes: Collection<string>;
  files: Collection<FileRecord>;
  usergroups: Collection<UsergroupRecord>;
  pins: Collection<PinRecord>;
  bookmarks: Collection<BookmarkRecord>;
  scheduled: Collection<ScheduledRecord>;
  sessions: Collection<SessionRecord>;
  prompts: Collection<{ title: string; message: string }[]>;
  pending: Collection<PendingDelivery>;
  responseUrls: Collection<ResponseUrlRecord>;
  /** Last read ts by `user:channel`. */
  reads: Collection<string>;
  meta: Collection<string>;
  /** Grows by one each time, also over restarts; Slack-like id with that prefix. */
  nextId(prefix: string): string;
  /** Waits until all changes so far are stored. */
  flush(): Promise<void>;
}

const flushAfterMs = 50;

/** Loads the stored state; an empty storage gives an empty state. */
export async function openState(storage: PlayStorage, log: PlayLog): Promise<PlayState> {
  const tables = new Map<string, Map<string, unknown>>();
  for (const [key, value] of await storage.load()) {
    const slash = key.indexOf('/');
    tableOf(key.slice(0, slash)).set(key.slice(slash + 1), value);
  }
  function tableOf(name: string): Map<string, unknown> {
    const table = tables.get(name) ?? new Map<string, unknown>();
    tables.set(name, table);
    return table;
  }

  const dirty = new Map<string, () => unknown>();
  let writing: Promise<void> = Promise.resolve();
  let scheduled: NodeJS.Timeout | undefined;
  function write(): Promise<void> {
    clearTimeout(scheduled);
    scheduled = undefined;
    const changes: StateChange[] = [...dirty].map(([key, read]) => [key, read() ?? null]);
    dirty.clear();
    if (changes.length > 0) {
      writing = writing
        .then(() => storage.save(changes))
        .catch((error: unknown) =>
          log.warn({ error: String(error) }, 'the playground could not store its state'),
        );
    }
    return writing;
  }
  function touch(key: string, read: () => unknown): void {
    dirty.set(key, read);
    scheduled ??= setTimeout(() => void write(), flushAfterMs);
  }
  function collection<T>(name: string): Collection<T> {
    // Only this collection writes to its table, so what comes out is what `put` took or an earlier run stored.
    const table = tableOf(name) as Map<string, T>;
    return {
      get: (key) => table.get(key),
      put: (key, value) => {
        table.set(key, value);
        touch(`${name}/${key}`, () => table.get(key));
      },
      delete: (key) => {
        if (table.delete(key)) touch(`${name}/${key}`, () => table.get(key));
      },
      values: () => [...table.values()],
    };
  }

  const meta = collection<string>('meta');
  return {
    people: collection('people'),
    channels: collection('channels'),
    messages: collection('messages'),
    views: collection('views'),
    stacks: collection('stacks'),
    homes: collection('homes'),
    files: collection('files'),
    usergroups: collection('usergroups'),
    pins: collection('pins'),
    bookmarks: collection('bookmarks'),
    scheduled: collection('scheduled'),
    sessions: collection('sessions'),
    prompts: collection('prompts'),
    pending: collection('pending'),
    responseUrls: collection('responseUrls'),
    reads: collection('reads'),
    meta,
    nextId: (prefix) => {
      const next = Number(meta.get('counter') ?? '46655') + 1;
      meta.put('counter', String(next));
      return `${prefix}0PLAY${next.toString(36).toUpperCase().padStart(5, '0')}`;
    },
    flush: write,
  };
}
