import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '../../../test/helpers/database.js';
import { makeTestServices, type TestServices } from '../../../test/helpers/services.js';
import { incidentActions } from '../authority.js';
import { acceptIncident } from '../life.js';
import { mute } from '../mute.js';
import { runTimer } from '../run-timer.js';
import { watchSilence } from '../silence.js';
import { sampleConfig, sampleSnapshot } from '../testing/sample.js';
import { regroup } from '../triage/regroup.js';
import { processStoredAlert } from './process.js';
import { maxAlertBytes, receiveAlert } from './receive.js';
import { hexHmac, signTimed } from './signature.js';

let database: TestDatabase;
let services: TestServices;
const config = {
  ...sampleConfig,
  incidents: {
    ...sampleConfig.incidents,
    endpoints: [
      {
        source: 'generic',
        id: 'main',
        auth: { type: 'bearer', secrets: [{ env: 'NEW' }, { env: 'OLD' }] },
        expectEvery: '1h',
      },
      { source: 'generic', id: 'signed', auth: { type: 'signature', secrets: [{ env: 'NEW' }] } },
      { source: 'pagerduty', id: 'pd', auth: { type: 'signature', secrets: [{ env: 'NEW' }] } },
      {
        source: 'soda',
        id: 'basic',
        auth: { type: 'basic', user: 'soda', secrets: [{ env: 'NEW' }] },
        addresses: ['10.0.0.9'],
      },
    ],
  },
};

beforeAll(async () => {
  database = await makeTestDatabase();
});

beforeEach(async () => {
  services = await makeTestServices({
    database,
    config,
    catalog: { shop: sampleSnapshot },
    actions: [incidentActions],
    secrets: { NEW: 'new-secret', OLD: 'old-secret' },
  });
  await services.db.deleteFrom('alert').execute();
  await services.db.deleteFrom('alert_group').execute();
  await services.db.deleteFrom('incident').execute();
  await services.db.deleteFrom('inbox').execute();
  await services.db.deleteFrom('mute').execute();
  await services.db.deleteFrom('alert_endpoint').execute();
});

function request(
  body: unknown,
  more: {
    headers?: Record<string, string>;
    source?: string;
    endpointId?: string;
    remoteAddress?: string;
  } = {},
) {
  return {
    source: more.source ?? 'generic',
    endpointId: more.endpointId ?? 'main',
    headers: more.headers ?? { authorization: 'Bearer new-secret' },
    rawBody: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    remoteAddress: more.remoteAddress ?? '::ffff:10.0.0.9',
    now: services.clock.now(),
  };
}

async function work(): Promise<void> {
  const rows = await services.db
    .selectFrom('inbox')
    .selectAll()
    .where('state', '=', 'received')
    .orderBy('id')
    .execute();
  for (const row of rows) {
    await processStoredAlert(services, { body: row.body, receivedAt: row.received_at });
    await services.db.updateTable('inbox').set({ state: 'done' }).where('id', '=', row.id).execute();
  }
  await regroup(services, services.clock.now());
}

async function send(...bodies: unknown[]): Promise<void> {
  for (const body of bodies) expect((await receiveAlert(services, request(body))).status).toBeLessThan(300);
  await work();
}

const incidents = () => services.db.selectFrom('incident').selectAll().orderBy('number').execute();
const at = (minutes: number) => new Date(services.clock.now().getTime() + minutes * 60_000).toISOString();

