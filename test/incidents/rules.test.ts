import { createServer } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/audit/record.js';
import { incidentPage, incidentTicket, incidentWebhook } from '../../src/effects/incident-outside.js';
import { processStoredAlert } from '../../src/incidents/alerts/process.js';
import { receiveAlert } from '../../src/incidents/alerts/receive.js';
import { verifyTimedHmac } from '../../src/incidents/alerts/signature.js';
import { incidentActions } from '../../src/incidents/authority.js';
import { addBrokenAssets, changeSeverity } from '../../src/incidents/change-severity.js';
import { declareIncident } from '../../src/incidents/declare.js';
import { acceptIncident } from '../../src/incidents/life.js';
import { page } from '../../src/incidents/paging.js';
import { assignRole } from '../../src/incidents/people.js';
import { runRuleAction } from '../../src/incidents/rules/act.js';
import { dryRunRules } from '../../src/incidents/rules/fire.js';
import { sampleConfig, sampleId, sampleSnapshot } from '../../src/incidents/testing/sample.js';
import { openTicket } from '../../src/incidents/tickets.js';
import { timelineOf } from '../../src/incidents/timeline.js';
import { regroup } from '../../src/incidents/triage/regroup.js';
import { incidentCardRenderer } from '../../src/slack/cards/incident.js';
import { makeTestDatabase, type TestDatabase } from '../helpers/database.js';
import { effectServicesOf } from '../helpers/effect-services.js';
import { makeTestServices, type TestServices } from '../helpers/services.js';

let database: TestDatabase;
let services: TestServices;
let ivo: Actor;

const config = {
  ...sampleConfig,
  incidents: {
    ...sampleConfig.incidents,
    severityByAlert: { critical: 'sev1' },
    endpoints: [{ source: 'generic', id: 'main', auth: { type: 'bearer', secrets: [{ env: 'T' }] } }],
    webhooks: [
      { url: 'http://127.0.0.1:9/one', secret: { env: 'HOOK' } },
      { url: 'http://127.0.0.1:9/two', secret: { env: 'HOOK' } },
    ],
    pagers: [{ type: 'pagerduty', name: 'pd', routingKey: { env: 'T' }, eventsUrl: 'http://127.0.0.1:9' }],
    trackers: [
      {
        type: 'jira',
        name: 'jira',
        url: 'http://127.0.0.1:9',
        user: 'u',
        token: { env: 'T' },
        project: 'OPS',
      },
    ],
    rules: [
      {
        name: 'finance hears',
        on: 'declare',
        when: { tier: [1] },
        do: [
          { action: 'invite', people: 'fay@example.com' },
          { action: 'task', title: 'Tell the board' },
        ],
      },
      {
        name: 'both are told',
        on: 'declare',
        when: { severity: 'sev2' },
        do: [
          { action: 'webhook', index: 0 },
          { action: 'webhook', index: 1 },
        ],
      },
      {
        name: 'sev 3 only',
        on: 'declare',
        when: { severity: 'sev3' },
        do: [{ action: 'post', channel: 'C0OTHER' }],
      },
      {
        name: 'calm again',
        on: 'severity',
        when: { severity: 'sev3' },
        do: [
          { action: 'invite', onCall: 'analytics' },
          { action: 'task', title: 'Call the loader' },
        ],
      },
      { name: 'orders leave triage', on: 'alert', when: { asset: 'orders_raw' }, do: [{ action: 'accept' }] },
      {
        name: 'and resolve',
        on: 'alert',
        when: { asset: 'orders_raw', status: 'recovered' },
        do: [{ action: 'resolve' }],
      },
      {
        name: 'as bad as the pager says',
        on: 'alert',
        when: { domain: 'crm' },
        do: [{ action: 'raise' }],
      },
    ],
  },
};

beforeAll(async () => {
  database = await makeTestDatabase();
  services = await makeTestServices({
    database,
    config,
    catalog: { shop: sampleSnapshot },
    actions: [incidentActions],
    secrets: { T: 't', HOOK: 'of the hook' },
  });
  ivo = { personId: await services.personId('ivo@example.com'), kind: 'person', channel: 'slack' };
});

