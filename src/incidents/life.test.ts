import { beforeAll, describe, expect, test } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { makeTestServices, type TestServices } from '../../test/helpers/services.js';
import type { Actor } from '../audit/record.js';
import { incidentActions } from './authority.js';
import { changeSeverity } from './change-severity.js';
import { closeIncident } from './close.js';
import { declareIncident } from './declare.js';
import { loadIncident } from './incident.js';
import { acceptIncident, acknowledge, mitigate, reopen, resolve } from './life.js';
import { mergeIncident } from './merge.js';
import { assignRole } from './people.js';
import { exportIncident, incidentExport } from './report/export.js';
import { reviewHtml, reviewMarkdown } from './report/review.js';
import { statisticsOf } from './report/statistics.js';
import { summaryOf } from './report/summary.js';
import { runTimer } from './run-timer.js';
import { addTask } from './tasks.js';
import { sampleConfig, sampleId, sampleSnapshot } from './testing/sample.js';
import { postUpdate } from './updates.js';

let database: TestDatabase;
let services: TestServices;
let ivo: Actor;
let fay: Actor;
let serial = 0;

beforeAll(async () => {
  database = await makeTestDatabase();
  services = await makeTestServices({
    database,
    config: sampleConfig,
    catalog: { shop: sampleSnapshot },
    actions: [incidentActions],
  });
  const actor = async (email: string): Promise<Actor> => ({
    personId: await services.personId(email),
    kind: 'person',
    channel: 'slack',
  });
  ivo = await actor('ivo@example.com');
  fay = await actor('fay@example.com');
});

async function declared(more: Partial<Parameters<typeof declareIncident>[1]> = {}) {
  serial += 1;
  return declareIncident(services, {
    actor: ivo,
    now: services.clock.now(),
    via: 'command',
    deliveryKey: `test-${serial}`,
    assetIds: [sampleId('source.shop.orders_raw')],
    ...more,
  });
}

async function again(id: string) {
  const row = await loadIncident(services.db, id);
  if (row === null) throw new Error('gone');
  return row;
}

describe('an incident is declared', () => {
  test('with no title at all: named after what is broken, severity suggested by the worst tier it reaches', async () => {
    const incident = await declared();
    expect(incident.title).toBe('Something is wrong with orders_raw');
    expect(incident.severity).toBe('sev2');
    const assets = await services.db
      .selectFrom('incident_asset')
      .select(['name', 'relation'])
      .where('incident_id', '=', incident.id)
      .orderBy('distance')
      .execute();
    expect(assets.map(({ name }) => name)).toEqual([
      'orders_raw',
      'stg_orders',
      'fct_orders',
      'revenue',
      'Board <dashboard>',
    ]);
  });

  test('with a banner on every affected asset in the same transaction, ended by resolving', async () => {
    const incident = await declared();
    const live = () =>
      services.db
        .selectFrom('asset_notice')
        .selectAll()
        .where('subject_id', '=', incident.id)
        .where('ends_at', 'is', null)
        .execute();
    const notices = await live();
    expect(notices).toHaveLength(5);
    expect(notices.find(({ asset_id }) => asset_id === sampleId('source.shop.orders_raw'))).toMatchObject({
      relation: 'direct',
      level: 'do_not_use',
    });
    expect(notices.find(({ asset_id }) => asset_id === sampleId('metric.shop.revenue'))).toMatchObject({
      relation: 'downstream',
      level: 'caution',
    });
    await resolve(services, { incidentId: incident.id, actor: ivo, now: services.clock.now() });
    expect(await live()).toHaveLength(0);
  });

  test('once, however often the delivery comes', async () => {
    const first = await declared({ deliveryKey: 'same' });
    const second = await declared({ deliveryKey: 'same' });
    expect(second.id).toBe(first.id);
  });

  test('with the runbook of what is broken as a checklist', async () => {
    const incident = await declared();
    const steps = await services.db
      .selectFrom('incident_task')
      .select('title')
      .where('incident_id', '=', incident.id)
      .where('kind', '=', 'checklist')
      .orderBy('number')
      .execute();
    expect(steps.map(({ title }) => title)).toEqual(['Ask the loader', 'Rerun yesterday', 'Tell finance']);
  });

  test('in private: the banner says nothing but that there is something, and strangers are told it is not there', async () => {
    const incident = await declared({ private: true, title: 'Salary table in the open' });
    const notice = await services.db
      .selectFrom('asset_notice')
      .selectAll()
      .where('subject_id', '=', incident.id)
      .executeTakeFirstOrThrow();
    expect(notice.summary).not.toContain('Salary');
    await expect(
      acknowledge(services, { incidentId: incident.id, actor: fay, now: services.clock.now() }),
    ).rejects.toThrow(/There is no INC-/);
    const posted = await services.db
      .selectFrom('slack_message')
      .select('id')
      .where('card_id', '=', incident.id)
      .where('channel_id', '=', 'C0INC')
      .execute();
    expect(posted).toHaveLength(0);
  });

  test('as a data exposure: private from the first second with security in it', async () => {
    const incident = await declared({ kind: 'data_exposure' });
    expect(incident.private).toBe(true);
    const members = await services.db
      .selectFrom('incident_member')
      .innerJoin('person', 'person.id', 'incident_member.person_id')
      .select('person.name')
      .where('incident_id', '=', incident.id)
      .execute();
    expect(members.map(({ name }) => name)).toContain('Sam');
  });

  test('never by a guest', async () => {
    const guy: Actor = {
      personId: await services.personId('guy@example.com'),
      kind: 'person',
      channel: 'slack',
    };
    await expect(declared({ actor: guy })).rejects.toThrow(/may do that/);
  });
});