describe('an alert at the door', () => {
  test('is taken with either of two secrets, and with no other', async () => {
    expect((await receiveAlert(services, request({ title: 'a' }))).status).toBe(202);
    expect(
      (
        await receiveAlert(
          services,
          request({ title: 'b' }, { headers: { Authorization: 'Bearer old-secret' } }),
        )
      ).status,
    ).toBe(202);
    expect(
      (await receiveAlert(services, request({ title: 'c' }, { headers: { authorization: 'Bearer wrong' } })))
        .status,
    ).toBe(401);
    expect((await receiveAlert(services, request({ title: 'd' }, { headers: {} }))).status).toBe(401);
  });

  test('is refused over the size limit, when it is not JSON, and at an address nobody set up', async () => {
    expect((await receiveAlert(services, request('x'.repeat(maxAlertBytes + 1)))).status).toBe(413);
    expect((await receiveAlert(services, request('{"half":'))).status).toBe(400);
    expect((await receiveAlert(services, request({}, { endpointId: 'other' }))).status).toBe(404);
    const deep = await receiveAlert(
      services,
      request(`{"title":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
    );
    expect(deep).toMatchObject({ status: 400, body: { error: 'the body is nested too deep' } });
  });

  test.each([
    ['half an emoji, as a sender leaves it that cuts by length', '"late \\ud83d"', 'late \uFFFD'],
    ['NUL', '"a\\u0000b"', 'a\uFFFDb'],
    ['a Windows path that only looks like NUL', '"C:\\\\u0000dir"', 'C:\\u0000dir'],
  ])('is taken with %s in its words', async (_, title, kept) => {
    expect((await receiveAlert(services, request(`{"title":${title}}`))).status).toBe(202);
    await work();
    expect((await incidents()).map((incident) => incident.title)).toEqual([kept]);
  });

  test('signed with a clock outside the tolerance, or with the secret of another endpoint, is refused', async () => {
    const body = JSON.stringify({ title: 'signed' });
    const with_ = (signature: string) =>
      receiveAlert(
        services,
        request(body, { endpointId: 'signed', headers: { 'x-steward-signature': signature } }),
      );
    expect((await with_(signTimed('new-secret', body, services.clock.now()))).status).toBe(202);
    expect(
      (await with_(signTimed('new-secret', body, new Date(services.clock.now().getTime() + 600_000)))).status,
    ).toBe(403);
    expect((await with_(signTimed('old-secret', body, services.clock.now()))).status).toBe(403);
  });

  test('from PagerDuty answers 403 to a wrong signature and 400 to none, which stops its redelivery', async () => {
    const body = JSON.stringify({
      event: { id: '1', event_type: 'pagey.ping', occurred_at: at(0), data: { id: 'P' } },
    });
    const with_ = (headers: Record<string, string>) =>
      receiveAlert(services, request(body, { source: 'pagerduty', endpointId: 'pd', headers }));
    expect(
      (
        await with_({
          'x-pagerduty-signature': `v1=${'0'.repeat(64)},v1=${hexHmac('sha256', 'new-secret', body)}`,
        })
      ).status,
    ).toBe(202);
    expect((await with_({ 'x-pagerduty-signature': `v1=${'0'.repeat(64)}` })).status).toBe(403);
    expect((await with_({})).status).toBe(400);
  });

  test('with basic credentials comes only from the addresses of its endpoint', async () => {
    const headers = { authorization: `Basic ${Buffer.from('soda:new-secret').toString('base64')}` };
    expect(
      (
        await receiveAlert(
          services,
          request({ event: 'validate' }, { source: 'soda', endpointId: 'basic', headers }),
        )
      ).status,
    ).toBe(202);
    expect(
      (
        await receiveAlert(
          services,
          request(
            { event: 'validate' },
            { source: 'soda', endpointId: 'basic', headers, remoteAddress: '10.0.0.10' },
          ),
        )
      ).status,
    ).toBe(403);
  });

  test('twice within minutes is stored once', async () => {
    const body = { title: 'twice', at: at(0) };
    expect((await receiveAlert(services, request(body))).status).toBe(202);
    expect(await receiveAlert(services, request(body))).toEqual({
      status: 200,
      body: { ok: true, duplicate: true },
    });
  });
});

describe('alerts become incidents in triage', () => {
  test('one for the source and what stands downstream of it, in whatever order they come', async () => {
    await send({ title: 'rows missing', asset: 'model.shop.fct_orders', kind: 'volume', at: at(-10) });
    await send({
      title: 'orders_raw is late',
      asset: 'source.shop.orders_raw',
      kind: 'freshness',
      at: at(-30),
    });
    const [incident, ...more] = (await incidents()).filter(({ state }) => state === 'triage');
    expect(more).toHaveLength(0);
    const broken = await services.db
      .selectFrom('incident_asset')
      .select('name')
      .where('incident_id', '=', incident?.id ?? '')
      .where('relation', '=', 'direct')
      .execute();
    expect(broken.map(({ name }) => name)).toContain('orders_raw');
  });

  test('a thousand alerts in a minute are one incident and one message', async () => {
    await send({
      alerts: Array.from({ length: 1_000 }, (_, index) => ({
        title: `check ${index}`,
        fingerprint: `c${index}`,
        asset: 'source.shop.orders_raw',
        kind: 'freshness',
        at: new Date(services.clock.now().getTime() - 60_000 + index * 60).toISOString(),
      })),
    });
    expect(await incidents()).toHaveLength(1);
    const posts = await services.db
      .selectFrom('slack_message')
      .select('id')
      .where('card_kind', '=', 'incident')
      .where('channel_id', '=', 'C0INC')
      .where('variant', '=', 'triage')
      .execute();
    const [incident] = await incidents();
    expect(posts.length).toBeGreaterThanOrEqual(1);
    const own = await services.db
      .selectFrom('slack_message')
      .select('id')
      .where('card_id', '=', incident?.id ?? '')
      .execute();
    expect(own).toHaveLength(1);
  });

  test('an alert about something outside the catalog opens one too; one in the future is dated when it came', async () => {
    await send({ title: 'vendor feed broken', asset: 'nobody.knows.this', at: '2031-01-01T00:00:00Z' });
    const [incident] = await incidents();
    expect(incident?.detected_at).toEqual(services.clock.now());
  });

  test('flapping after it was resolved reopens the same incident', async () => {
    await send({ title: 'late', asset: 'source.shop.orders_raw', kind: 'freshness', at: at(-60) });
    const [incident] = await incidents();
    const ivo = {
      personId: await services.personId('ivo@example.com'),
      kind: 'person' as const,
      channel: 'slack' as const,
    };
    await acceptIncident(services, { incidentId: incident?.id ?? '', actor: ivo, now: services.clock.now() });
    const { resolve } = await import('../life.js');
    await send({
      title: 'late',
      asset: 'source.shop.orders_raw',
      kind: 'freshness',
      status: 'resolved',
      at: at(-40),
    });
    await resolve(services, { incidentId: incident?.id ?? '', actor: ivo, now: services.clock.now() });
    await send({ title: 'late', asset: 'source.shop.orders_raw', kind: 'freshness', at: at(-5) });
    expect((await incidents()).map(({ state }) => state)).toEqual(['investigating']);
  });

  test('what clears by itself in triage is declined by itself', async () => {
    await send({ title: 'late', asset: 'source.shop.orders_raw', kind: 'freshness', at: at(-60) });
    await send({
      title: 'late',
      asset: 'source.shop.orders_raw',
      kind: 'freshness',
      status: 'resolved',
      at: at(-40),
    });
    const [incident] = await incidents();
    await runTimer(services, {
      incidentId: incident?.id ?? '',
      timer: 'healthy',
      now: new Date(services.clock.now().getTime() + 7 * 3_600_000),
    });
    expect((await incidents())[0]?.state).toBe('declined');
  });

  test('pitfall 26: a muted asset opens nothing while the mute lasts, and does again after', async () => {
    const ivo = {
      personId: await services.personId('ivo@example.com'),
      kind: 'person' as const,
      channel: 'slack' as const,
    };
    const { sampleId } = await import('../testing/sample.js');
    await mute(services, {
      actor: ivo,
      now: new Date(services.clock.now().getTime() - 3_600_000),
      assetId: sampleId('source.shop.orders_raw'),
      label: 'orders_raw',
      reason: 'planned',
      until: new Date(services.clock.now().getTime() - 1_800_000),
    });
    await send({ title: 'late', asset: 'source.shop.orders_raw', at: at(-45) });
    expect(await incidents()).toHaveLength(0);
    await send({ title: 'late again', asset: 'source.shop.orders_raw', at: at(-10) });
    expect(await incidents()).toHaveLength(1);
  });

  test('a source that falls silent is an alert, and recovers when it is heard again', async () => {
    await send({ title: 'hello', asset: 'model.shop.dim_customers' });
    services.clock.advance(2 * 3_600_000);
    await watchSilence(services, services.clock.now());
    await watchSilence(services, services.clock.now());
    await regroup(services, services.clock.now());
    expect((await incidents()).map(({ title }) => title)).toContain('generic/main has gone silent');
    await send({ title: 'hello again', asset: 'model.shop.dim_customers' });
    await watchSilence(services, services.clock.now());
    const states = await services.db
      .selectFrom('alert')
      .select('status')
      .where('source', '=', 'steward')
      .orderBy('received_at')
      .execute();
    expect(states.map(({ status }) => status).sort()).toEqual(['firing', 'resolved']);
  });
});