async function send(body: unknown): Promise<void> {
  await receiveAlert(services, {
    source: 'generic',
    endpointId: 'main',
    headers: { authorization: 'Bearer t' },
    rawBody: Buffer.from(JSON.stringify(body)),
    remoteAddress: null,
    now: services.clock.now(),
  });
  for (const row of await services.db
    .selectFrom('inbox')
    .selectAll()
    .where('state', '=', 'received')
    .execute()) {
    await processStoredAlert(services, { body: row.body, receivedAt: row.received_at });
    await services.db.updateTable('inbox').set({ state: 'done' }).where('id', '=', row.id).execute();
  }
  await regroup(services, services.clock.now());
}

test('a rule fires once for what it names, its actions done twice change nothing, and a dry run only says', async () => {
  const incident = await declareIncident(services, {
    actor: ivo,
    now: services.clock.now(),
    via: 'command',
    deliveryKey: 'r1',
    severity: 'sev1',
    assetIds: [sampleId('model.shop.stg_orders')],
  });
  const work = await services.db
    .selectFrom('outbox')
    .select('payload')
    .where('kind', '=', 'incident.rule')
    .execute();
  expect(work.map(({ payload }) => payload.rule)).toEqual(['finance hears', 'finance hears']);
  expect((await dryRunRules(services, incident)).map(({ rule }) => rule)).toEqual(['finance hears']);
  for (let turn = 0; turn < 2; turn += 1) {
    for (const index of [0, 1])
      await runRuleAction(services, {
        incidentId: incident.id,
        rule: 'finance hears',
        index,
        occasion: 'declare',
        now: services.clock.now(),
      });
  }
  const tasks = await services.db
    .selectFrom('incident_task')
    .select('title')
    .where('incident_id', '=', incident.id)
    .where('title', '=', 'Tell the board')
    .execute();
  expect(tasks).toHaveLength(1);
  const fay = await services.personId('fay@example.com');
  const member = await services.db
    .selectFrom('incident_member')
    .select('how')
    .where('incident_id', '=', incident.id)
    .where('person_id', '=', fay)
    .executeTakeFirst();
  expect(member?.how).toBe('rule');
});

