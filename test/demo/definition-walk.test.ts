import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { redefined } from '../../demo/story/changed-project.js';

/** The built demo, driven from outside as anybody can: by its control API, with the token of the printed URL. */
const slow = { timeout: 300_000 };
const ready = z.object({ url: z.url(), token: z.string() });
const acted = z.looseObject({
  ok: z.boolean(),
  error: z.string().optional(),
  reply: z.looseObject({ text: z.string() }).nullish(),
});
const told = z.object({
  messages: z.array(z.looseObject({ ts: z.string(), text: z.string(), blocks: z.unknown() })),
});

let dir: string;
let demo: ChildProcess;
let door: z.infer<typeof ready>;

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'steward-demo-walk-'));
  demo = spawn(process.execPath, ['dist/bin/steward.js', 'demo', '--json'], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      STEWARD_DATA_DIR: dir,
      PORT: String(21_000 + Math.floor(Math.random() * 20_000)),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  demo.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  while (!said.includes('\n')) {
    if (demo.exitCode !== null) throw new Error(`the demo did not start: ${said}`);
    await sleep(100);
  }
  door = ready.parse(JSON.parse(said));
}, slow.timeout);

afterAll(async () => {
  const ended = new Promise((resolve) => demo.once('exit', resolve));
  demo.kill('SIGTERM');
  await ended;
  await rm(dir, { recursive: true, force: true });
}, 60_000);

async function call(where: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(new URL(`/_play/${where}`, door.url), {
    headers: { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return answer.json();
}

async function act(action: Record<string, unknown>): Promise<string> {
  const { ok, error, reply } = acted.parse(await call('act', action));
  expect(ok, error).toBe(true);
  return reply?.text ?? '';
}

async function message(where: string, part: string) {
  for (;;) {
    const { messages } = told.parse(await call(`messages?${where}`));
    const found = messages.find((one) => one.text.includes(part));
    if (found) return found;
    await sleep(250);
  }
}

const metric = (as: string, words: string) =>
  act({ as, do: 'command', channel: 'data-questions', text: `/metric ${words}` });

it(
  'a definition goes from a proposal over its approvals and a patch to the source, and is announced',
  slow,
  async () => {
    await metric('tomas', `propose ${redefined.metric}`);
    const reason = 'Idle reserve is paid for and was left out of the cost.';
    await act({ as: 'tomas', do: 'submit', values: { description: redefined.description, reason } });
    for (const as of ['grace', 'maya']) {
      const { ts } = await message(`person=${as}`, 'DEF-4');
      await act({ as, do: 'click', action_id: 'approval:approve', message: ts });
    }
    await message('person=tomas', 'approved, not yet in the source');
    expect(await metric('leo', redefined.metric)).toContain('and not in the source yet');
    for (;;) {
      const { blocks } = await message('person=tomas', 'DEF-4');
      if (JSON.stringify(blocks).includes('+++ b/models/marts/inference.yml')) break;
      await sleep(250);
    }
    await call('story', { step: 'definition-change' });
    const note = await message('channel=data-questions', 'has a new definition (DEF-4)');
    expect(note.text).toContain(`It is now: ${redefined.description}`);
    expect(await metric('leo', redefined.metric)).not.toContain('not in the source yet');
    expect(await metric('leo', `history ${redefined.metric}`)).toMatch(
      /Approved by Grace Kim and Maya Lindqvist \(DEF-4\)/,
    );
  },
);
