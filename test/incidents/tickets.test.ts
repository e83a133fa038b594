import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/audit/record.js';
import { incidentTicket } from '../../src/effects/incident-outside.js';
import { incidentTicketRead } from '../../src/effects/incident-ticket-read.js';
import { incidentActions } from '../../src/incidents/authority.js';
import { declareIncident } from '../../src/incidents/declare.js';
import { loadIncident } from '../../src/incidents/incident.js';
import { acknowledge, reopen, resolve } from '../../src/incidents/life.js';
import { addTask, changeTask } from '../../src/incidents/tasks.js';
import { sampleConfig, sampleId, sampleSnapshot } from '../../src/incidents/testing/sample.js';
import { askTrackerEveryMs, askTrackers } from '../../src/incidents/ticket-news.js';
import { openTicket } from '../../src/incidents/tickets.js';
import { makeTestDatabase } from '../helpers/database.js';
import { effectServicesOf } from '../helpers/effect-services.js';
import { makeTestServices, type TestServices } from '../helpers/services.js';
import { describeWithShared } from '../helpers/shared.js';
import { jiraThere, linearThere, serviceNowThere, type TrackerThere } from './trackers-there.js';

let services: TestServices;
let there: TrackerThere;
let ivo: Actor;
let serial = 0;

async function begin(start: () => Promise<TrackerThere>): Promise<void> {
  there = await start();
  services = await makeTestServices({
    database: await makeTestDatabase(),
    config: { ...sampleConfig, incidents: { ...sampleConfig.incidents, trackers: [there.entry] } },
    catalog: { shop: sampleSnapshot },
    actions: [incidentActions],
    secrets: there.secrets,
  });
  ivo = { personId: await services.personId('ivo@example.com'), kind: 'person', channel: 'slack' };
}

/** Works the tickets' jobs as the workers would, until none is left; says which kinds ran. */
async function work(): Promise<string[]> {
  const done: string[] = [];
  const effectServices = effectServicesOf(services);
  for (;;) {
    const row = await services.db
      .selectFrom('outbox')
      .selectAll()
      .where('kind', 'in', ['incident.ticket', 'incident.ticket-read'])
      .where('state', '=', 'pending')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return done;
    const effect = row.kind === 'incident.ticket' ? incidentTicket : incidentTicketRead;
    const context = {
      key: row.key,
      attempt: 1,
      now: services.clock.now(),
      signal: AbortSignal.timeout(10_000),
    };
    expect(await effect.run(effectServices, row.payload, context)).toEqual({ done: true });
    await services.db.updateTable('outbox').set({ state: 'done' }).where('id', '=', row.id).execute();
    done.push(row.kind);
  }
}

/** Five minutes later the tracker is asked. */
async function poll(): Promise<void> {
  services.clock.advance(askTrackerEveryMs);
  await askTrackers(services, services.clock.now());
  await work();
}

async function withTicket(task?: number) {
  serial += 1;
  const incident = await declareIncident(services, {
    actor: ivo,
    now: services.clock.now(),
    via: 'command',
    deliveryKey: `ticket-${serial}`,
    assetIds: [sampleId('source.shop.orders_raw')],
  });
  const act = { incidentId: incident.id, actor: ivo, now: services.clock.now() };
  if (task !== undefined)
    await addTask(services, { ...act, kind: 'follow_up', title: 'Alert on the loader' });
  const number = task === undefined ? undefined : await newestTask(incident.id);
  await openTicket(services, { ...act, ...(number === undefined ? {} : { taskNumber: number }) });
  await work();
  const link = await services.db
    .selectFrom('incident_link')
    .selectAll()
    .where('incident_id', '=', incident.id)
    .executeTakeFirstOrThrow();
  return { incident, act, externalId: link.external_id ?? '', number };
}

