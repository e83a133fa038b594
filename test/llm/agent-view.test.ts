import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';
import { idsIn, type ScriptedModel, said, startScriptedModel } from './scripted-model.js';

interface Message {
  text: string;
  ts: string;
  user: string;
  blocks: { type: string; elements?: { type: string; action_id?: string; text?: unknown }[] }[];
  streaming?: boolean;
  chunks?: { type: string; title?: string; status?: string }[];
}

let model: ScriptedModel;
let app: TestSteward;

beforeAll(async () => {
  model = await startScriptedModel();
  app = await startTestSteward({
    env: { OPENAI_API_KEY: 'test', OPENAI_BASE_URL: model.url },
    config: 'llm: { timeoutSeconds: 10 }',
  });
}, 120_000);
afterAll(() => model.stop());

const words = (stallMs: number) => (body: string) => ({
  json: said({ sentences: [{ text: '[[name]] counts what was placed.', cites: idsIn(body).slice(0, 1) }] }),
  stallMs,
});
beforeEach(() => model.say(words(300)));

const fault = (method: string, kind: string) =>
  fetch(new URL('/_play/fault', app.playground.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${app.playground.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ target: 'slack', kind, count: 1, method }),
  });
const inDirect = async (): Promise<Message[]> =>
  (await app.messages({ person: 'ben', channel: 'dm' })) as unknown as Message[];

/** Asks in the direct message; answers what `until` finds among the messages that came after, at the latest after 15 s. */
async function ask(
  until: (answers: Message[]) => Message | undefined,
): Promise<{ asked: string; answer: Message }> {
  const before = new Set((await inDirect()).map((message) => message.ts));
  await app.act({ as: 'ben', do: 'message', channel: 'dm', text: 'what are orders?' });
  for (const endMs = Date.now() + 15_000; Date.now() < endMs; ) {
    const fresh = (await inDirect()).filter((message) => !before.has(message.ts));
    const asked = fresh.find((message) => message.user === 'U0BEN')?.ts ?? '';
    const answer = until(fresh.filter((message) => message.user !== 'U0BEN'));
    if (answer) return { asked, answer };
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error(`no such answer: ${JSON.stringify(await inDirect())}`);
}
const ended = (answers: Message[]) =>
  answers.find((message) => message.streaming !== true && message.blocks.length > 0);
const isFeedback = (block: Message['blocks'][number]) => block.type === 'context_actions';

it('[M-streaming] an answer that takes a moment says what is being done, then its words, then its buttons with thumbs', async () => {
  const { answer: working } = await ask((answers) => answers.find((message) => message.streaming === true));
  expect(working.chunks).toMatchObject([{ title: 'Putting it into words', status: 'in_progress' }]);
  const answer = await (async () => {
    for (;;) {
      const found = (await inDirect()).find((message) => message.ts === working.ts);
      if (found && found.streaming !== true) return found;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  })();
  expect(answer.text).toMatch(
    /^Orders counts what was placed\. .*\(AI phrased\) Orders \(metric orders\): Number of/,
  );
  expect(answer.chunks).toMatchObject([{ title: 'Putting it into words', status: 'complete' }]);
  expect(answer.blocks.filter(isFeedback)).toHaveLength(1);
  expect(JSON.stringify(answer.blocks)).toContain('a model');
  expect(JSON.stringify(answer.blocks)).not.toContain('answer:helpful');
});

it('[M-stream-feedback] the last thumb of a person counts', async () => {
  const { answer } = await ask(ended);
  const asset = await app.database.db
    .selectFrom('asset')
    .select('id')
    .where('source_id', 'like', 'metric.%')
    .executeTakeFirstOrThrow();
  for (const value of ['helpful', 'unhelpful']) {
    await app.act({
      as: 'ben',
      do: 'click',
      channel: 'dm',
      message: answer.ts,
      action_id: 'answer:feedback',
      value: `${value}|${asset.id}`,
    });
  }
  await expect
    .poll(async () => await app.database.db.selectFrom('answer_feedback').select('helpful').execute(), {
      timeout: 10_000,
    })
    .toEqual([{ helpful: false }]);
});

it('[M-stream-stop] "Stop" ends it at once, and the model is not waited for', async () => {
  model.say(words(9_000));
  const beganMs = Date.now();
  const { asked, answer: working } = await ask((answers) =>
    answers.find((message) => message.streaming === true),
  );
  await app.act({ as: 'ben', do: 'stop', channel: 'dm', thread: asked });
  await expect
    .poll(
      async () => JSON.stringify((await inDirect()).find((message) => message.ts === working.ts)?.blocks),
      { timeout: 6_000 },
    )
    .toContain('You stopped this answer.');
  expect(Date.now() - beganMs).toBeLessThan(9_000);
  expect((await inDirect()).filter((message) => message.ts > working.ts)).toEqual([]);
});

it('[M-stream-refused] is one post with the whole card where Slack takes no stream', async () => {
  await fault('chat.startStream', 'rate_limited');
  const { answer } = await ask(ended);
  expect(answer.chunks).toBeUndefined();
  expect(answer.text).toContain('(AI phrased) Orders (metric orders)');
  expect(JSON.stringify(answer.blocks)).toContain('answer:helpful');
});

it('whose stream Slack ended meanwhile is updated with the whole answer', async () => {
  await fault('chat.appendStream', 'message_not_in_streaming_state');
  const { answer } = await ask((answers) => answers.find((message) => message.text.includes('(AI phrased)')));
  expect(answer.text).toContain('Orders (metric orders)');
});
