import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActReply, ActRequest, ChannelsReply, MessagesReply } from './protocol.js';
import { type Playground, startPlayground } from './server.js';
import { makeFileStorage } from './state/storage.js';
import { checkedReply } from './testing/checked-reply.js';
import { testOptions } from './testing/company.js';
import { showsRefusal } from './testing/shows-refusal.js';
import { eventually } from './testing/wait.js';

let playground: Playground;
const base = (p: Playground): string => p.apiUrl.replace('/api/', '/_play/');
async function get<T>(call: string, p = playground): Promise<T> {
  const response = await fetch(`${base(p)}${call}`, { headers: { authorization: `Bearer ${p.token}` } });
  return checkedReply('GET', call, response.status, await response.json()) as T;
}
async function post<T>(call: string, body: object, p = playground): Promise<T> {
  const response = await fetch(`${base(p)}${call}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${p.token}` },
    body: JSON.stringify(body),
  });
  return checkedReply('POST', call, response.status, await response.json()) as T;
}
const act = (request: ActRequest, p = playground): Promise<ActReply> => post('act', request, p);
const say = (as: string, channel: string, text: string): Promise<ActReply> =>
  act({ as, do: 'message', channel, text });
const messages = async (query: string, p = playground): Promise<MessagesReply> => get(`messages?${query}`, p);
async function api(method: string, args: object, p = playground): Promise<{ [key: string]: unknown }> {
  const response = await fetch(`${p.apiUrl}${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${p.botToken}` },
    body: JSON.stringify(args),
  });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    ...((await response.json()) as object),
  };
}
beforeAll(async () => {
  playground = await startPlayground(testOptions());
});
afterAll(() => playground.stop());

describe('what people see', () => {
  it('people by id, handle, e-mail and first name alike', async () => {
    for (const as of ['U0MAYA', 'maya', '@maya', 'maya@acme.example', 'Maya', 'Maya Lindqvist']) {
      expect(await get(`unread?person=${encodeURIComponent(as)}`)).toHaveProperty('unread');
    }
    expect(await act({ as: 'nobody', do: 'message', text: 'x' })).toMatchObject({
      ok: false,
      code: 'no_such_person',
    });
  });
  it('no private channel and, for a guest, no channel that they are not in', async () => {
    showsRefusal('control API', 'not_in_channel');
    const names = async (person: string): Promise<string[]> =>
      (await get<ChannelsReply>(`channels?person=${person}`)).channels.map((c) => c.name);
    expect(await names('maya')).not.toContain('secret');
    expect(await names('tom')).toContain('secret');
    expect(await names('gil')).not.toContain('general');
    expect(await messages('channel=secret&person=maya')).toMatchObject({ ok: false, code: 'not_in_channel' });
    expect(await say('gil', '#general', 'x')).toMatchObject({ ok: false, code: 'not_in_channel' });
  });
  it('an ephemeral message in a thread nobody, until that has a reply', async () => {
    showsRefusal('delivery and interaction', 'ephemeral in a quiet thread');
    const { ts } = (await api('chat.postMessage', { channel: 'C0DATAQUESTIONS', text: 'head' })) as {
      ts: string;
    };
    const whisper = (text: string) =>
      api('chat.postEphemeral', { channel: 'C0DATAQUESTIONS', user: 'U0MAYA', text, thread_ts: ts });
    const seen = async () =>
      (await messages('channel=data-questions&person=maya')).messages.map((m) => m.text);
    expect(await whisper('too early')).toMatchObject({ ok: true });
    await api('chat.postMessage', { channel: 'C0DATAQUESTIONS', text: 'a reply', thread_ts: ts });
    expect(await whisper('in time')).toMatchObject({ ok: true });
    expect(await seen()).toContain('in time');
    expect(await seen()).not.toContain('too early');
  });
  it('an ephemeral message only its reader, and no history', async () => {
    showsRefusal('delivery and interaction', 'ephemeral to others', 'ephemeral elsewhere');
    await api('chat.postEphemeral', { channel: 'C0DATAQUESTIONS', user: 'U0MAYA', text: 'for maya' });
    expect((await messages('channel=data-questions&person=maya')).messages.map((m) => m.text)).toContain(
      'for maya',
    );
    expect((await messages('channel=data-questions&person=tom')).messages.map((m) => m.text)).not.toContain(
      'for maya',
    );
    const history = await api('conversations.history', { channel: 'C0DATAQUESTIONS' });
    expect(JSON.stringify(history)).not.toContain('for maya');
    const mine = (await messages('person=maya')).messages.find((m) => m.text === 'for maya');
    const named = { channel: 'C0DATAQUESTIONS', ts: mine?.ts, timestamp: mine?.ts, message_ts: mine?.ts };
    const wanted: [string, (keyof typeof named)[], object, string][] = [
      ['conversations.replies', ['ts'], {}, 'thread_not_found'],
      ['chat.update', ['ts'], { text: 'changed' }, 'message_not_found'],
      ['chat.delete', ['ts'], {}, 'message_not_found'],
      ['chat.getPermalink', ['message_ts'], {}, 'message_not_found'],
      ['pins.add', ['timestamp'], {}, 'message_not_found'],
      ['reactions.add', ['timestamp'], { name: 'eyes' }, 'message_not_found'],
    ];
    for (const [method, keys, more, error] of wanted) {
      const args = Object.fromEntries(keys.map((key) => [key, named[key]]));
      expect({ method, ...(await api(method, { channel: named.channel, ...args, ...more })) }).toMatchObject({
        method,
        error,
      });
    }
  });
  it('unread marks that a reading clears', async () => {
    await say('tom', '#data-questions', 'hello @maya');
    const before = await get<{ unread: { [id: string]: { count: number; mentions: number } } }>(
      'unread?person=maya',
    );
    expect(before.unread.C0DATAQUESTIONS).toMatchObject({ mentions: 1 });
    await post('read', { as: 'maya', channel: '#data-questions' });
    const after = await get<typeof before>('unread?person=maya');
    expect(after.unread.C0DATAQUESTIONS).toMatchObject({ count: 0, mentions: 0 });
  });
});

