import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActReply, ActRequest, JsonObject } from './protocol.js';
import { NotLoopback, type Playground, startPlayground } from './server.js';
import { checkedReply } from './testing/checked-reply.js';
import { testManifest, testOptions } from './testing/company.js';
import type { Rules } from './testing/refusal-rules.js';
import { showsRefusal } from './testing/shows-refusal.js';

/** Every word with which the control API turns somebody down (testing/refusal-rules.ts), brought about. */

type Word = keyof Rules['control API'];

let playground: Playground;
/** Without story, warehouse, faults beyond its own, or `agent_view`. */
let bare: Playground;
const base = (p: Playground): string => p.apiUrl.replace('/api/', '/_play/');
async function call(
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  p = playground,
): Promise<JsonObject> {
  const response = await fetch(`${base(p)}${path}`, {
    method,
    headers: { authorization: `Bearer ${p.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return checkedReply(method, path, response.status, await response.json()) as JsonObject;
}
const act = async (request: ActRequest, p = playground): Promise<ActReply> => {
  const reply: JsonObject & Partial<ActReply> = await call('POST', 'act', request, p);
  return { ok: false, ackMs: -1, ...reply };
};
async function api(method: string, args: object): Promise<JsonObject> {
  await playground.world.clock.advance(60_000);
  const response = await fetch(`${playground.apiUrl}${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${playground.botToken}` },
    body: JSON.stringify(args),
  });
  return (await response.json()) as JsonObject;
}
/** A request with headers that fetch does not let one set. */
function raw(headers: { [name: string]: string }, requestPath: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http
      .get({ port: playground.port, host: '127.0.0.1', path: requestPath, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .on('error', reject);
  });
}

beforeAll(async () => {
  playground = await startPlayground(
    testOptions({
      hooks: {
        fault: async ({ kind }) => {
          if (kind !== 'flushed') throw new Error('The queue can be flushed, nothing else.');
          return [];
        },
        story: {
          steps: async () => [{ step: 'late-source', title: 'Late', description: '', done: false }],
          run: async () => 'Late.',
        },
      },
    }),
  );
  const manifest = testManifest();
  const { agent_view: _none, ...features } = manifest.features ?? {};
  bare = await startPlayground(testOptions({ manifest: { ...manifest, features } as never }));
});
afterAll(async () => {
  await playground.stop();
  await bare.stop();
});

describe('who may call', () => {
  it('nobody without the token', async () => {
    showsRefusal('control API', 'HTTP 401');
    expect(await raw({}, '/_play/people')).toBe(401);
    expect(await raw({}, '/_play/people?token=wrong')).toBe(401);
    expect(await raw({}, `/_play/people?token=${playground.token}`)).toBe(200);
  });
  it('nobody under another Host, with the token even', async () => {
    showsRefusal('control API', 'HTTP 403');
    expect(await raw({ host: 'evil.example.com' }, `/_play/people?token=${playground.token}`)).toBe(403);
    expect(
      await raw(
        { host: `127.0.0.1.evil.example.com:${playground.port}` },
        `/_play/people?token=${playground.token}`,
      ),
    ).toBe(403);
    expect(
      await raw({ host: `localhost:${playground.port}` }, `/_play/people?token=${playground.token}`),
    ).toBe(200);
  });
  it('no page of another Origin', async () => {
    showsRefusal('control API', 'HTTP 403');
    expect(await raw({ origin: 'https://evil.example.com' }, `/_play/people?token=${playground.token}`)).toBe(
      403,
    );
    expect(await raw({ origin: 'null' }, '/api/auth.test')).toBe(403);
  });
  it('nobody beyond this machine', async () => {
    showsRefusal('control API', 'loopback');
    await expect(startPlayground(testOptions({ host: '0.0.0.0' }))).rejects.toBeInstanceOf(NotLoopback);
  });

  it('too much of a body, and a POST to the page', async () => {
    showsRefusal('control API', 'HTTP 413', 'HTTP 405');
    const post = (path: string, body: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${playground.port}${path}?token=${playground.token}`, { method: 'POST', body });
    expect((await post('/_play/act', 'x'.repeat(15_000_001))).status).toBe(413);
    expect((await post('/', '{}')).status).toBe(405);
  });
});

