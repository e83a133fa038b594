import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerQuestion } from '../../src/answers/answer.js';
import { shopInput, testNow } from '../../src/answers/test-catalog.js';
import { type ModelCall, makeModel } from '../../src/llm/model.js';
import { chooseOffered, phraseAnswer } from '../../src/llm/smooth-answer.js';
import { type Prism, startPrism } from '../backfills/prism.js';
import { describeWithShared } from '../helpers/shared.js';
import { idsIn, type ScriptedModel, said, startScriptedModel } from './scripted-model.js';

const spec = ['openai', 'openapi.chat-responses.trimmed.json'];
const input = shopInput({});
const ask = (question: string) => answerQuestion({ ...input, question });
const asker = { personId: 'p1', now: testNow };

describeWithShared('specs', "OpenAI's published Responses API", () => {
  const calls: ModelCall[] = [];
  const model = (baseUrl: string, timeoutMs: number) =>
    makeModel({
      apiKey: 'test',
      baseUrl,
      // one that thinks: what it is told of that is in the specification too
      model: 'gpt-5-mini',
      timeoutMs,
      perPersonPerDay: 1_000,
      tokensPerDay: 1e9,
      onCall: (call) => calls.push(call),
    });
  let scripted: ScriptedModel;
  let proxy: Prism | undefined;
  let mock: Prism | undefined;
  beforeAll(async () => {
    scripted = await startScriptedModel();
    [proxy, mock] = await Promise.all([startPrism(spec, { upstream: scripted.url }), startPrism(spec)]);
  }, 150_000);
  afterAll(() => {
    scripted.stop();
    proxy?.stop();
    mock?.stop();
  });

  it('[M-openai-spec] takes what we ask, and our scripted answers are of its shape', async () => {
    scripted.say((body) => ({
      json: said({
        sentences: [{ text: '[[name]] is money after refunds.', cites: idsIn(body).slice(0, 1) }],
      }),
    }));
    expect(await phraseAnswer(model(proxy?.url ?? '', 20_000), ask('what is net revenue?'), asker)).toContain(
      'Net revenue is money after refunds.',
    );
    scripted.say((body) => ({ json: said({ choice: idsIn(body)[1] }) }));
    expect(await chooseOffered(model(proxy?.url ?? '', 20_000), ask('revenue'), asker)).not.toBeNull();
    expect(proxy?.violations()).toEqual([]);
    expect(calls.map((call) => [call.task, call.outcome, call.tokens])).toEqual([
      ['phrase-answer', 'ok', { input: 200, output: 50 }],
      ['choose-asset', 'ok', { input: 200, output: 50 }],
    ]);
  }, 60_000);

  it('generated from it, answers what nobody asked for: the card stands, every time', async () => {
    for (let i = 0; i < 3; i++) {
      // A model each: a breaker that opened would leave the later answers unread.
      const generated = model(mock?.url ?? '', 20_000);
      expect(await phraseAnswer(generated, ask('what is net revenue?'), asker)).toBeNull();
      expect(await chooseOffered(generated, ask('revenue'), asker)).toBeNull();
    }
    // Examples of the specification that break its own rules come as a 500: one more thing that a server may do.
    expect(calls.slice(2).every((call) => call.outcome === 'malformed' || call.outcome === 'failed')).toBe(
      true,
    );
  }, 120_000);
});
