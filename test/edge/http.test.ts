import { createHmac } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { startHttpServer } from '../../src/http/server.js';
import { makeLogger } from '../../src/telemetry/logger.js';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';

let app: TestSteward;

beforeAll(async () => {
  app = await startTestSteward({
    people: [
      { email: 'ana@acme.example', name: 'Ana', slack: 'U0ANA', teams: ['data'] },
      { email: 'ben@acme.example', name: 'Ben', slack: 'U0BEN', teams: ['sales'] },
      { email: 'gus@guest.example', name: 'Gus', slack: 'U0GUS', teams: [], guest: true },
    ],
    strangers: [{ name: 'zoe', foreignTeamId: 'T0OTHER' }],
    config: 'slack: { commands: { backfill: /rerun } }',
  });
});

async function until<Result>(look: () => Promise<Result | undefined | false>, ms = 40_000): Promise<Result> {
  const deadline = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error('waited too long');
    await sleep(40);
  }
}

/** A request as Slack signs it. */
function signed(
  body: string,
  params: { at?: number; secret?: string; contentType?: string } = {},
): RequestInit {
  const at = params.at ?? Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', params.secret ?? app.signingSecret)
    .update(`v0:${at}:${body}`)
    .digest('hex');
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': params.contentType ?? 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': `v0=${signature}`,
    },
  };
}

function command(text: string, user = 'U0ANA'): string {
  return new URLSearchParams({
    command: '/metric',
    text,
    user_id: user,
    team_id: app.playground.teamId,
    channel_id: 'C0GENERAL',
    channel_name: 'general',
    trigger_id: `t-${Math.random()}`,
    response_url: 'http://127.0.0.1:9/none',
  }).toString();
}

const events = () => `${app.url}/slack/events`;

it('answers a signed /metric inside the HTTP reply, within 300 ms', async () => {
  const took: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const began = performance.now();
    const answer = await fetch(events(), signed(command('what does orders mean?')));
    took.push(performance.now() - began);
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as { response_type: string; text: string };
    expect(body.response_type).toBe('ephemeral');
    expect(body.text).toContain('Number of orders placed and not cancelled');
  }
  // The shortest of many: this machine may be busy with other tests at the same time, and what is slow by itself is slow every time.
  expect(Math.min(...took)).toBeLessThan(300);
});

it('accepts a charset behind the content type', async () => {
  const answer = await fetch(
    events(),
    signed(command('orders'), { contentType: 'application/x-www-form-urlencoded; charset=utf-8' }),
  );
  expect(answer.status).toBe(200);
});

