import { Redis } from 'ioredis';
import pg from 'pg';
import type { KillPoint } from './processes.js';

/**
 * Counts every conversation of this process with the outside (PostgreSQL, Redis, Slack) and, with KILL_AT=n, dies by SIGKILL at the
 * n-th: before its words are sent (KILL_HOW=before), or after, so that the answer is lost (after). With KILL_OF=http only requests
 * over HTTP count.
 */
export function countConversations(): {
  count: () => number;
  /** Counts anew, and dies at another point. */
  begin: (kill: Omit<KillPoint, 'of'>) => void;
  asides: (client: pg.Client) => void;
} {
  let killAt = Number(process.env.KILL_AT ?? 0);
  let killHow = process.env.KILL_HOW ?? 'before';
  const killOf = process.env.KILL_OF ?? 'all';
  let conversations = 0;
  let requests = 0;
  const quiet = new WeakSet<object>();
  const die = (): void => {
    process.kill(process.pid, 'SIGKILL');
  };
  const talk = <Answer>(send: () => Answer, over?: 'http'): Answer => {
    conversations += 1;
    if (over === 'http') requests += 1;
    const now = killOf === 'http' ? over === 'http' && requests === killAt : conversations === killAt;
    if (now && killHow === 'before') die();
    const answer = send();
    // The words are on their way once the socket has taken them; the process does not live to read the answer.
    if (now) setImmediate(() => setImmediate(die));
    return answer;
  };

  const query = pg.Client.prototype.query;
  pg.Client.prototype.query = function counted(this: pg.Client, ...words: never[]) {
    return quiet.has(this)
      ? Reflect.apply(query, this, words)
      : talk(() => Reflect.apply(query, this, words));
  } as typeof query;

  const sendCommand = Redis.prototype.sendCommand;
  Redis.prototype.sendCommand = function counted(this: Redis, ...words: never[]) {
    return talk(() => Reflect.apply(sendCommand, this, words));
  } as typeof sendCommand;

  const request = globalThis.fetch;
  globalThis.fetch = (...words) => talk(() => request(...words), 'http');

  return {
    count: () => conversations,
    begin: ({ at, how }) => {
      [conversations, requests, killAt, killHow] = [0, 0, at, how];
    },
    /** What the test itself asks over this client is no step of the run. */
    asides: (client) => {
      quiet.add(client);
    },
  };
}
