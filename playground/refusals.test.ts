import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeWithShared, sharedPath } from '../test/helpers/shared.js';
import { makeRegistry } from './api/registry.js';
import type { JsonObject } from './protocol.js';
import { startPlayground } from './server.js';
import { testManifest, testOptions } from './testing/company.js';
import { meaningless, onlyAsFault } from './testing/documented-errors.js';
import {
  type Caller,
  commonRefusals,
  methodCases,
  plainChanges,
  section,
  startCaller,
} from './testing/method-calls.js';
import { callRules } from './testing/refusal-rules.js';
import { showsRefusal, showsRefusalOf } from './testing/shows-refusal.js';

const methods = [...makeRegistry(null).values()].filter((m) => m.token !== 'app');
const operation = z.object({
  responses: z.object({
    default: z
      .object({
        schema: z
          .object({
            properties: z
              .object({ error: z.object({ enum: z.array(z.string()).optional() }).optional() })
              .optional(),
          })
          .optional(),
      })
      .optional(),
  }),
});
const apiDescription = z.object({
  paths: z.record(z.string(), z.object({ get: operation.optional(), post: operation.optional() })),
});

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
    showsRefusalOf(name, error);
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
      showsRefusal('Web API', 'not_authed', 'invalid_auth', 'not_allowed_token_type');
    });

  if (token !== 'none')
    it('refuses an unknown argument', async () => {
      const good = (await entry?.good(caller)) ?? {};
      expect(await caller.call(name, { ...good, nonsense: 1 })).toMatchObject({
        ok: false,
        error: 'invalid_arguments',
      });
      showsRefusal('Web API', 'invalid_arguments');
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
      showsRefusal('Web API', 'missing_scope');
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
    showsRefusal('Web API', 'unknown_method');
  });

  const json = 'application/json';
  const form = 'application/x-www-form-urlencoded';
  it.each([
    ['invalid_json', json, '{"half":'],
    ['json_not_object', json, '[1]'],
    ['missing_post_type', '', '{}'],
    ['invalid_post_type', 'application/xml', '<a/>'],
    ['invalid_charset', `${json}; charset=utf-7`, '{}'],
    ['invalid_form_data', form, 'pretty=%zz'],
    ['invalid_form_data', 'multipart/form-data; boundary=x', 'no part of it'],
    ['invalid_array_arg', form, 'users[0]=U0MAYA'],
    ['invalid_arg_name', json, '{"no word": 1}'],
  ] as const)('refuses a body that cannot be read: %s', async (error, type, body) => {
    const response = await fetch(`${caller.playground.apiUrl}auth.test`, {
      method: 'POST',
      headers: {
        ...(type === '' ? {} : { 'content-type': type }),
        authorization: `Bearer ${caller.playground.botToken}`,
      },
      // Bytes, because a string would be given a type on the way.
      body: new TextEncoder().encode(body),
    });
    expect(await response.json()).toMatchObject({ ok: false, error });
    showsRefusal('Web API', error);
  });

  it('takes the charset that browsers and clients send', async () => {
    for (const type of [`${json};charset=UTF-8`, `${form}; charset="utf-8"`, 'text/plain;charset=UTF-8']) {
      const response = await fetch(`${caller.playground.apiUrl}auth.test`, {
        method: 'POST',
        headers: { 'content-type': type, authorization: `Bearer ${caller.playground.botToken}` },
        body: type.startsWith(json) ? '{}' : '',
      });
      expect(await response.json()).toMatchObject({ ok: true });
    }
  });

  it('refuses another workspace', async () => {
    expect(await caller.call('auth.test', { team_id: 'T0OTHER' })).toMatchObject({
      error: 'team_access_not_granted',
    });
    showsRefusal('Web API', 'team_access_not_granted');
  });

  it('says where in the blocks the fault is', async () => {
    const answer = await caller.call('chat.postMessage', {
      channel: 'C0DATAQUESTIONS',
      text: 'x',
      blocks: [section, { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
    });
    expect(answer.errors).toEqual(['must be less than 151 characters [json-pointer:/blocks/1/text/text]']);
    showsRefusal('Block Kit', 'place of the fault');
  });
});

describeWithShared('specs/slack/web-api', "Slack's published description of its API", () => {
  const text = readFileSync(sharedPath('specs/slack/web-api/slack_web_openapi_v2.json'), 'utf8');
  const { paths } = apiDescription.parse(JSON.parse(text));
  const faults = onlyAsFault.flatMap(({ words }) => words);
  const documented = [...makeRegistry(null).values()].flatMap(({ name, refusals }) => {
    const operation = paths[`/${name}`];
    const errors =
      (operation?.post ?? operation?.get)?.responses.default?.schema?.properties?.error?.enum ?? [];
    return errors.map((word) => ({ name, word, isOwn: refusals.includes(word) }));
  });

  it('has no error for a method that the stand-in neither answers nor names a reason for', () => {
    const missing = documented.filter(
      ({ name, word, isOwn }) =>
        !isOwn &&
        !(word in callRules) &&
        !faults.includes(word) &&
        word !== 'ratelimited' &&
        meaningless[name]?.[word] === undefined,
    );
    expect(missing).toEqual([]);
    expect(documented.length).toBeGreaterThan(700);
  });

  it('has every word that is said to come only when asked for, and then it comes', async () => {
    const words = new Set(documented.map(({ word }) => word));
    expect(faults.filter((word) => !words.has(word))).toEqual([]);
    for (const word of faults) {
      caller.playground.world.faults.add({ target: 'slack', kind: word, count: 1, method: 'auth.test' });
      const said = word === 'rate_limited' ? 'ratelimited' : word;
      expect(await caller.callInside('auth.test', {})).toMatchObject({ ok: false, error: said });
    }
  });
});

describe('the words that methods list', () => {
  /** Every way in which some method is refused, tried on each: what comes back must be one of its own words, or one of every call's. */
  it.each(methods)('are all that $name answers', async ({ name, refusals }) => {
    const good = (await methodCases[name]?.good(caller)) ?? {};
    const known = new Set([...refusals, ...Object.keys(callRules)]);
    const unlisted: JsonObject[] = [];
    for (const change of plainChanges) {
      const args = await change(caller, good);
      const { ok, error } = await caller.callInside(name, args);
      if (ok !== true && !known.has(String(error))) unlisted.push({ error, args });
    }
    expect(unlisted).toEqual([]);
  });
});