it('refuses unsigned, wrongly signed, stale and future requests', async () => {
  const hour = 3_600;
  const now = Math.floor(Date.now() / 1000);
  expect(
    (
      await fetch(events(), {
        method: 'POST',
        body: command('orders'),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
    ).status,
  ).toBe(401);
  expect((await fetch(events(), signed(command('orders'), { secret: 'another secret' }))).status).toBe(401);
  expect((await fetch(events(), signed(command('orders'), { at: now - hour }))).status).toBe(401);
  expect((await fetch(events(), signed(command('orders'), { at: now + hour }))).status).toBe(401);
});

it('refuses a body over the limit, and survives one that is no form', async () => {
  expect((await fetch(events(), signed(command('x'.repeat(2_000_000))))).status).toBe(413);
  expect(
    (await fetch(events(), signed('{"nonsense":', { contentType: 'application/json' }))).status,
  ).toBeGreaterThanOrEqual(400);
  for (const nothing of ['null', '"words"', '7', '[]'])
    expect((await fetch(events(), signed(nothing, { contentType: 'application/json' }))).status).toBe(400);
  expect((await fetch(events(), signed('payload=null'))).status).toBe(400);
  expect((await fetch(events(), signed('payload=null', { secret: 'another secret' }))).status).toBe(401);
  expect((await fetch(events(), signed(command('orders')))).status).toBe(200);
});

it('answers a replayed signed read with nothing', async () => {
  const request = signed(command('orders'));
  expect(await (await fetch(events(), request)).text()).toContain('Orders');
  expect(await (await fetch(events(), request)).text()).toBe('');
});

it('takes an event that comes twice once', async () => {
  const event = JSON.stringify({
    type: 'event_callback',
    event_id: 'Ev-twice',
    team_id: app.playground.teamId,
    event: {
      type: 'app_mention',
      user: 'U0ANA',
      channel: 'C0GENERAL',
      ts: '1.1',
      text: `<@${app.playground.botUserId}> orders`,
    },
  });
  for (let n = 0; n < 3; n += 1)
    expect((await fetch(events(), signed(event, { contentType: 'application/json' }))).status).toBe(200);
  await until(async () => {
    const row = await app.database.db
      .selectFrom('inbox')
      .selectAll()
      .where('key', '=', 'event:Ev-twice')
      .executeTakeFirst();
    return row?.state === 'done';
  });
  const rows = await app.database.db
    .selectFrom('reply')
    .selectAll()
    .where('delivery_key', '=', 'event:Ev-twice')
    .execute();
  expect(rows).toHaveLength(1);
});

it('takes words with NUL or half an emoji in, which PostgreSQL stores nowhere', async () => {
  const asked = (words: string, trigger: string) => {
    const request = new URLSearchParams(command(words));
    request.set('command', '/incident');
    request.set('trigger_id', trigger);
    return fetch(events(), signed(request.toString()));
  };
  expect(await (await asked('ack 4711 \u0000', 't-nul')).text()).toBe('');
  const event = {
    type: 'event_callback',
    event_id: 'Ev-half',
    team_id: app.playground.teamId,
    event: {
      type: 'app_mention',
      user: 'U0ANA',
      channel: 'C0GENERAL',
      ts: '2.1',
      text: `<@${app.playground.botUserId}> orders \ud83d`,
    },
  };
  const taken = await fetch(events(), signed(JSON.stringify(event), { contentType: 'application/json' }));
  expect(taken.status).toBe(200);
  for (const key of ['trigger:t-nul', 'event:Ev-half'])
    await until(async () => {
      const row = await app.database.db
        .selectFrom('inbox')
        .selectAll()
        .where('key', '=', key)
        .executeTakeFirst();
      return row?.state === 'done';
    });
});

it('works a command that comes three times at once once, though its reply cannot be delivered', async () => {
  const request = new URLSearchParams(command('ack 4711'));
  request.set('command', '/incident');
  request.set('trigger_id', 't-thrice');
  const answers = await Promise.all([0, 1, 2].map(() => fetch(events(), signed(request.toString()))));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const rows = await until(async () => {
    const stored = await app.database.db
      .selectFrom('inbox')
      .select(['state', 'last_error'])
      .where('key', '=', 'trigger:t-thrice')
      .execute();
    return stored.length > 0 && stored.every(({ state }) => state === 'done') && stored;
  });
  expect(rows).toEqual([{ state: 'done', last_error: null }]);
});

it('names a command as the company calls it', async () => {
  const request = new URLSearchParams(command('show 4711'));
  request.set('command', '/rerun');
  const answer = await (await fetch(events(), signed(request.toString()))).text();
  expect(answer).toContain('There is no such backfill. `/rerun list` shows those that are.');
  await app.act({ as: 'ana', do: 'mention', channel: 'general', text: 'rerun show 4711' });
  const said = await until(async () =>
    (await app.messages({ channel: 'general' })).find(({ text }) => text.includes('no such backfill')),
  );
  expect(said.text).toContain('`/rerun list`');
});

it('keeps no worker waiting for a reply that is not taken, and sends it again', async () => {
  const held: ServerResponse[] = [];
  let taken = '';
  const slow = createServer((request, response) => {
    if (held.length === 0) {
      held.push(response);
      return;
    }
    request.on('data', (chunk: Buffer) => {
      taken += chunk.toString();
    });
    request.on('end', () => response.end('ok'));
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => slow.close(() => resolve())));
  const request = new URLSearchParams(command('ack 4711'));
  request.set('command', '/incident');
  request.set('trigger_id', 't-slow');
  request.set('response_url', `http://127.0.0.1:${(slow.address() as AddressInfo).port}/reply`);
  expect((await fetch(events(), signed(request.toString()))).status).toBe(200);
  await until(async () => {
    const stored = await app.database.db
      .selectFrom('inbox')
      .select('state')
      .where('key', '=', 'trigger:t-slow')
      .executeTakeFirst();
    return stored?.state === 'done';
  });
  expect(
    held.map(({ destroyed }) => destroyed),
    'the reply is on its way still',
  ).toEqual([false]);
  held[0]?.destroy();
  expect(await until(async () => taken)).toContain('There is no INC-4711.');
});

it('answers a mention in its thread, durably and once', async () => {
  const posted = await app.act({
    as: 'ana',
    do: 'mention',
    channel: 'general',
    text: 'what does orders mean?',
  });
  expect(posted.ok).toBe(true);
  const answer = await until(async () =>
    (await app.messages({ channel: 'general' })).find(
      (message) => message.thread_ts && message.text.includes('not cancelled'),
    ),
  );
  expect(answer.ephemeral_to).toBeUndefined();
});

it('answers in direct messages', async () => {
  const said = await app.act({ as: 'ana', do: 'message', channel: 'dm', text: 'who owns orders?' });
  expect(said).toMatchObject({ ok: true });
  await until(async () =>
    (await app.messages({ person: 'ana' })).find(
      (message) => /ana/i.test(message.text) && message.user !== 'U0ANA',
    ),
  );
});

it('turns guests and strangers away with a sentence, and does nothing for them', async () => {
  const guest = await app.act({ as: 'gus', do: 'command', channel: 'general', text: '/metric orders' });
  expect(guest.reply?.text).toContain('only work for full members');
  const stranger = await app.act({ as: 'zoe', do: 'command', channel: 'general', text: '/metric orders' });
  expect(stranger.reply?.text ?? '').toMatch(/shared channel|another workspace/);
});

it('says what it knows when it does not know the words', async () => {
  const help = await app.act({ as: 'ana', do: 'command', channel: 'general', text: '/metric help' });
  expect(help.reply?.text).toContain('why &lt;name&gt;');
  const unknown = await app.act({
    as: 'ana',
    do: 'command',
    channel: 'general',
    text: '/steward frobnicate',
  });
  expect(unknown.reply?.text).toContain('nothing was changed');
});

it('survives 4,000 characters, emoji, right-to-left text and injected mentions in a question', async () => {
  for (const text of ['x'.repeat(4_000), '🐙🎉 orders?', 'ما معنى orders', '<!channel> orders <@U0BEN>']) {
    const answer = await app.act({ as: 'ana', do: 'command', channel: 'general', text: `/metric ${text}` });
    expect(answer.ok).toBe(true);
    expect(answer.reply?.text ?? '').not.toContain('<!channel>');
    expect(answer.reply?.text ?? '').not.toContain('<@U0BEN>');
  }
});

it('shares a private answer when its asker says so, and only then', async () => {
  const answer = await app.act({ as: 'ana', do: 'command', channel: 'general', text: '/metric orders' });
  const share = JSON.stringify(answer.reply?.blocks).includes('reply:share');
  expect(share).toBe(true);
  const pressed = await app.act({
    as: 'ana',
    do: 'click',
    channel: 'general',
    action_id: 'reply:share',
    message: (answer.reply as { ts?: string }).ts,
  });
  expect(pressed.ok).toBe(true);
  await until(async () =>
    (await app.messages({ channel: 'general' })).find((message) =>
      JSON.stringify(message.blocks).includes('Shared by'),
    ),
  );
});

it('is healthy and ready, and shows its metrics on loopback', async () => {
  expect(await (await fetch(`${app.url}/healthz`)).text()).toBe('ok');
  expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  expect(metrics).toContain('steward_work_total');
  expect((await fetch(`${app.url}/webhooks/dbt/none`, { method: 'POST', body: '{}' })).status).toBe(404);
});

it('names PORT where it is in use, and HOST where it is no address of this machine', async () => {
  const nothing = async () => ({ status: 404 });
  const listen = (port: number, host: string) =>
    startHttpServer(makeLogger('silent'), {
      port,
      host,
      webhook: nothing,
      ready: async () => true,
      statusFeed: async () => null,
      open: () => ({ status: 404 }),
      metrics: nothing,
      confirm: async () => null,
    });
  const { port } = new URL(app.url);
  await expect(listen(Number(port), '127.0.0.1')).rejects.toThrow(`PORT: ${port} is in use on 127.0.0.1.`);
  await expect(listen(0, '203.0.113.7')).rejects.toThrow('HOST: 203.0.113.7 is no address of this machine.');
});

it('answers HEAD as GET for whoever looks whether it lives, and an address of slashes with 404', async () => {
  for (const [path, status] of [
    ['/healthz', 200],
    ['/readyz', 200],
    ['/nowhere', 404],
    ['//', 404],
    ['//healthz', 404],
  ])
    expect((await fetch(`${app.url}${path}`, { method: 'HEAD' })).status).toBe(status);
});