describe('an incident is run', () => {
  test('pitfall 21: somebody outside the data team cannot resolve it', async () => {
    const incident = await declared();
    await expect(
      resolve(services, { incidentId: incident.id, actor: fay, now: services.clock.now() }),
    ).rejects.toThrow(/may do that/);
    expect((await again(incident.id)).state).toBe('investigating');
  });

  test('two people resolving at once: one does, the other is told where it is', async () => {
    const incident = await declared();
    const act = { incidentId: incident.id, actor: ivo, now: services.clock.now() };
    const results = await Promise.allSettled([resolve(services, act), resolve(services, act)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('a severity change plans everything anew', async () => {
    const incident = await declared({ severity: 'sev3' });
    await changeSeverity(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      severity: '1',
    });
    const timer = await services.db
      .selectFrom('outbox')
      .select('run_at')
      .where('key', '=', `incident:${incident.id}:timer:acknowledge`)
      .executeTakeFirstOrThrow();
    expect(timer.run_at.getTime() - services.clock.now().getTime()).toBe(15 * 60_000);
    expect((await again(incident.id)).channel_state).toBe('wanted');
  });

  test('an update reaches the banner: what to use instead shows on every affected answer', async () => {
    const incident = await declared();
    await postUpdate(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      wrong: 'Yesterday is missing',
      useInstead: 'the finance export',
      deliveryKey: 'u1',
    });
    const notice = await services.db
      .selectFrom('asset_notice')
      .selectAll()
      .where('subject_id', '=', incident.id)
      .where('relation', '=', 'downstream')
      .executeTakeFirstOrThrow();
    expect(notice).toMatchObject({ summary: 'Yesterday is missing', use_instead: 'the finance export' });
  });

  test('monitoring closes by itself when the data has been healthy for the set time', async () => {
    const incident = await declared();
    await mitigate(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      fixedBy: 'rerun',
    });
    const at = services.clock.now().getTime();
    await runTimer(services, { incidentId: incident.id, timer: 'healthy', now: new Date(at + 3_600_000) });
    expect((await again(incident.id)).state).toBe('monitoring');
    await runTimer(services, {
      incidentId: incident.id,
      timer: 'healthy',
      now: new Date(at + 25 * 3_600_000),
    });
    expect(await again(incident.id)).toMatchObject({
      state: 'resolved',
      state_reason: 'nothing has failed for 25 h',
    });
    // A reason is that of its own step, not of the next.
    await reopen(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      reason: 'the counts are off again',
    });
    await resolve(services, { incidentId: incident.id, actor: ivo, now: services.clock.now() });
    expect((await again(incident.id)).state_reason).toBeNull();
  });

  test('closing is refused while key times are missing, and says which', async () => {
    const incident = await declared();
    await resolve(services, { incidentId: incident.id, actor: ivo, now: services.clock.now() });
    await expect(
      closeIncident(services, { incidentId: incident.id, actor: ivo, now: services.clock.now() }),
    ).rejects.toThrow(/cause/);
    const closed = await closeIncident(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      cause: 'late loader',
      startedAt: new Date('2026-03-02T06:00:00Z'),
    });
    expect(closed.state).toBe('closed');
  });

  test('what is over is not open again by accepting it, which asks for no reason', async () => {
    const incident = await declared();
    const act = { incidentId: incident.id, actor: ivo, now: services.clock.now() };
    await resolve(services, act);
    await expect(acceptIncident(services, act)).rejects.toThrow(/is resolved, and only what is in triage/);
    const { state } = await services.db
      .selectFrom('incident')
      .select('state')
      .where('id', '=', incident.id)
      .executeTakeFirstOrThrow();
    expect(state).toBe('resolved');
  });

  test('reopening needs a reason and brings the banners back', async () => {
    const incident = await declared();
    await resolve(services, { incidentId: incident.id, actor: ivo, now: services.clock.now() });
    await expect(
      reopen(services, { incidentId: incident.id, actor: ivo, now: services.clock.now(), reason: '' }),
    ).rejects.toThrow(/why/);
    await reopen(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      reason: 'the counts are off again',
    });
    const live = await services.db
      .selectFrom('asset_notice')
      .select('id')
      .where('subject_id', '=', incident.id)
      .where('ends_at', 'is', null)
      .execute();
    expect(live).toHaveLength(5);
  });

  test('a merge keeps both ways of finding it', async () => {
    const one = await declared();
    const two = await declared({ via: 'message', assetIds: [sampleId('model.shop.dim_customers')] });
    await mergeIncident(services, {
      incidentId: two.id,
      intoId: one.id,
      actor: ivo,
      now: services.clock.now(),
    });
    expect((await again(two.id)).state).toBe('merged');
    const entry = await services.db
      .selectFrom('incident_event')
      .select(['text', 'data'])
      .where('incident_id', '=', one.id)
      .where('kind', '=', 'merge')
      .executeTakeFirstOrThrow();
    expect(entry.data).toMatchObject({ foundBy: ['message', 'command'] });
  });

  test('a role goes to one person at a time', async () => {
    const incident = await declared();
    const personId = ivo.personId ?? '';
    await assignRole(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      role: 'lead',
      personId,
    });
    const roles = await services.db
      .selectFrom('incident_role')
      .selectAll()
      .where('incident_id', '=', incident.id)
      .execute();
    expect(roles).toHaveLength(1);
  });

  test('the export passes its schema, the review says the times, and drills stay out of the statistics', async () => {
    const incident = await declared({ title: 'Late <orders>', startedAt: new Date('2026-03-02T06:00:00Z') });
    await addTask(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      kind: 'follow_up',
      title: 'Add a freshness test',
    });
    await acknowledge(services, { incidentId: incident.id, actor: ivo, now: services.clock.now() });
    await resolve(services, { incidentId: incident.id, actor: ivo, now: services.clock.now() });
    const before = await statisticsOf(services, { from: new Date('2026-03-01'), to: new Date('2026-04-01') });
    await declared({ drill: true });
    const after = await statisticsOf(services, { from: new Date('2026-03-01'), to: new Date('2026-04-01') });
    expect(after.all.count).toBe(before.all.count);
    const exported = incidentExport.parse(
      await exportIncident(services, { number: incident.number, person: null, all: true }),
    );
    expect(exported.durations.to_detect).toBe(4 * 3600);
    expect(exported.blast_radius.reached).toEqual([
      'model.shop.stg_orders',
      'model.shop.fct_orders',
      'metric.shop.revenue',
      'exposure.shop.board_dashboard',
    ]);
    const markdown = reviewMarkdown(exported);
    expect(markdown).toContain('| detected | 2026-03-02 10:00 UTC | 4 h |');
    expect(reviewHtml(exported)).toContain('Late &lt;orders&gt;');
    // Whoever reads nothing else reads the summary: what, since when, whom it reached, what is left.
    const summary = summaryOf(exported).join(' ');
    expect(summary).toMatch(
      /^orders_raw: wrong since 2026-03-02 06:00 UTC, found by a person after 4 h\. It reached 4 assets downstream, 3 of tier 1 \(revenue, Board <dashboard>, fct_orders\)/,
    );
    expect(summary).toMatch(/resolved after 4 h\. 1 follow-up, 1 open, 1 without owner or date\.$/);
    expect(markdown).toContain('## Summary\n\norders\\_raw: wrong since');
    expect(reviewHtml(exported)).toContain('<h2>Summary</h2><p>orders_raw: wrong since');
    expect(markdown.indexOf('- revenue (metric')).toBeLessThan(markdown.indexOf('- fct\\_orders (model'));
    expect(markdown.indexOf('- fct\\_orders (model')).toBeLessThan(markdown.indexOf('- stg\\_orders (model'));
  });
});