describe('a person acting wrongly is told so', () => {
  it.each<[string, ActRequest, Word]>([
    ['an unknown command', { as: 'maya', do: 'command', text: '/nothing' }, 'no_such_command'],
    [
      'a command in a thread',
      { as: 'maya', do: 'command', text: '/echo x', thread: '1.1' },
      'no_commands_in_threads',
    ],
    [
      'an unknown channel',
      { as: 'maya', do: 'message', channel: '#nowhere', text: 'x' },
      'channel_not_found',
    ],
    ['an unknown shortcut', { as: 'maya', do: 'shortcut', callback_id: 'x' }, 'no_such_shortcut'],
    ['a button that is not there', { as: 'maya', do: 'click', action_id: 'x' }, 'no_such_action'],
    ['a click without a name', { as: 'maya', do: 'click' }, 'no_action'],
    ['a submission without a modal', { as: 'maya', do: 'submit' }, 'no_view'],
    ['closing nothing', { as: 'maya', do: 'close' }, 'no_view'],
    [
      'a reaction on nothing',
      { as: 'maya', do: 'react', channel: '#general', message: '1.1', value: 'tada' },
      'message_not_found',
    ],
    ['silence', { as: 'maya', do: 'message', text: ' ' }, 'no_text'],
    ['someone who left', { as: 'lea', do: 'message', text: 'x' }, 'account_inactive'],
  ])('%s', async (_what, request, code) => {
    showsRefusal('control API', code);
    expect(await act(request)).toMatchObject({ ok: false, ackMs: 0, code, error: expect.any(String) });
  });
  it('a body of another shape', async () => {
    showsRefusal('control API', 'invalid_request');
    expect(await call('POST', 'act', { as: 'maya', do: 'fly' })).toMatchObject({
      ok: false,
      code: 'invalid_request',
    });
    expect(await call('POST', 'act', { as: 'maya', do: 'home', surprise: 1 })).toMatchObject({
      ok: false,
      code: 'invalid_request',
    });
    expect(await call('POST', 'clock', { advance: '-3h' })).toMatchObject({
      ok: false,
      code: 'invalid_request',
    });
  });
});

describe('looking at what is not there, or not for everybody', () => {
  it.each<[Word, 'GET' | 'POST', string, object?]>([
    ['no_such_call', 'GET', 'nonsense'],
    ['missing_parameter', 'GET', 'views'],
    ['no_such_person', 'GET', 'views?person=nobody'],
    ['channel_not_found', 'GET', 'messages?channel=nowhere'],
    ['not_in_channel', 'GET', 'messages?channel=secret&person=maya'],
    ['no_channel', 'GET', 'messages'],
    ['invalid_limit', 'GET', 'messages?channel=general&limit=1001'],
    ['invalid_size', 'POST', 'upload', { as: 'maya', name: 'a.txt', base64: '' }],
    ['fault_refused', 'POST', 'fault', { target: 'queue', kind: 'nonsense' }],
    ['no_such_step', 'POST', 'story', { step: 'early-source' }],
    ['restricted_action', 'POST', 'channel', { as: 'tom', do: 'archive', channel: '#general' }],
    ['restricted_action', 'POST', 'person', { name: 'tester', deleted: true }],
    ['name_taken', 'POST', 'channel', { as: 'tom', do: 'create', name: 'general' }],
  ])('%s', async (code, method, path, body) => {
    showsRefusal('control API', code);
    expect(await call(method, path, body)).toMatchObject({ ok: false, code, error: expect.any(String) });
  });

  it.each<[Word, 'GET' | 'POST', string, object?]>([
    ['no_story', 'GET', 'story'],
    ['no_warehouse', 'POST', 'warehouse', { as: 'maya', sql: 'select 1' }],
    ['no_such_target', 'POST', 'fault', { target: 'queue', kind: 'flushed' }],
    ['no_agent_view', 'POST', 'act', { as: 'maya', do: 'look' }],
  ])('%s, where there is none', async (code, method, path, body) => {
    showsRefusal('control API', code);
    expect(await call(method, path, body, bare)).toMatchObject({ ok: false, code });
  });
});

