import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { makeTestServices, type TestServices } from '../../test/helpers/services.js';
import { storeSnapshot } from '../catalog/store-snapshot.js';
import { finishAlert } from './alerts/alert.js';
import { keepAlerts } from './alerts/process.js';
import { incidentActions } from './authority.js';
import { declareIncident } from './declare.js';
import { type Incident, loadIncident } from './incident.js';
import { acceptIncident, cancel, identify, mitigate, reopen, resolve } from './life.js';
import { mute } from './mute.js';
import { assignRole } from './people.js';
import { runTimer } from './run-timer.js';
import { forgetAlerts } from './schedule.js';
import { sampleConfig, sampleId, sampleSnapshot } from './testing/sample.js';
import { timerKey } from './timers.js';
import { regroup } from './triage/regroup.js';

let database: TestDatabase;
let services: TestServices;
let startMs: number;
const hour = 3_600_000;
const table = 'source.shop.orders_raw';

beforeAll(async () => {
  database = await makeTestDatabase();
  await storeSnapshot(database.db, { name: 'shop', type: 'test', position: 0 }, sampleSnapshot, {
    now: new Date('2026-03-01T00:00:00Z'),
  });
});

beforeEach(async () => {
  services = await makeTestServices({
    database,
    config: sampleConfig,
    catalog: { shop: sampleSnapshot },
    actions: [incidentActions],
  });
  startMs = services.clock.now().getTime();
});
afterEach(async () => {
  for (const name of ['alert', 'alert_group', 'incident', 'mute', 'signal', 'outbox'] as const)
    await services.db.deleteFrom(name).execute();
});

const after = (hours: number): Date => new Date(startMs + hours * hour);
const ivo = async () => ({
  personId: await services.personId('ivo@example.com'),
  kind: 'person' as const,
  channel: 'slack' as const,
});
const act = async (incident: { id: string }, hours: number) => ({
  incidentId: incident.id,
  actor: await ivo(),
  now: after(hours),
});

async function again({ id }: { id: string }): Promise<Incident> {
  const row = await loadIncident(services.db, id);
  if (row === null) throw new Error('gone');
  return row;
}

async function declared(): Promise<Incident> {
  return declareIncident(services, {
    actor: await ivo(),
    now: after(0),
    via: 'command',
    deliveryKey: `health-${Math.random()}`,
    assetIds: [sampleId(table)],
  });
}

/** What the freshness check of the broken table says. */
function alertOf(status: 'firing' | 'resolved', at: Date, run: string | null = null) {
  return finishAlert(
    'generic',
    { endpoint: 'main', receivedAt: at },
    {
      status,
      kind: 'freshness',
      severity: 'error',
      title: 'orders are late',
      description: '',
      url: null,
      asset: { sourceId: table },
      column: null,
      owners: [],
      at,
      dataSince: null,
      run,
      labels: {},
      identity: ['orders'],
    },
  );
}

/** The check says so, and is heard of as late as `receivedAt`. */
async function says(status: 'firing' | 'resolved', at: Date, receivedAt = at): Promise<void> {
  await services.db
    .transaction()
    .execute((trx) => keepAlerts(services, trx, [alertOf(status, at)], receivedAt));
  await regroup(services, receivedAt);
}

async function measured(status: 'pass' | 'fail', at: Date): Promise<void> {
  await services.db
    .insertInto('signal')
    .values({ asset_id: sampleId(table), type: 'test', name: 'unique', status, observed_at: at })
    .execute();
}

/** An incident that an alert opened at the start, and that is watched from `hours` on. */
async function watchedFromAlert(hours: number): Promise<Incident> {
  await says('firing', after(0));
  const incident = await services.db.selectFrom('incident').selectAll().executeTakeFirstOrThrow();
  await acceptIncident(services, await act(incident, 0.1));
  return mitigate(services, await act(incident, hours));
}

async function look(incident: { id: string }, hours: number): Promise<string> {
  await runTimer(services, { incidentId: incident.id, timer: 'healthy', now: after(hours) });
  return (await again(incident)).state;
}

async function nextLook(incident: { id: string }): Promise<Date | undefined> {
  const row = await services.db
    .selectFrom('outbox')
    .select('run_at')
    .where('key', '=', timerKey(incident.id, 'healthy'))
    .where('state', '=', 'pending')
    .executeTakeFirst();
  return row?.run_at;
}

test('a check that fails while the incident is watched puts the end off until it has been well for the whole time', async () => {
  const incident = await declared();
  await mitigate(services, await act(incident, 0));
  await measured('fail', after(20));
  await measured('pass', after(23));
  expect(await look(incident, 25)).toBe('monitoring');
  expect((await again(incident)).healthy_since).toEqual(after(23));
  expect(await look(incident, 46)).toBe('monitoring');
  expect(await look(incident, 47)).toBe('resolved');
});

test('while a check fails nothing is healthy, and a check that left the catalog counts no more', async () => {
  const incident = await declared();
  await mitigate(services, await act(incident, 0));
  await measured('fail', after(2));
  expect(await look(incident, 30)).toBe('monitoring');
  expect((await again(incident)).healthy_since).toBeNull();
  services = await makeTestServices({
    database,
    config: sampleConfig,
    catalog: { shop: { ...sampleSnapshot, assets: [], edges: [] } },
    actions: [incidentActions],
  });
  expect(await look(incident, 31)).toBe('resolved');
});

