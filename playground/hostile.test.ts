import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRegistry } from './api/registry.js';
import { type Caller, methodCases, startCaller } from './testing/method-calls.js';

/** Values that no caller should send, in every place of every call: each is refused or taken, and nothing breaks. */
const everyValue: unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  ' ',
  '\u0000',
  '\u202e',
  '../../etc/passwd',
  '__proto__',
  '<script>alert(1)</script>',
  '{"a":',
  '[]',
  [],
  {},
  [[[]]],
  { __proto__: { polluted: true } },
  { type: 'modal' },
  [null],
  [{ type: null }],
  'x'.repeat(50_000),
  '%00',
  "'; drop table messages; --",
  { constructor: 1 },
];
// A third of them on a person's machine, all in CI.
const full = process.env.CI === 'true' || process.env.STEWARD_FULL === '1';
const hostile = everyValue.filter((_value, index) => full || index % 3 === 0);
let caller: Caller;
let tried = 0;
beforeAll(async () => {
  caller = await startCaller();
});
afterAll(async () => {
  await caller.playground.stop();
  console.log(`hostile calls that broke nothing: ${tried}`);
});

describe('hostile values', () => {
  it.each([...makeRegistry(null).keys()].filter((name) => name !== 'apps.connections.open'))(
    'in every argument of %s',
    async (name) => {
      const good = (await methodCases[name]?.good(caller)) ?? {};
      for (const key of Object.keys(good)) {
        for (const value of hostile) {
          const answer = await caller.call(name, { ...good, [key]: value });
          expect({
            key,
            value: typeof value === 'string' ? value.slice(0, 40) : value,
            ok: typeof answer.ok,
            broke: answer.error === 'internal_error',
          }).toMatchObject({ ok: 'boolean', broke: false });
          tried += 1;
        }
      }
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    },
  );

  it('in every field of every control call', async () => {
    const base = caller.playground.apiUrl.replace('/api/', '/_play/');
    const fields = [
      'as',
      'do',
      'channel',
      'thread',
      'text',
      'message',
      'action_id',
      'value',
      'values',
      'view',
      'advance',
      'target',
      'kind',
      'sql',
      'step',
      'name',
      'base64',
    ];
    for (const call of [
      'act',
      'options',
      'read',
      'upload',
      'clock',
      'fault',
      'warehouse',
      'story',
      'channel',
      'person',
    ]) {
      for (const field of fields) {
        for (const value of hostile) {
          const body = {
            as: 'maya',
            do: call === 'channel' ? 'rename' : 'message',
            channel: '#data-questions',
            action_id: 'x',
            value: 'x',
            [field]: value,
          };
          const response = await fetch(`${base}${call}?token=${caller.playground.token}`, {
            method: 'POST',
            body: JSON.stringify(body),
          });
          expect({
            call,
            field,
            value: typeof value === 'string' ? value.slice(0, 40) : value,
            broke: response.status >= 500,
          }).toMatchObject({ broke: false });
          await response.arrayBuffer();
          tried += 1;
        }
      }
    }
  });

  it('in every query of the control API', async () => {
    const base = caller.playground.apiUrl.replace('/api/', '/_play/');
    for (const call of [
      'messages',
      'views',
      'home',
      'channels',
      'channel',
      'unread',
      'behind',
      'live',
      'file',
      'nothing',
    ]) {
      for (const field of ['channel', 'person', 'thread', 'before', 'limit', 'after', 'id']) {
        for (const value of hostile.filter((v) => typeof v === 'string' && v.length < 5000)) {
          const abort = new AbortController();
          const response = await fetch(
            `${base}${call}?token=${caller.playground.token}&${field}=${encodeURIComponent(String(value))}`,
            { signal: abort.signal },
          );
          expect({ call, field, value, broke: response.status >= 500 }).toMatchObject({ broke: false });
          abort.abort();
          tried += 1;
        }
      }
    }
  });
});
