import { sql } from 'kysely';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';
import { doorOf, until } from './door.js';

let app: TestSteward;
const { newest, declare, command, deadWork } = doorOf(() => app);
const secret = 'a secret of this test';

beforeAll(async () => {
  app = await startTestSteward({
    config: [
      'slack: { channels: { incidents: general } }',
      'authority: { dataTeam: [data] }',
      'incidents:',
      '  endpoints: [{ source: generic, id: main, auth: { type: bearer, secrets: [{ env: ALERTS }] } }]',
    ].join('\n'),
    env: { ALERTS: secret },
  });
  await declare('orders are late', 'sev2');
  await until(newest, ({ channel_state }) => channel_state === 'ready');
}, 180_000);

/** Nobody else reads or writes the table while `during` runs, and for as long as `ms`. */
async function locked<Value>(table: string, ms: number, during: () => Promise<Value>): Promise<Value> {
  const client = new pg.Client({ connectionString: app.database.url });
  await client.connect();
  await client.query(`begin; lock table ${table} in access exclusive mode`);
  const opened = new Promise<void>((resolve) => {
    setTimeout(() => void client.query('commit').then(() => resolve()), ms);
  });
  try {
    return await during();
  } finally {
    await opened;
    await client.end();
  }
}

const said = (words: RegExp) =>
  until(
    async () => (await app.messages({ channel: 'general' })).findLast(({ text }) => words.test(text)),
    (message) => message !== undefined,
  );

describe('while the database is slow', () => {
  it('pitfall 2: a command is acked in time, and its answer comes when it is there', async () => {
    const before = (await app.messages({ channel: 'general' })).length;
    const asked = await locked('incident', 4_000, () => command('/incident list'));
    expect(asked).toMatchObject({ ok: true });
    expect(asked.ackMs).toBeLessThan(3_000);
    await until(
      async () => (await app.messages({ channel: 'general' })).slice(before),
      (messages) => messages.some(({ text }) => text.startsWith('1 incident: INC-1')),
    );
  }, 60_000);

  it('pitfall 15: a form that comes too late for its trigger is offered behind a button, which opens it', async () => {
    const asked = await locked('incident_update', 5_000, () => command('/incident update 1'));
    expect(asked).toMatchObject({ ok: true });
    expect(asked.ackMs).toBeLessThan(3_000);
    const offer = await said(/^The form for an update on INC-1/);
    const pressed = await app.act({
      as: 'ana',
      do: 'click',
      channel: 'general',
      message: offer?.ts,
      action_id: 'form:open',
    });
    expect(pressed).toMatchObject({ ok: true });
    expect(JSON.stringify(pressed.view)).toContain('"callback_id":"incident:update"');
    await app.act({ as: 'ana', do: 'close', all: true });
  }, 60_000);

  it('pitfall 15: a button that should open a form says that it came too late, and opens it the next time', async () => {
    const card = await said(/^INC-1, Sev 2, investigating/);
    const press = () =>
      app.act({
        as: 'ana',
        do: 'click',
        channel: 'general',
        message: card?.ts,
        action_id: 'incident:update',
      });
    const slow = await locked('incident_update', 5_000, press);
    expect(slow).toMatchObject({ ok: true });
    expect(slow.ackMs).toBeLessThan(3_000);
    await said(/^The form took too long to open\. Nothing was changed; press again\./);
    expect(JSON.stringify((await press()).view)).toContain('"callback_id":"incident:update"');
    await app.act({ as: 'ana', do: 'close', all: true });
  }, 60_000);
});

it('pitfall 13: with every place for moving bars taken, an incident and its update are told at once', async () => {
  const now = app.steward.services.clock.now();
  await sql`update live_update set used_at = ${now}`.execute(app.database.db);
  const began = performance.now();
  const { number } = await declare('payouts are missing', 'sev1');
  await said(new RegExp(`^INC-${number}, Sev 1, investigating: payouts are missing`));
  await command(`/incident update ${number}`);
  await app.act({ as: 'ana', do: 'submit', values: { wrong: 'No payout was loaded.' } });
  await said(new RegExp(`^INC-${number}, Sev 1, investigating: .*No payout was loaded`));
  expect(performance.now() - began, 'long before a place is free again').toBeLessThan(45_000);
}, 90_000);

it('pitfall 23: a secret in the address is none; only the header that the endpoint names counts', async () => {
  const send = async (query: string, headers: Record<string, string>): Promise<number> => {
    const response = await fetch(new URL(`/webhooks/generic/main${query}`, app.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ title: 'refunds are late', asset: 'fct_orders' }),
    });
    return response.status;
  };
  const before = (await newest()).number;
  const query = `?${new URLSearchParams({ secret, token: secret, access_token: secret }).toString()}`;
  expect(await send(query, {})).toBe(401);
  expect(await send('', { 'x-hub-signature': `sha256=${secret}` })).toBe(401);
  expect(await send('', { authorization: `Basic ${Buffer.from(`bot:${secret}`).toString('base64')}` })).toBe(
    401,
  );
  expect((await newest()).number).toBe(before);
  expect([200, 202]).toContain(await send('', { authorization: `Bearer ${secret}` }));
  await until(newest, ({ number }) => number === (before ?? 0) + 1);
  expect(await deadWork()).toEqual([]);
}, 60_000);

it('the alerts of one incident are muted by its number: the same check is silent, another check of the same data is heard', async () => {
  const send = async (title: string, check: string): Promise<void> => {
    const response = await fetch(new URL('/webhooks/generic/main', app.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        title,
        asset: 'orders',
        kind: 'test',
        fingerprint: check,
        at: app.steward.services.clock.now().toISOString(),
      }),
    });
    expect([200, 202]).toContain(response.status);
  };
  const before = (await newest()).number ?? 0;
  await send('orders has no key', 'no-key');
  const { number } = await until(newest, (incident) => incident.number === before + 1);
  await command(`/incident mute INC-${number} for 2h because the key is being rebuilt`);
  await said(new RegExp(`^The alert of INC-${number} is muted until`));
  expect((await command('/incident list')).reply?.text).toContain('Muted: orders has no key until');
  const muted = () =>
    app.database.db
      .selectFrom('alert')
      .select(['title', 'muted'])
      .where('title', 'like', 'orders has%')
      .orderBy('received_at')
      .execute();
  await app.database.db.updateTable('clock').set({ demo: true }).where('id', '=', 1).execute();
  await app.steward.advanceClock(60_000);
  await send('orders has no key', 'no-key');
  await until(muted, (rows) => rows.length === 2 && rows[1]?.muted === true);
  await send('orders has doubles', 'doubles');
  await until(muted, (rows) => rows.some((row) => row.title === 'orders has doubles' && !row.muted));
  await command('/incident mute INC-1 for 2h because of nothing');
  await said(/^INC-1 came from no alert\./);
  expect(await deadWork()).toEqual([]);
}, 90_000);