describe('text', () => {
  it('that people type is escaped, with handles, channels and links made live', async () => {
    const { posted } = await say(
      'tom',
      '#data-questions',
      'a <b> & @maya in #general see https://example.com/?a=1&b=2 <!channel>',
    );
    const shown = (await messages('channel=data-questions')).messages.find((m) => m.ts === posted?.ts);
    expect(shown?.text).toBe(
      'a &lt;b&gt; &amp; <@U0MAYA> in <#C0GENERAL|general> see <https://example.com/?a=1&amp;b=2> &lt;!channel&gt;',
    );
    expect(shown?.pings).toEqual({ users: ['U0MAYA'], usergroups: [], broadcast: [] });
  });
  it('that an app posts unescaped really pings', async () => {
    const text = 'name of a column: <!channel> <@U0MAYA> <!subteam^S0DATAPLATFORM>';
    const { ts } = await api('chat.postMessage', {
      channel: 'C0DATAQUESTIONS',
      text: 'plain',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text } },
        { type: 'context', elements: [{ type: 'plain_text', text: '<!everyone>' }] },
      ],
    });
    const shown = (await messages('channel=data-questions')).messages.find((m) => m.ts === ts);
    expect(shown?.pings).toEqual({
      users: ['U0MAYA'],
      usergroups: ['S0DATAPLATFORM'],
      broadcast: ['channel'],
    });
  });
  it('that is hostile is kept letter by letter', async () => {
    const hostile = `"><img src=x onerror=alert(1)>\u202e\u0000\u{1F600}' ; drop table`;
    const { ts } = await api('chat.postMessage', { channel: 'C0WARROOM', text: hostile });
    expect((await messages('channel=war-room')).messages.find((m) => m.ts === ts)?.text).toBe(hostile);
  });
});

describe('limits of rate', () => {
  it('one message a second into a channel after a burst of three, with Retry-After', async () => {
    showsRefusal('Web API', 'ratelimited: channel');
    await post('clock', { advance: '2m' });
    const post1 = (): Promise<{ [key: string]: unknown }> =>
      api('chat.postMessage', { channel: 'C0GENERAL', text: 'x' });
    expect([(await post1()).ok, (await post1()).ok, (await post1()).ok]).toEqual([true, true, true]);
    expect(await post1()).toMatchObject({ status: 429, retryAfter: '1', ok: false, error: 'ratelimited' });
    await post('clock', { advance: '1s' });
    expect(await post1()).toMatchObject({ ok: true });
  });
  it('twenty calls a minute of a tier 2 method', async () => {
    showsRefusal('Web API', 'ratelimited: tier');
    await post('clock', { advance: '2m' });
    const list = (): Promise<{ [key: string]: unknown }> => api('conversations.list', {});
    for (let i = 0; i < 20; i += 1) expect((await list()).ok).toBe(true);
    expect(await list()).toMatchObject({ status: 429, error: 'ratelimited' });
    await post('clock', { advance: '1m' });
    expect((await list()).ok).toBe(true);
  });
});