test('a rule tells each webhook that it names, once, and each is signed over its body as alerts are', async () => {
  const incident = await declareIncident(services, {
    actor: ivo,
    now: services.clock.now(),
    via: 'command',
    deliveryKey: 'hooks',
    title: 'Orders <late>',
    severity: 'sev2',
  });
  for (const index of [0, 1, 0, 1])
    await runRuleAction(services, {
      incidentId: incident.id,
      rule: 'both are told',
      index,
      occasion: 'declare',
      now: services.clock.now(),
    });
  const work = await services.db
    .selectFrom('outbox')
    .select(['key', 'payload'])
    .where('kind', '=', 'incident.webhook')
    .where('key', 'like', `incident.webhook:rule:${incident.id}:%`)
    .orderBy('id')
    .execute();
  expect(work.map(({ payload }) => payload.index)).toEqual([0, 1]);

  const seen: { header: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      seen.push({ header: request.headers['x-steward-signature']?.toString(), body });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { webhooks } = services.config.incidents;
  for (const hook of webhooks) hook.url = `http://127.0.0.1:${port}/`;
  try {
    for (const { key, payload } of work) {
      const context = { key, attempt: 1, now: services.clock.now(), signal: AbortSignal.timeout(10_000) };
      expect(await incidentWebhook.run(effectServicesOf(services), payload, context)).toEqual({ done: true });
    }
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  expect(seen).toHaveLength(2);
  for (const { header, body } of seen) {
    const verdict = (secret: string, rawBody: string) =>
      verifyTimedHmac(
        {
          rawBody: Buffer.from(rawBody),
          headers: { 'x-steward-signature': header },
          secret,
          now: new Date(),
          toleranceSeconds: 300,
          header: null,
        },
        'x-steward-signature',
      );
    expect(verdict('of the hook', body)).toBe('ok');
    expect(verdict('of another', body)).toBe('wrong');
    expect(verdict('of the hook', body.replace('investigating', 'resolved'))).toBe('wrong');
    expect(JSON.parse(body)).toMatchObject({
      event: 'incident.rule.both are told',
      incident: { reference: `INC-${incident.number}`, title: 'Orders <late>', state: 'investigating' },
    });
  }
});

test('a drill fires no rule that does not ask for drills', async () => {
  await declareIncident(services, {
    actor: ivo,
    now: services.clock.now(),
    via: 'command',
    deliveryKey: 'r2',
    drill: true,
    severity: 'sev3',
  });
  const fired = await services.db
    .selectFrom('incident_rule_firing')
    .select('rule')
    .where('rule', '=', 'sev 3 only')
    .execute();
  expect(fired).toHaveLength(0);
});

test('policy takes a named asset out of triage at once, and resolves it when its alerts recover', async () => {
  await services.db.deleteFrom('incident_rule_firing').execute();
  await services.db.updateTable('incident').set({ state: 'cancelled' }).execute();
  const at = (minutes: number) => new Date(services.clock.now().getTime() + minutes * 60_000).toISOString();
  await send({ title: 'late', asset: 'source.shop.orders_raw', kind: 'freshness', at: at(-30) });
  const state = () =>
    services.db
      .selectFrom('incident')
      .select(['state', 'declared_at'])
      .where('declared_via', '=', 'alert')
      .executeTakeFirstOrThrow();
  expect((await state()).state).toBe('investigating');
  await send({
    title: 'late',
    asset: 'source.shop.orders_raw',
    kind: 'freshness',
    status: 'resolved',
    at: at(-5),
  });
  expect((await state()).state).toBe('resolved');
});

test('a rule on severity fires at each change to it, and a delivery that comes again changes nothing', async () => {
  const { id } = await declareIncident(services, {
    actor: ivo,
    now: services.clock.now(),
    via: 'command',
    deliveryKey: 'up and down',
    severity: 'sev2',
  });
  const start = services.clock.now().getTime();
  for (const [index, severity] of ['3', '3', '2', '3'].entries())
    await changeSeverity(services, {
      incidentId: id,
      actor: ivo,
      now: new Date(start + index * 60_000),
      severity,
    });
  const work = await services.db
    .selectFrom('outbox')
    .select('payload')
    .where('kind', '=', 'incident.rule')
    .where('key', 'like', `incident.rule:${id}:calm again:%`)
    .execute();
  expect(work.map(({ payload }) => payload.index).sort()).toEqual([0, 0, 1, 1]);
  for (const { payload } of work)
    await runRuleAction(services, {
      incidentId: id,
      rule: 'calm again',
      index: Number(payload.index),
      occasion: String(payload.occasion),
      now: new Date(start + 300_000),
    });
  const tasks = await services.db
    .selectFrom('incident_task')
    .select('title')
    .where('incident_id', '=', id)
    .where('title', '=', 'Call the loader')
    .execute();
  expect(tasks).toHaveLength(1);
});

describe('an alert that says later that it is worse', () => {
  const minutesAgo = (count: number): string =>
    new Date(services.clock.now().getTime() - count * 60_000).toISOString();
  const check = (name: string, severity: string, count: number, more: Record<string, unknown> = {}) =>
    send({ title: `${name} fails`, fingerprint: name, severity, at: minutesAgo(count), ...more });
  const of = async (title: string) =>
    services.db
      .selectFrom('incident')
      .selectAll()
      .where('title', '=', `${title} fails`)
      .executeTakeFirstOrThrow();
  const words = async (id: string) => (await timelineOf(services, id)).map(({ text }) => text);
  const asked = async (id: string) =>
    services.db
      .selectFrom('slack_message')
      .select(['variant', 'person_id', 'channel_id'])
      .where('card_id', '=', id)
      .where('variant', 'like', 'nudge-worse:%')
      .orderBy('created_at')
      .execute();
  const taken = async (title: string) =>
    acceptIncident(services, { incidentId: (await of(title)).id, ...by() });
  const by = () => ({ actor: ivo, now: services.clock.now() });

  test('raises what still waits in triage, and a milder one lowers nothing', async () => {
    await check('late feed', 'warning', 9);
    expect(await of('late feed')).toMatchObject({ state: 'triage', severity: 'sev3' });
    await check('late feed', 'critical', 8);
    expect(await of('late feed')).toMatchObject({ state: 'triage', severity: 'sev1' });
    await check('late feed', 'info', 7);
    const incident = await of('late feed');
    expect(incident).toMatchObject({ state: 'triage', severity: 'sev1' });
    expect(await words(incident.id)).toEqual(
      expect.arrayContaining([
        'Its alerts are worse than before: warning → critical',
        'sev3 → sev1: its alerts are critical',
      ]),
    );
    expect(await asked(incident.id)).toEqual([]);
  });

  test('asks whoever leads a live one, once, and changes nothing by itself', async () => {
    await check('odd rows', 'warning', 9);
    const incident = await taken('odd rows');
    await assignRole(services, {
      incidentId: incident.id,
      ...by(),
      role: 'lead',
      personId: ivo.personId ?? '',
    });
    // The very same occurrence, marked as critical later, as Monte Carlo does: nothing but its severity is new.
    await check('odd rows', 'critical', 9);
    await check('odd rows', 'critical', 8);
    expect(await of('odd rows')).toMatchObject({ state: 'investigating', severity: 'sev3' });
    expect(await words(incident.id)).toContain('Sev 1 suggested: its alerts are critical');
    expect(await asked(incident.id)).toEqual([
      { variant: 'nudge-worse:alerts:sev1', person_id: ivo.personId, channel_id: null },
    ]);
    const rendered = (variant: string) =>
      incidentCardRenderer.render(services, incident.id, { variant, now: services.clock.now() });
    const [question] = await asked(incident.id);
    expect((await rendered(question?.variant ?? ''))?.text).toBe(
      `INC-${incident.number}: its alerts are worse than before (critical). Sev 1 is suggested, it is Sev 3. Nothing changes until somebody changes it.`,
    );
    expect(JSON.stringify(await rendered('main'))).toContain(':red_circle: firing · critical · 2 alerts');

    // Once it is as bad as that, a question that comes late is not sent any more.
    await changeSeverity(services, { incidentId: incident.id, ...by(), severity: 'sev1' });
    expect(await rendered(question?.variant ?? '')).toBeNull();
  });

  test('is asked about without a suggestion where steward.yml says nothing of such alerts', async () => {
    await check('few rows', 'info', 9);
    const incident = await taken('few rows');
    await check('few rows', 'warning', 8);
    expect(await asked(incident.id)).toEqual([
      { variant: 'nudge-worse:alerts:', person_id: null, channel_id: 'C0INC' },
    ]);
    expect(await words(incident.id)).toContain('Its alerts are worse than before: info → warning');
  });

  test('raises a live one where a rule says so', async () => {
    await check('doubles', 'warning', 9, { asset: 'dim_customers' });
    const incident = await taken('doubles');
    expect(incident.severity).toBe('sev2');
    await check('doubles', 'critical', 8, { asset: 'dim_customers' });
    expect(await of('doubles')).toMatchObject({ state: 'investigating', severity: 'sev1' });
    expect(await words(incident.id)).toContain(
      'sev2 → sev1: its alerts are critical, raised by the rule "as bad as the pager says"',
    );
    expect(await asked(incident.id)).toEqual([]);
  });

  test('more that is broken asks as well, where its tier is worse than what was known', async () => {
    const incident = await declareIncident(services, {
      ...by(),
      via: 'command',
      deliveryKey: 'grows',
      severity: 'sev3',
      assetIds: [sampleId('model.shop.dim_customers')],
    });
    const add = (sourceId: string) =>
      addBrokenAssets(services, { incidentId: incident.id, ...by(), assetIds: [sampleId(sourceId)] });
    await add('model.shop.fct_orders');
    // It reaches no more than that: nobody is asked again.
    await add('metric.shop.revenue');
    expect((await asked(incident.id)).map(({ variant }) => variant)).toEqual(['nudge-worse:reach:sev1']);
  });
});

describe('what does not get out of the house', () => {
  /** A pager and a tracker that answer one thing after the other. */
  async function answering<Result>(
    answers: { status: number; headers?: Record<string, string>; body?: unknown }[],
    body: () => Promise<Result>,
  ): Promise<Result> {
    const server = createServer((request, response) => {
      request.resume();
      request.on('end', () => {
        const { status, headers = {}, body: said = {} } = answers.shift() ?? { status: 500 };
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(JSON.stringify(said));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    for (const pager of services.config.incidents.pagers) pager.eventsUrl = url;
    for (const tracker of services.config.incidents.trackers) tracker.url = url;
    try {
      return await body();
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }
  const declared = (deliveryKey: string) =>
    declareIncident(services, {
      actor: ivo,
      now: services.clock.now(),
      via: 'command',
      deliveryKey,
      severity: 'sev3',
      title: 'Quiet pager',
    });
  const on = (incidentId: string) => ({ incidentId, actor: ivo, now: services.clock.now() });
  const latest = async (kind: string) =>
    services.db
      .selectFrom('outbox')
      .select(['key', 'payload'])
      .where('kind', '=', kind)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
  async function attemptOf(effect: typeof incidentPage | typeof incidentTicket, attempt = 1) {
    const { key, payload } = await latest(effect.kind);
    const context = { key, attempt, now: services.clock.now(), signal: AbortSignal.timeout(10_000) };
    return effect.run(effectServicesOf(services), payload, context);
  }
  const card = async (id: string, variant = 'main') =>
    incidentCardRenderer.render(services, id, { variant, now: services.clock.now() });
  const shown = async (id: string) => JSON.stringify((await card(id))?.blocks);
  const nudges = async (id: string) =>
    services.db
      .selectFrom('slack_message')
      .select('variant')
      .where('card_id', '=', id)
      .where('variant', '=', 'nudge-unpaged')
      .execute();

  test('a page that rings nobody is said on the card and, once, where it is worked on; it is rung again and then says so', async () => {
    const { id, number } = await declared('unpaged');
    await page(services, { ...on(id), reason: 'help' });
    await answering(
      [
        { status: 500 },
        { status: 429, headers: { 'retry-after': '7' } },
        { status: 500 },
        { status: 401, body: { message: 'who?' } },
        { status: 202 },
      ],
      async () => {
        await expect(attemptOf(incidentPage)).rejects.toThrow('PagerDuty answered 500');
        expect((await card(id))?.text).toContain(
          'The pager pd has rung nobody: PagerDuty answered 500. It is tried again; call whoever is on call, `/steward oncall` says who.',
        );
        // It may pass by itself.
        expect(await nudges(id)).toEqual([]);
        expect(await attemptOf(incidentPage)).toMatchObject({
          waitUntil: new Date(services.clock.now().getTime() + 7_000),
        });
        await expect(attemptOf(incidentPage, 2)).rejects.toThrow('500');
        await expect(attemptOf(incidentPage, 3)).rejects.toThrow('401');
        expect(await nudges(id)).toHaveLength(1);
        expect((await card(id, 'nudge-unpaged'))?.text).toBe(
          `INC-${number}: The pager pd has rung nobody: PagerDuty answered 401. It is tried again; call whoever is on call, \`/steward oncall\` says who.`,
        );
        expect(await attemptOf(incidentPage, 4)).toEqual({ done: true });
      },
    );
    expect(await shown(id)).toContain('pager pd: rung');
    expect(await shown(id)).not.toContain('rung nobody');
    expect(await card(id, 'nudge-unpaged')).toBeNull();
  });

  test('a ticket that is refused is said on the card, asked for again it is made once, and its name leads there', async () => {
    const { id } = await declared('unticketed');
    await openTicket(services, on(id));
    expect(await shown(id)).toContain('ticket in jira is being made');
    await answering(
      [
        { status: 400, body: { errorMessages: ['<!channel> no such project'] } },
        { status: 200, body: { issues: [] } },
        { status: 201, body: { id: '1', key: 'OPS-7' } },
      ],
      async () => {
        const dead = await attemptOf(incidentTicket);
        expect(dead).toMatchObject({ dead: expect.stringContaining('Jira answered 400') });
        const { key } = await latest('incident.ticket');
        await services.db.updateTable('outbox').set({ state: 'dead' }).where('key', '=', key).execute();
        expect(await shown(id)).toContain(
          'There is no ticket in jira yet: Jira answered 400. Nothing more is tried; `/incident ticket` asks again.',
        );
        services.clock.advance(1_000);
        await openTicket(services, on(id));
        expect((await latest('incident.ticket')).key).not.toBe(key);
        expect(await attemptOf(incidentTicket)).toEqual({ done: true });
      },
    );
    expect(await shown(id)).toMatch(/ticket <http:\/\/127\.0\.0\.1:\d+\/browse\/OPS-7\|OPS-7>/);
    expect(await shown(id)).not.toContain('There is no ticket');
    // What is there already is not asked for again.
    const { key } = await latest('incident.ticket');
    await openTicket(services, on(id));
    expect((await latest('incident.ticket')).key).toBe(key);
  });
});
