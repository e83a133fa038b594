import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { z } from 'zod';
import { nextFreePort } from '../../playground/company/ports.js';

/** Loose on purpose: what an outsider reads of a message. */
const message = z.looseObject({
  channel: z.string(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string(),
  blocks: z.array(z.looseObject({ type: z.string() })).default([]),
});
export type Message = z.infer<typeof message>;
const view = z.looseObject({ blocks: z.array(z.looseObject({ type: z.string() })), callback_id: z.string() });
const ready = z.object({ url: z.string(), token: z.string() });
const acted = z.looseObject({
  ok: z.boolean(),
  code: z.string().optional(),
  error: z.string().optional(),
  reply: z.looseObject({ text: z.string() }).optional(),
});
const queried = z.looseObject({ ok: z.boolean(), error: z.string().optional() });

export interface Demo {
  dataDir: string;
  act: (as: string, what: string, rest?: Record<string, unknown>) => Promise<z.infer<typeof acted>>;
  /** A command in #general. */
  say: (as: string, text: string) => Promise<string>;
  /** Messages that this person sees in direct messages, oldest first. */
  messages: (person: string) => Promise<Message[]>;
  /** The newest message of this person that reads so, once it is there. */
  seen: (person: string, words: RegExp) => Promise<Message>;
  /** The newest message of the channel that reads so, once it is there. */
  heard: (channel: string, words: RegExp) => Promise<Message>;
  /** A step of the company's story. */
  story: (step: string) => Promise<void>;
  press: (as: string, on: Message, actionId: string, value?: string) => Promise<void>;
  /** An entry of the message's overflow. */
  choose: (as: string, on: Message, actionId: string) => Promise<void>;
  submit: (as: string, values: Record<string, unknown>) => Promise<void>;
  view: (person: string) => Promise<z.infer<typeof view> | undefined>;
  /** Whether a statement works with the person's own login in the warehouse. */
  query: (as: string, sql: string) => Promise<boolean>;
  /** What the command line prints, beside the running demo. */
  cli: (...words: string[]) => Promise<string>;
  clock: (advance: string) => Promise<void>;
  /** The demo's own time, in milliseconds. */
  now: () => Promise<number>;
  stop: () => Promise<void>;
}

const run = promisify(execFile);
const patienceMs = 60_000;

/** The demo as it is built, in a process and a folder of its own, driven through its control API as anybody may. */
export async function startDemo(): Promise<Demo> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'steward-demo-'));
  const port = await nextFreePort(20_000 + Math.floor(Math.random() * 20_000));
  const child: ChildProcess = spawn(process.execPath, ['dist/bin/steward.js', 'demo', '--json'], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      STEWARD_DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let out = '';
  let told = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    told += chunk.toString('utf8');
  });
  while (!out.includes('\n')) {
    if (child.exitCode !== null) throw new Error(`the demo did not start: ${told}`);
    await sleep(50);
  }
  const { url, token } = ready.parse(JSON.parse(out));

  async function call(route: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(new URL(`/_play/${route}`, url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answer.json();
  }
  const act: Demo['act'] = async (as, what, rest = {}) => {
    const done = acted.parse(await call('act', { as, do: what, ...rest }));
    // On a busy machine an answer may come after Slack's three seconds. It was taken in all the same; what follows shows whether it was worked.
    return done.code === 'http_timeout' ? { ...done, ok: true } : done;
  };
  /** None in a channel that is not there (yet). */
  const read = async (where: string): Promise<Message[]> =>
    z.object({ messages: z.array(message).default([]) }).parse(await call(`messages?${where}`)).messages;
  const find = async (where: string, words: RegExp): Promise<Message> => {
    const until = Date.now() + patienceMs;
    for (;;) {
      const all = await read(where);
      const found = all.findLast(({ text }) => words.test(text));
      if (found !== undefined) return found;
      if (Date.now() > until)
        throw new Error(`${where} has nothing like ${words}:\n${all.map(({ text }) => text).join('\n')}`);
      await sleep(100);
    }
  };
  const messages: Demo['messages'] = (person) => read(`person=${person}`);
  const press: Demo['press'] = async (as, on, actionId, value) => {
    const done = await act(as, 'click', {
      channel: on.channel,
      message: on.ts,
      action_id: actionId,
      ...(value === undefined ? {} : { value }),
    });
    expect(done, `${as} presses ${actionId}`).toEqual(expect.objectContaining({ ok: true }));
  };
  const top: Demo['view'] = async (person) =>
    z
      .object({ views: z.array(view) })
      .parse(await call(`views?person=${person}`))
      .views.at(-1);
  const lateForms = new Set<string>();
  /** A form that was slow to build opens after the ack; one that was slower than Slack allows is a button, which whoever asked presses. */
  const opened = async (as: string): Promise<void> => {
    const until = Date.now() + patienceMs;
    while ((await top(as)) === undefined && Date.now() < until) {
      const late = (await messages(as)).findLast(
        ({ ts, blocks }) => !lateForms.has(ts) && JSON.stringify(blocks).includes('"form:open"'),
      );
      if (late !== undefined) {
        lateForms.add(late.ts);
        await press(as, late, 'form:open');
      }
      await sleep(100);
    }
  };
  return {
    dataDir,
    act,
    messages,
    press,
    say: async (as, text) => (await act(as, 'command', { channel: 'general', text })).reply?.text ?? '',
    seen: (person, words) => find(`person=${person}`, words),
    heard: (channel, words) => find(`channel=${channel}`, words),
    story: async (step) => void (await call('story', { step })),
    async choose(as, on, actionId) {
      const [value] = [...JSON.stringify(on.blocks).matchAll(/"value":"([^"]+)"/g)].flatMap(([, one = '']) =>
        one.startsWith(`${actionId}|`) ? [one] : [],
      );
      await press(as, on, 'more', value);
    },
    async submit(as, values) {
      await opened(as);
      expect(await act(as, 'submit', { values }), `${as} sends the form`).toEqual(
        expect.objectContaining({ ok: true }),
      );
    },
    view: top,
    query: async (as, sql) => queried.parse(await call('warehouse', { as, sql })).ok,
    cli: async (...words) =>
      (
        await run(process.execPath, ['dist/bin/steward.js', ...words], {
          env: {
            PATH: process.env.PATH ?? '',
            HOME: process.env.HOME ?? '',
            STEWARD_DATA_DIR: dataDir,
            STEWARD_CONFIG: 'demo/steward.yml',
            LOG_LEVEL: 'error',
          },
        })
      ).stdout,
    clock: async (advance) => void (await call('clock', { advance })),
    now: async () => Date.parse(z.object({ now: z.string() }).parse(await call('clock')).now),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