describe('faults asked for', () => {
  it.each([
    ['rate_limited', { status: 429 }],
    ['http_500', { status: 500 }],
    ['channel_not_found', { status: 200, error: 'channel_not_found' }],
    ['fatal_error', { status: 200, error: 'fatal_error' }],
  ])('%s once, then all is well', async (kind, expected) => {
    await post('fault', { target: 'slack', kind, method: 'auth.test' });
    expect(await api('auth.test', {})).toMatchObject(expected);
    expect((await api('auth.test', {})).ok).toBe(true);
  });
  it('a lost answer: the message is there all the same', async () => {
    await post('clock', { advance: '2m' });
    await post('fault', { target: 'slack', kind: 'lost_answer', method: 'chat.postMessage' });
    await expect(api('chat.postMessage', { channel: 'C0GENERAL', text: 'did it arrive?' })).rejects.toThrow();
    expect((await messages('channel=general')).messages.map((m) => m.text)).toContain('did it arrive?');
  });
  it('and refuses a target that it does not have', async () => {
    showsRefusal('control API', 'no_such_target');
    expect(await post('fault', { target: 'moon', kind: 'full' })).toMatchObject({
      ok: false,
      code: 'no_such_target',
    });
  });
});

describe('response addresses', () => {
  const address = (): string =>
    playground.world.responseUrls.make(playground.world, {
      channel: 'C0NOBOTS',
      user: 'U0MAYA',
      kind: 'commands',
    });
  const use = async (url: string, body: object): Promise<unknown> =>
    (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json();

  it('work five times, where the app is no member too', async () => {
    showsRefusal('delivery and interaction', 'used_url');
    const url = address();
    for (let i = 0; i < 5; i += 1) expect(await use(url, { text: `n ${i}` })).toEqual({ ok: true });
    expect(await use(url, { text: 'once more' })).toEqual({ ok: false, error: 'used_url' });
  });
  it('work for thirty minutes', async () => {
    showsRefusal('delivery and interaction', 'expired_url');
    const url = address();
    await post('clock', { advance: '31m' });
    expect(await use(url, { text: 'late' })).toEqual({ ok: false, error: 'expired_url' });
  });
  it('cannot delete the answer of a command, nor take what is not theirs', async () => {
    showsRefusal(
      'delivery and interaction',
      'cant_delete_message',
      'invalid_payload',
      'empty answer',
      'invalid_url',
      'original is gone',
      'channel is gone',
    );
    expect(await use(address(), { delete_original: true })).toMatchObject({ error: 'cant_delete_message' });
    expect(await use(address(), { nonsense: 1 })).toMatchObject({ error: 'invalid_payload' });
    expect(await use(address(), { text: '' })).toMatchObject({ error: 'no_text' });
    expect(await use(address(), { blocks: [{ type: 'nope' }] })).toMatchObject({ error: 'invalid_blocks' });
    expect(
      await use(`${base(playground)}nowhere`.replace('/_play/', '/actions/T/'), { text: 'x' }),
    ).toMatchObject({ error: 'invalid_url' });
    const { world } = playground;
    const channel = world.state.channels.get('C0NOBOTS');
    const { storeMessage } = await import('./posting.js');
    if (channel === undefined) throw new Error('no channel');
    const message = storeMessage(world, { channel, user: 'U0TOM', text: 'soon gone' });
    const ofCard = world.responseUrls.make(world, {
      channel: channel.id,
      user: 'U0MAYA',
      kind: 'actions',
      message,
    });
    world.messages.remove(channel.id, message.ts);
    expect(await use(ofCard, { delete_original: true })).toMatchObject({ error: 'message_not_found' });
    const elsewhere = world.responseUrls.make(world, { channel: 'C0GONE', user: 'U0MAYA', kind: 'commands' });
    expect(await use(elsewhere, { text: 'x' })).toMatchObject({ error: 'channel_not_found' });
  });
});

describe('triggers', () => {
  it('live three seconds', async () => {
    showsRefusal('delivery and interaction', 'expired_trigger_id', 'exchanged_trigger_id');
    const { makeTriggers } = await import('./delivery/triggers.js');
    let nowMs = 1_000_000;
    const triggers = makeTriggers(() => nowMs);
    const [early, late] = [
      triggers.make({ user: 'U1', fromView: false }),
      triggers.make({ user: 'U1', fromView: false }),
    ];
    nowMs += 2999;
    expect(triggers.use(early)).toEqual({ user: 'U1', fromView: false });
    nowMs += 2;
    expect(triggers.use(late)).toBe('expired_trigger_id');
    expect(triggers.use(early)).toBe('exchanged_trigger_id');
  });
});

describe('chat.update', () => {
  it('takes the blocks away when it brings text alone', async () => {
    showsRefusal('delivery and interaction', 'update without blocks');
    await post('clock', { advance: '2m' });
    const { ts } = await api('chat.postMessage', {
      channel: 'C0GENERAL',
      text: 'card',
      blocks: [{ type: 'divider' }],
    });
    await api('chat.update', { channel: 'C0GENERAL', ts, text: 'bare' });
    expect((await messages('channel=general')).messages.find((m) => m.ts === ts)).toMatchObject({
      text: 'bare',
      blocks: [],
    });
  });
});

describe('the live stream', () => {
  it('tells two browsers of one person the same, and others nothing private', async () => {
    const seen: { [who: string]: string } = { one: '', two: '', tom: '' };
    const abort = new AbortController();
    for (const [who, person] of [
      ['one', 'maya'],
      ['two', 'maya'],
      ['tom', 'tom'],
    ] as const) {
      const response = await fetch(`${base(playground)}live?token=${playground.token}&person=${person}`, {
        signal: abort.signal,
      });
      void (async () => {
        for await (const chunk of response.body ?? []) seen[who] += Buffer.from(chunk).toString('utf8');
      })().catch(() => undefined);
    }
    await api('chat.postEphemeral', { channel: 'C0DATAQUESTIONS', user: 'U0MAYA', text: 'only for maya' });
    await api('views.open', {
      trigger_id: playground.world.triggers.make({ user: 'U0MAYA', fromView: false }),
      view: { type: 'modal', title: { type: 'plain_text', text: 'T' }, blocks: [{ type: 'divider' }] },
    });
    await eventually(() =>
      seen.one?.includes('event: views') && seen.two?.includes('event: views') ? true : undefined,
    );
    const contentOf = (text = ''): string => text.slice(text.indexOf('event: message'));
    expect(contentOf(seen.one)).toBe(contentOf(seen.two));
    expect(seen.one).toContain('only for maya');
    expect(seen.tom).not.toContain('"ephemeral_to"');
    abort.abort();
    await act({ as: 'maya', do: 'close' });
  });
  it('resumes after a break, and says when it cannot', async () => {
    const read = async (lastId: string): Promise<string> => {
      const abort = new AbortController();
      const response = await fetch(`${base(playground)}live?token=${playground.token}&person=maya`, {
        signal: abort.signal,
        headers: { 'last-event-id': lastId },
      });
      const reader = response.body?.getReader();
      let text = '';
      for (let i = 0; i < 2; i += 1) {
        const next = await Promise.race([
          reader?.read(),
          new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 100)),
        ]);
        text += next?.value === undefined ? '' : Buffer.from(next.value).toString('utf8');
      }
      abort.abort();
      return text;
    };
    const first = await read('other-1');
    expect(first).toContain('event: reset');
    const id = /id: (\S+)/.exec(first)?.[1] ?? '';
    await say('tom', '#data-questions', 'while you were away');
    expect(await read(id)).toContain('while you were away');
  });
});

