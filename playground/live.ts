import type { ServerResponse } from 'node:http';
import type { BehindEntry, LiveEvent } from './protocol.js';

/** May this person see the event? `undefined` is a listener without a person: everything. */
export type Audience = (person: string | undefined) => boolean;

export interface LiveBus {
  emit(event: LiveEvent, audience?: Audience): void;
  /** Streams to a browser until it leaves. `lastEventId` resumes; an unknown one gets `reset`. */
  attach(
    response: ServerResponse,
    person: string | undefined,
    hello: LiveEvent,
    lastEventId: string | undefined,
  ): void;
  listeners(): number;
  stop(): void;
}

const keptEvents = 2000;
const heartbeatMs = 15_000;

export function makeLiveBus(): LiveBus {
  const open = new Map<ServerResponse, string | undefined>();
  const recent: { id: number; text: string; audience: Audience }[] = [];
  const bootId = Date.now().toString(36);
  let lastId = 0;

  function frame(id: number, event: LiveEvent): string {
    return `id: ${bootId}-${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  }
  const heartbeat = setInterval(() => {
    for (const response of open.keys()) response.write(': still here\n\n');
  }, heartbeatMs);
  heartbeat.unref();

  return {
    emit: (event, audience = () => true) => {
      lastId += 1;
      const text = frame(lastId, event);
      recent.push({ id: lastId, text, audience });
      if (recent.length > keptEvents) recent.shift();
      for (const [response, person] of open) {
        if (person === undefined || audience(person)) response.write(text);
      }
    },
    attach: (response, person, hello, lastEventId) => {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write(`retry: 1000\n${frame(lastId, hello)}`);
      if (lastEventId !== undefined) {
        const [boot, id] = lastEventId.split('-');
        const from = Number(id);
        const oldest = recent[0]?.id ?? lastId + 1;
        if (boot !== bootId || !(from >= oldest - 1)) response.write(frame(lastId, { type: 'reset' }));
        else {
          for (const kept of recent) {
            if (kept.id > from && (person === undefined || kept.audience(person))) response.write(kept.text);
          }
        }
      }
      open.set(response, person);
      response.on('close', () => open.delete(response));
    },
    listeners: () => open.size,
    stop: () => {
      clearInterval(heartbeat);
      for (const response of open.keys()) response.end();
      open.clear();
    },
  };
}

/** The stand-in's own lines of *Behind this*, newest last. */
export interface BehindLog {
  add(entry: Omit<BehindEntry, 'id' | 'at'>): void;
  since(after: string | undefined): BehindEntry[];
}

const keptEntries = 500;

export function makeBehindLog(now: () => Date, live: LiveBus): BehindLog {
  const entries: BehindEntry[] = [];
  let count = 0;
  return {
    add: (entry) => {
      count += 1;
      const full = { id: `p${String(count).padStart(8, '0')}`, at: now().toISOString(), ...entry };
      entries.push(full);
      if (entries.length > keptEntries) entries.shift();
      live.emit({ type: 'behind', entry: full });
    },
    since: (after) => (after === undefined ? [...entries] : entries.filter((entry) => entry.id > after)),
  };
}