async function newestTask(incidentId: string): Promise<number> {
  const row = await services.db
    .selectFrom('incident_task')
    .select(({ fn }) => fn.max('number').as('number'))
    .where('incident_id', '=', incidentId)
    .executeTakeFirstOrThrow();
  return Number(row.number);
}

const entries = async (incidentId: string): Promise<string[]> =>
  (
    await services.db
      .selectFrom('incident_event')
      .select('text')
      .where('incident_id', '=', incidentId)
      .where('text', 'like', '%ticket%')
      .orderBy('id')
      .execute()
  ).map(({ text }) => text);

function bothWays(start: () => Promise<TrackerThere>): void {
  beforeAll(() => begin(start));
  afterAll(async () => {
    await there.close();
    expect(there.faults()).toEqual([]);
  });

  test('our own writing comes back as an echo and moves nothing, however often it is asked for', async () => {
    const { incident, act, externalId } = await withTicket();
    await acknowledge(services, act);
    await work();
    expect(await there.stateThere(externalId)).toBe('in_progress');
    await poll();
    await poll();
    expect(await entries(incident.id)).toEqual([]);
    await resolve(services, { ...act, now: services.clock.now() });
    await work();
    expect(await there.stateThere(externalId)).toBe('done');
    await poll();
    await poll();
    expect((await loadIncident(services.db, incident.id))?.state).toBe('resolved');
    expect(await entries(incident.id)).toEqual([]);
    // Asking is all that still happens: nothing is written there again.
    services.clock.advance(askTrackerEveryMs);
    await askTrackers(services, services.clock.now());
    expect(await work()).toEqual(expect.not.arrayContaining(['incident.ticket']));
  });

  test('done there resolves here, once; opened again here it is open there, and done there again counts again', async () => {
    const { incident, act, externalId } = await withTicket();
    await acknowledge(services, act);
    await work();
    await there.moveThere(externalId, 'done');
    await poll();
    expect(await loadIncident(services.db, incident.id)).toMatchObject({
      state: 'resolved',
      fixed_by: 'ticket in tracker done',
    });
    await poll();
    expect(await entries(incident.id)).toEqual(['The ticket in tracker is done']);
    await reopen(services, { ...act, now: services.clock.now(), reason: 'still wrong' });
    await work();
    expect(await there.stateThere(externalId)).toBe('in_progress');
    await poll();
    expect((await loadIncident(services.db, incident.id))?.state).toBe('investigating');
    await there.moveThere(externalId, 'done');
    await poll();
    expect((await loadIncident(services.db, incident.id))?.state).toBe('resolved');
  });

  test('a follow-up follows its ticket, and the ticket its follow-up', async () => {
    const { incident, act, externalId, number = 0 } = await withTicket(1);
    const stateHere = async () =>
      (
        await services.db
          .selectFrom('incident_task')
          .select('state')
          .where('incident_id', '=', incident.id)
          .where('number', '=', number)
          .executeTakeFirstOrThrow()
      ).state;
    await there.moveThere(externalId, 'done');
    await poll();
    expect(await stateHere()).toBe('done');
    // The incident itself is not over because one of its follow-ups is.
    expect((await loadIncident(services.db, incident.id))?.state).toBe('investigating');
    await changeTask(services, { ...act, now: services.clock.now(), number, state: 'open' });
    await work();
    expect(await there.stateThere(externalId)).toBe('open');
    await poll();
    expect(await stateHere()).toBe('open');
  });

  test('an issue deleted there is no news', async () => {
    const { incident, externalId } = await withTicket();
    await there.deleteThere(externalId);
    await poll();
    expect((await loadIncident(services.db, incident.id))?.state).toBe('investigating');
  });
}

describe('tickets, both ways, against Linear as emulated', () => bothWays(linearThere));

describeWithShared('specs/jira', 'tickets, both ways, against a Jira held to its published description', () =>
  bothWays(jiraThere),
);

describe('tickets, both ways, against ServiceNow as its documented examples answer', () =>
  bothWays(serviceNowThere));