describe('ten thousand messages in a channel', () => {
  it('are paged, from the control API and from the Web API', async () => {
    const { storeMessage } = await import('./posting.js');
    const channel = playground.world.state.channels.get('C0NOBOTS');
    if (channel === undefined) throw new Error('no channel');
    channel.members.push(playground.botUserId);
    for (let i = 0; i < 10_000; i += 1)
      storeMessage(playground.world, { channel, user: 'U0TOM', text: `n${i}` });
    let before: string | undefined;
    let seen = 0;
    const before10k = process.cpuUsage();
    for (;;) {
      const query = `channel=no-bots&limit=1000${before === undefined ? '' : `&before=${before}`}`;
      const { messages: page, has_more } = await messages(query);
      seen += page.filter((m) => /^n\d+$/.test(m.text)).length;
      before = page[0]?.ts;
      if (!has_more) break;
    }
    expect(seen).toBe(10_000);
    const { user, system } = process.cpuUsage(before10k);
    expect((user + system) / 1_000).toBeLessThan(5_000);
    const first = await api('conversations.history', { channel: 'C0NOBOTS', limit: 200 });
    const next = (first.response_metadata as { next_cursor: string }).next_cursor;
    const second = await api('conversations.history', { channel: 'C0NOBOTS', limit: 200, cursor: next });
    expect((second.messages as { text: string }[])[0]?.text).toBe('n9799');
  });
});

