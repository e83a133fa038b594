import { createEmulator, type Emulator } from 'emulate';
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

let services: TestServices;
let emulator: Emulator;
let ivo: Actor;
let serial = 0;

beforeAll(async () => {
  emulator = await createEmulator({ service: 'linear', port: 0 });
  const teams = await linear<{ teams: { nodes: { id: string }[] } }>('{ teams { nodes { id } } }');
  const database = await makeTestDatabase();
  services = await makeTestServices({
    database,
    config: {
      ...sampleConfig,
      incidents: {
        ...sampleConfig.incidents,
        trackers: [
          {
            type: 'linear',
            name: 'linear',
            url: `${emulator.url}/graphql`,
            token: { env: 'LINEAR' },
            teamId: teams.teams.nodes[0]?.id ?? '',
          },
        ],
      },
    },
    catalog: { shop: sampleSnapshot },
    actions: [incidentActions],
    secrets: { LINEAR: 'lin_api_test' },
  });
  ivo = { personId: await services.personId('ivo@example.com'), kind: 'person', channel: 'slack' };
});
afterAll(async () => emulator.close());

async function linear<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const response = await fetch(`${emulator.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'lin_api_test' },
    body: JSON.stringify({ query, variables }),
  });
  return ((await response.json()) as { data: Data }).data;
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

const stateThere = async (id: string): Promise<string> =>
  (
    await linear<{ issue: { state: { type: string } } }>(
      'query ($id: String!) { issue(id: $id) { state { type } } }',
      {
        id,
      },
    )
  ).issue.state.type;

/** Somebody moves the issue in Linear itself. */
async function moveThere(id: string, type: string): Promise<void> {
  const { workflowStates } = await linear<{ workflowStates: { nodes: { id: string; type: string }[] } }>(
    '{ workflowStates(first: 100) { nodes { id type } } }',
  );
  const state = workflowStates.nodes.find((one) => one.type === type);
  await linear(
    'mutation ($id: String!, $s: String!) { issueUpdate(id: $id, input: { stateId: $s }) { success } }',
    {
      id,
      s: state?.id,
    },
  );
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

describe('tickets, both ways, against Linear as emulated', () => {
  test('our own writing comes back as an echo and moves nothing, however often it is asked for', async () => {
    const { incident, act, externalId } = await withTicket();
    await acknowledge(services, act);
    await work();
    expect(await stateThere(externalId)).toBe('started');
    await poll();
    await poll();
    expect(await entries(incident.id)).toEqual([]);
    await resolve(services, { ...act, now: services.clock.now() });
    await work();
    expect(await stateThere(externalId)).toBe('completed');
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
    await moveThere(externalId, 'completed');
    await poll();
    expect(await loadIncident(services.db, incident.id)).toMatchObject({
      state: 'resolved',
      fixed_by: 'ticket in linear done',
    });
    await poll();
    expect(await entries(incident.id)).toEqual(['The ticket in linear is done']);
    await reopen(services, { ...act, now: services.clock.now(), reason: 'still wrong' });
    await work();
    expect(await stateThere(externalId)).toBe('started');
    await poll();
    expect((await loadIncident(services.db, incident.id))?.state).toBe('investigating');
    await moveThere(externalId, 'completed');
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
    await moveThere(externalId, 'completed');
    await poll();
    expect(await stateHere()).toBe('done');
    // The incident itself is not over because one of its follow-ups is.
    expect((await loadIncident(services.db, incident.id))?.state).toBe('investigating');
    await changeTask(services, { ...act, now: services.clock.now(), number, state: 'open' });
    await work();
    expect(['unstarted', 'backlog', 'triage']).toContain(await stateThere(externalId));
    await poll();
    expect(await stateHere()).toBe('open');
  });

  test('an issue deleted there is no news', async () => {
    const { incident, externalId } = await withTicket();
    await linear('mutation ($id: String!) { issueDelete(id: $id) { success } }', { id: externalId });
    await poll();
    expect((await loadIncident(services.db, incident.id))?.state).toBe('investigating');
  });
});
