import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Scripted,
  type ScriptedModel,
  said,
  startScriptedModel,
} from '../../../test/llm/scripted-model.js';
import { readEnvironment } from '../../config/env.js';
import { parseConfig } from '../../config/load-config.js';
import { checkModel } from './check-model.js';
import type { DoctorCheck } from './say.js';

let server: ScriptedModel;
beforeAll(async () => {
  server = await startScriptedModel();
});
afterAll(() => server.stop());

async function checked(env: Record<string, string>, yaml = ''): Promise<DoctorCheck> {
  const checks: DoctorCheck[] = [];
  const loaded = { config: parseConfig(yaml), file: 'steward.yml', baseDir: '.' };
  await checkModel(readEnvironment(env), loaded, (name, level, text, remedy) =>
    checks.push({ name, level, text, ...(remedy ? { remedy } : {}) }),
  );
  expect(checks).toHaveLength(1);
  return checks[0] ?? { name: '', level: 'error', text: '' };
}
const withKey = (more: Record<string, string> = {}) => ({
  OPENAI_API_KEY: 'sk-secret-1234',
  OPENAI_BASE_URL: server.url,
  OPENAI_MODEL: 'tiny',
  ...more,
});
const error = (status: number, code: string): Scripted => ({
  status,
  json: { error: { message: 'Incorrect API key provided: sk-secret-1234', type: 'x', code } },
});

it('says which model answers how fast, having sent nothing of the catalog', async () => {
  server.say(() => ({ json: said({ choice: 'a' }) }));
  const check = await checked(withKey());
  expect(check).toMatchObject({
    level: 'ok',
    text: expect.stringMatching(/^tiny at 127.+ answers in \d+\.\d s$/),
  });
  expect(JSON.parse(server.asked.at(-1) ?? '{}')).toMatchObject({ model: 'tiny', store: false });
});

it('warns of a model that answers later than anybody waits', async () => {
  server.say(() => ({ json: said({ choice: 'a' }), stallMs: 300 }));
  const check = await checked(withKey(), 'llm: { timeoutSeconds: 0.1 }');
  expect(check).toMatchObject({ level: 'warning', text: expect.stringContaining('no longer than 0.1 s') });
});

it.each<[string, Scripted, RegExp, RegExp]>([
  [
    'a wrong key',
    error(401, 'invalid_api_key'),
    /refuses the key \(HTTP 401, invalid_api_key\)/,
    /OPENAI_API_KEY/,
  ],
  ['a wrong model', error(404, 'model_not_found'), /has no model tiny .*HTTP 404/, /OPENAI_MODEL/],
  [
    'a wrong path',
    { status: 404, text: '<html>Not found</html>' },
    /neither this address nor/,
    /OPENAI_BASE_URL/,
  ],
  ['a web page', { text: '<html>It works!</html>' }, /is no answer of the Responses API/, /OPENAI_BASE_URL/],
  ['no credit', error(429, 'insufficient_quota'), /takes no more calls now .*insufficient_quota/, /credit/],
  ['a setting it does not know', error(400, 'unsupported_parameter'), /HTTP 400/, /structured output/],
  ['an outage', { status: 503 }, /HTTP 503/, /later/],
  ['words in place of the structure', { json: said('Revenue, I think.') }, /is no answer/, /OPENAI_BASE_URL/],
])('says what to do about %s, and never the key', async (_, how, text, remedy) => {
  server.say(() => how);
  const check = await checked(withKey());
  expect(check).toMatchObject({ level: 'error', text: expect.stringMatching(text) });
  expect(check.remedy).toMatch(remedy);
  expect(check.text).toContain('answers are given without a model');
  expect(JSON.stringify(check)).not.toContain('sk-secret');
});

it('says that nothing answers there, or that none is asked', async () => {
  const gone = await startScriptedModel();
  gone.stop();
  expect(await checked(withKey({ OPENAI_BASE_URL: gone.url }))).toMatchObject({
    level: 'error',
    text: expect.stringMatching(/^nothing answers at 127\.0\.0\.1:\d+ \(ECONNREFUSED\);/),
  });
  expect((await checked({})).text).toBe('none is asked: OPENAI_API_KEY is not set');
  expect((await checked(withKey(), 'llm: { enabled: false }')).text).toContain('llm.enabled is false');
});