describe('a restart', () => {
  it('keeps messages, modals, channels, clock, tokens and ids, also after a write cut short', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'playground-'));
    const file = path.join(dir, 'state.jsonl');
    const first = await startPlayground(testOptions({ storage: makeFileStorage(file) }));
    await act({ as: 'maya', do: 'message', channel: '#data-questions', text: 'before' }, first);
    await api('conversations.create', { name: 'made-here' }, first);
    await api(
      'views.open',
      {
        trigger_id: first.world.triggers.make({ user: 'U0MAYA', fromView: false }),
        view: { type: 'modal', title: { type: 'plain_text', text: 'T' }, blocks: [{ type: 'divider' }] },
      },
      first,
    );
    await post('clock', { advance: '36h' }, first);
    await first.stop();
    await appendFile(file, '["messages/C0DATAQUESTIONS:1","half a rec');
    const second = await startPlayground(testOptions({ storage: makeFileStorage(file) }));
    expect([second.token, second.botToken, second.appToken]).toEqual([
      first.token,
      first.botToken,
      first.appToken,
    ]);
    expect((await messages('channel=data-questions', second)).messages.map((m) => m.text)).toEqual([
      'before',
    ]);
    expect((await get<{ views: object[] }>('views?person=maya', second)).views).toHaveLength(1);
    expect((await get<ChannelsReply>('channels', second)).channels.map((c) => c.name)).toContain('made-here');
    expect((await get<{ offsetMs: number }>('clock', second)).offsetMs).toBe(36 * 3_600_000);
    expect(await api('conversations.create', { name: 'made-after' }, second)).toMatchObject({ ok: true });
    await second.stop();
    expect((await readFile(file, 'utf8')).split('\n').filter((line) => line.includes('half a rec'))).toEqual(
      [],
    );
    await rm(dir, { recursive: true });
  });
});

describe('done by hand', () => {
  it('a channel is made, renamed, archived and deleted', async () => {
    const made = await post<{ channel: { id: string } }>('channel', {
      as: 'tom',
      do: 'create',
      name: 'by-hand',
    });
    expect(await post('channel', { as: 'tom', do: 'create', name: 'by-hand' })).toMatchObject({
      ok: false,
      code: 'name_taken',
    });
    expect(
      await post('channel', { as: 'tom', do: 'rename', channel: '#by-hand', name: 'renamed-by-hand' }),
    ).toMatchObject({ ok: true });
    expect(await post('channel', { as: 'tom', do: 'archive', channel: '#renamed-by-hand' })).toMatchObject({
      channel: { archived: true },
    });
    expect(await post('channel', { as: 'tom', do: 'unarchive', channel: made.channel.id })).toMatchObject({
      channel: { archived: false },
    });
    expect(await post('channel', { as: 'tom', do: 'delete', channel: made.channel.id })).toMatchObject({
      ok: true,
    });
    expect(await api('conversations.info', { channel: made.channel.id })).toMatchObject({
      error: 'channel_not_found',
    });
  });
  it('someone joins, and leaves', async () => {
    expect(await post('person', { name: 'newcomer', real_name: 'Nia Newcomer' })).toMatchObject({
      person: { id: 'U0NEWCOMER' },
    });
    expect(await api('users.info', { user: 'U0NEWCOMER' })).toMatchObject({
      user: { deleted: false, real_name: 'Nia Newcomer' },
    });
    await post('person', { name: 'newcomer', deleted: true });
    expect(await api('users.info', { user: 'U0NEWCOMER' })).toMatchObject({ user: { deleted: true } });
    expect(await act({ as: 'newcomer', do: 'message', text: 'x' })).toMatchObject({
      code: 'account_inactive',
    });
  });
});
