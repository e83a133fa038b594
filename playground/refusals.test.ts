import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRegistry } from './api/registry.js';
import { startPlayground } from './server.js';
import { testManifest, testOptions } from './testing/company.js';
import { countRefusals } from './testing/count-refusals.js';
import { type Caller, commonRefusals, methodCases, section, startCaller } from './testing/method-calls.js';

const methods = [...makeRegistry(null).values()].filter((m) => m.token !== 'app');
let caller: Caller;
beforeAll(async () => {
  caller = await startCaller();
});
afterAll(async () => {
  await caller.playground.stop();
});

describe.each(methods)('$name', ({ name, refusals, scopes, token }) => {
  const entry = methodCases[name];

  it('answers a good call', async () => {
    const good = (await entry?.good(caller)) ?? {};
    expect(await caller.call(name, good)).toMatchObject({ ok: true });
  });

  it.each(refusals)('refuses with %s', async (error) => {
    const change = entry?.refusals?.[error] ?? commonRefusals[error];
    if (entry === undefined || change === undefined)
      throw new Error(`${name} declares ${error}, and nothing brings it about`);
    const args = await change(caller, await entry.good(caller));
    if (name === 'views.publish' && error === 'not_enabled') {
      expect(await withoutHome(args)).toMatchObject({ ok: false, error });
    } else expect(await caller.call(name, args)).toMatchObject({ ok: false, error });
    countRefusals('Web API');
  });

  if (token !== 'none')
    it('refuses a missing and a wrong token, and the app-level one', async () => {
      expect(await caller.call(name, {}, '')).toMatchObject({ ok: false, error: 'not_authed' });
      expect(await caller.call(name, {}, 'xoxb-wrong')).toMatchObject({ ok: false, error: 'invalid_auth' });
      const appToken = caller.playground.appToken;
      expect(await caller.call(name, {}, appToken)).toMatchObject({
        ok: false,
        error: 'not_allowed_token_type',
      });
      countRefusals('Web API', 3);
    });

  if (token !== 'none')
    it('refuses an unknown argument', async () => {
      const good = (await entry?.good(caller)) ?? {};
      expect(await caller.call(name, { ...good, nonsense: 1 })).toMatchObject({
        ok: false,
        error: 'invalid_arguments',
      });
      countRefusals('Web API');
    });

  const needed = scopes({ state: { channels: new Map() } } as never, {});
  if (needed.length > 0)
    it('names the scope that is missing', async () => {
      const bare = await startPlayground(
        testOptions({ manifest: testManifest({ scopes: ['commands'] }), grantOptionalScopes: false }),
      );
      const response = await fetch(`${bare.apiUrl}${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bare.botToken}` },
        body: '{}',
      });
      expect(await response.json()).toMatchObject({
        ok: false,
        error: 'missing_scope',
        needed: expect.any(String),
        provided: 'commands',
      });
      await bare.stop();
      countRefusals('Web API');
    });
});

async function withoutHome(args: object): Promise<unknown> {
  const manifest = testManifest();
  const playground = await startPlayground(
    testOptions({
      manifest: {
        ...manifest,
        features: { ...manifest.features, bot_user: { display_name: 'tester' }, app_home: {} } as never,
      },
    }),
  );
  const response = await fetch(`${playground.apiUrl}views.publish`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${playground.botToken}` },
    body: JSON.stringify(args),
  });
  await playground.stop();
  return response.json();
}

describe('the Web API as a whole', () => {
  it('does not know methods that are gone', async () => {
    expect(await caller.call('files.upload', {})).toMatchObject({ ok: false, error: 'unknown_method' });
    expect(await caller.call('rtm.start', {})).toMatchObject({ ok: false, error: 'unknown_method' });
    countRefusals('Web API', 2);
  });

  it('refuses a body that is no JSON', async () => {
    const response = await fetch(`${caller.playground.apiUrl}auth.test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${caller.playground.botToken}` },
      body: '{"half":',
    });
    expect(await response.json()).toMatchObject({ error: 'invalid_json' });
    countRefusals('Web API');
  });

  it('refuses another workspace', async () => {
    expect(await caller.call('auth.test', { team_id: 'T0OTHER' })).toMatchObject({
      error: 'team_access_not_granted',
    });
    countRefusals('Web API');
  });

  it('says where in the blocks the fault is', async () => {
    const answer = await caller.call('chat.postMessage', {
      channel: 'C0DATAQUESTIONS',
      text: 'x',
      blocks: [section, { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
    });
    expect(answer.errors).toEqual(['must be less than 151 characters [json-pointer:/blocks/1/text/text]']);
    countRefusals('Web API');
  });
});