test('of a source that never says that all is well again the lead is asked, once for its last word', async () => {
  const incident = await watchedFromAlert(1);
  const personId = await services.personId('ivo@example.com');
  await assignRole(services, { ...(await act(incident, 1)), role: 'lead', personId });
  const asked = async () =>
    services.db
      .selectFrom('slack_message')
      .select('person_id')
      .where('card_id', '=', incident.id)
      .where('variant', '=', 'nudge-silent')
      .execute();
  expect(await look(incident, 26)).toBe('monitoring');
  expect(await asked()).toEqual([]);
  for (const hours of [27, 28, 40]) await look(incident, hours);
  expect(await asked()).toEqual([{ person_id: personId }]);
  await says('firing', after(41));
  await look(incident, 66);
  expect(await asked()).toHaveLength(1);
  await look(incident, 68);
  expect(await asked()).toHaveLength(2);
});

test('the card names what fails now, also where one failing check has given way to another', async () => {
  const incident = await declared();
  await mitigate(services, await act(incident, 0));
  const waits = async (): Promise<boolean> => {
    const row = await services.db
      .selectFrom('outbox')
      .select('id')
      .where('kind', 'like', 'slack.%')
      .where('state', '=', 'pending')
      .executeTakeFirst();
    return row !== undefined;
  };
  await measured('fail', after(2));
  await look(incident, 3);
  await services.db
    .updateTable('slack_message')
    .set({ ts: '1.1', channel_id: 'C0INC', state: 'sent' })
    .execute();
  await services.db.deleteFrom('outbox').where('kind', 'like', 'slack.%').execute();
  await services.db.updateTable('signal').set({ name: 'not_null' }).execute();
  await look(incident, 4);
  expect(await waits()).toBe(true);
});

test('a second fix is watched for the whole time again, after a reopening and after the cause turned out to be another', async () => {
  const incident = await declared();
  await mitigate(services, await act(incident, 0));
  expect(await look(incident, 1)).toBe('monitoring');
  await resolve(services, await act(incident, 2));
  await reopen(services, { ...(await act(incident, 30)), reason: 'the counts are off again' });
  await mitigate(services, await act(incident, 31));
  expect(await look(incident, 32)).toBe('monitoring');
  await identify(services, await act(incident, 40));
  expect((await again(incident)).mitigated_at).toBeNull();
  await mitigate(services, await act(incident, 60));
  expect(await look(incident, 61)).toBe('monitoring');
  expect(await look(incident, 84)).toBe('resolved');
});

test('a fix from before an incident was called off is none once it is open again', async () => {
  const incident = await declared();
  await mitigate(services, await act(incident, 0));
  await cancel(services, await act(incident, 1));
  await reopen(services, { ...(await act(incident, 40)), reason: 'it was one after all' });
  expect((await again(incident)).mitigated_at).toBeNull();
  await mitigate(services, await act(incident, 41));
  expect(await look(incident, 42)).toBe('monitoring');
});

test('a recovery that is worked late ends a watched incident at once, counted from when the data was well', async () => {
  const incident = await watchedFromAlert(1);
  // The clock has run out before the recovery was worked: it looks ill, and would be looked at in an hour.
  expect(await look(incident, 26)).toBe('monitoring');
  await says('resolved', after(0.5), after(26));
  expect(await nextLook(incident)).toEqual(after(26));
  expect(await look(incident, 26)).toBe('resolved');
});

test('passes that follow a recovery do not put the end off', async () => {
  const incident = await watchedFromAlert(1);
  for (let hours = 2; hours < 26; hours += 3) await says('resolved', after(hours));
  expect((await again(incident)).state).toBe('monitoring');
  expect(await look(incident, 25)).toBe('monitoring');
  expect(await look(incident, 26)).toBe('resolved');
});

test('a recovery is heard while its alert is muted, and many days after, when raw alerts are forgotten', async () => {
  const incident = await watchedFromAlert(1);
  await mute(services, {
    actor: await ivo(),
    now: after(1),
    assetId: sampleId(table),
    label: 'orders_raw',
    reason: 'the loader is being replaced',
    until: after(29 * 24),
  });
  await forgetAlerts(services, after(9 * 24));
  await says('resolved', after(9 * 24));
  expect(await look(incident, 9 * 24 + 23)).toBe('monitoring');
  expect(await look(incident, 10 * 24)).toBe('resolved');
  await forgetAlerts(services, after(20 * 24));
  expect(await services.db.selectFrom('alert').select('id').execute()).toEqual([]);
});

test('an alert that is written while the grouping of its two seconds runs is grouped by a further one', async () => {
  const now = new Date(Math.ceil(startMs / 2_000) * 2_000);
  services.clock.advance(now.getTime() - startMs);
  const kept = (run: string) =>
    services.db.transaction().execute((trx) => keepAlerts(services, trx, [alertOf('firing', now, run)], now));
  await kept('one');
  const row = await services.db
    .selectFrom('outbox')
    .select('id')
    .where('kind', '=', 'incident.regroup')
    .executeTakeFirstOrThrow();
  await services.db.updateTable('outbox').set({ state: 'done' }).where('id', '=', row.id).execute();
  await kept('two');
  const rows = await services.db
    .selectFrom('outbox')
    .select(['id', 'state'])
    .where('kind', '=', 'incident.regroup')
    .execute();
  expect(rows).toEqual([{ id: row.id, state: 'pending' }]);
});