describe('acting where one cannot', () => {
  const plain = (text: string): JsonObject => ({ type: 'plain_text', text });
  const openModal = async (change: object = {}): Promise<void> => {
    while ((await act({ as: 'maya', do: 'close' })).ok);
    const view = { type: 'modal', title: plain('T'), blocks: [{ type: 'divider' }], ...change };
    const trigger_id = playground.world.triggers.make({ user: 'U0MAYA', fromView: false });
    expect(await api('views.open', { trigger_id, view })).toMatchObject({ ok: true });
  };
  const field = {
    type: 'input',
    block_id: 'why',
    label: plain('Why'),
    element: { type: 'plain_text_input', action_id: 'why_of' },
  };

  it('in channels and messages', async () => {
    const said = (await act({ as: 'tom', do: 'message', channel: '#data-questions', text: 'mine' })).posted;
    const message = said?.ts ?? '';
    const here = { as: 'maya', channel: '#data-questions' } as const;
    const refused = async (code: Word, request: ActRequest): Promise<void> => {
      showsRefusal('control API', code);
      expect({ request, ...(await act(request)) }).toMatchObject({ ok: false, code });
    };
    await refused('not_yours', { ...here, do: 'edit', message, text: 'yours' });
    await refused('cant_leave_general', { as: 'maya', do: 'leave', channel: '#general' });
    await refused('file_not_found', { ...here, do: 'message', text: 'see', files: ['F0NOPE'] });
    await refused('no_message', { ...here, do: 'shortcut', callback_id: 'about_this' });
    await refused('invalid_name', { ...here, do: 'react', message, value: 'no emoji' });
    await refused('no_reaction', { ...here, do: 'react', message, value: 'tada', remove: true });
    await act({ ...here, do: 'react', message, value: 'tada' });
    await refused('already_reacted', { ...here, do: 'react', message, value: 'tada' });
    await refused('no_thread', { ...here, do: 'stop' });
    await refused('no_session', { ...here, do: 'retitle', thread: message, text: 'T' });
    await refused('invalid_title', { ...here, do: 'retitle', thread: message, text: ' ' });
    const quiet = await api('chat.postEphemeral', {
      channel: 'C0DATAQUESTIONS',
      user: 'U0MAYA',
      text: 'for you',
    });
    await refused('cannot_reply', { ...here, do: 'message', thread: String(quiet.message_ts), text: 'x' });
    await api('conversations.create', { name: 'old-war' });
    await act({ as: 'tom', do: 'join', channel: '#old-war' });
    await call('POST', 'channel', { as: 'tom', do: 'archive', channel: '#old-war' });
    await refused('is_archived', { as: 'tom', do: 'message', channel: '#old-war', text: 'x' });
  });

  it('in modals', async () => {
    const refused = async (code: Word, request: Omit<ActRequest, 'as'>): Promise<void> => {
      showsRefusal('control API', code);
      expect({ request, ...(await act({ as: 'maya', ...request })) }).toMatchObject({ ok: false, code });
    };
    await openModal();
    await refused('no_submit', { do: 'submit' });
    await refused('view_not_on_top', { do: 'submit', view: 'V0OTHER' });
    await openModal({ submit: plain('Send'), submit_disabled: true });
    await refused('submit_disabled', { do: 'submit' });
    const twice = { ...field, block_id: 'also', optional: true };
    await openModal({ submit: plain('Send'), blocks: [field, twice] });
    await refused('errors', { do: 'submit' });
    await refused('no_such_input', { do: 'submit', values: { elsewhere: 'x' } });
    await refused('ambiguous_input', { do: 'submit', values: { why_of: 'x' } });
    await refused('no_dispatch', { do: 'click', action_id: 'why_of', value: 'x' });
    const pick = { type: 'datepicker', action_id: 'day' };
    await openModal({ blocks: [{ type: 'actions', elements: [pick] }] });
    await refused('wrong_value', { do: 'click', action_id: 'day', value: 'tomorrow' });
    showsRefusal('control API', 'not_external');
    expect(await call('POST', 'options', { as: 'maya', action_id: 'day', value: 'x' })).toMatchObject({
      ok: false,
      code: 'not_external',
    });
  });
});
