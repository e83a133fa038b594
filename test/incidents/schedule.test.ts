import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { muteVerb } from '../../commands/incident/mute.js';
import { incidentActions } from '../../src/incidents/authority.js';
import { declareIncident } from '../../src/incidents/declare.js';
import { mute, mutedBy, mutesFor } from '../../src/incidents/mute.js';
import { plannedKey } from '../../src/incidents/planned-work.js';
import {
  forgetAlerts,
  incidentRounds,
  postDigest,
  readStatusFeed,
  statusFeed,
  watchHandoff,
} from '../../src/incidents/schedule.js';
import { addTask } from '../../src/incidents/tasks.js';
import { sampleConfig, sampleId, sampleSnapshot } from '../../src/incidents/testing/sample.js';
import { incidentDigestCard, incidentHandoffCard } from '../../src/slack/cards/incident-digest.js';
import { plannedWorkNotice } from '../../src/slack/cards/planned-work.js';
import { readStatus } from '../../src/telemetry/status.js';
import { makeTestDatabase, type TestDatabase } from '../helpers/database.js';
import { makeTestServices, type TestServices } from '../helpers/services.js';

let database: TestDatabase;
let services: TestServices;

beforeAll(async () => {
  database = await makeTestDatabase();
  const config = {
    ...sampleConfig,
    teams: [
      {
        id: 'analytics',
        onCall: {
          people: ['ivo@example.com', 'fay@example.com'],
          start: '2026-01-05T00:00:00Z',
          every: '1w',
        },
      },
      { id: 'finance' },
      { id: 'security' },
    ],
    incidents: {
      ...sampleConfig.incidents,
      plannedWork: [
        {
          asset: 'dim_customers',
          from: '2026-03-02T09:00:00Z',
          to: '2026-03-02T12:00:00Z',
          reason: 'the loader moves',
        },
      ],
    },
  };
  services = await makeTestServices({
    database,
    config,
    catalog: { shop: sampleSnapshot },
    actions: [incidentActions],
  });
});

test('planned work mutes its asset for its window, shows on answers, and is written once', async () => {
  await incidentRounds(services, services.clock.now());
  await incidentRounds(services, services.clock.now());
  const notices = await services.db
    .selectFrom('asset_notice')
    .selectAll()
    .where('kind', '=', 'planned')
    .execute();
  expect(notices).toHaveLength(1);
  const subject = { assetId: sampleId('model.shop.dim_customers'), fingerprint: 'x' };
  expect(await mutedBy(services.db, { ...subject, at: new Date('2026-03-02T10:00:00Z') })).toBe(true);
  expect(await mutedBy(services.db, { ...subject, at: new Date('2026-03-02T13:00:00Z') })).toBe(false);
});

test('a window that is taken out of steward.yml ends, on answers too, and opens again when it is written there again', async () => {
  const { plannedWork } = services.config.incidents;
  const begun = new Date('2026-03-02T10:00:00Z');
  const taken = plannedWork.splice(0);
  await incidentRounds(services, begun);
  const subject = { assetId: sampleId('model.shop.dim_customers'), fingerprint: 'x', at: begun };
  expect(await mutedBy(services.db, subject)).toBe(false);
  const notices = () =>
    services.db
      .selectFrom('asset_notice')
      .select(['ends_at'])
      .where('kind', '=', 'planned')
      .orderBy('ends_at')
      .execute();
  expect(await notices()).toEqual([{ ends_at: begun }]);
  plannedWork.push(...taken);
  await incidentRounds(services, begun);
  expect(await mutedBy(services.db, subject)).toBe(true);
  expect((await notices()).map(({ ends_at }) => ends_at)).toEqual([begun, new Date('2026-03-02T12:00:00Z')]);
  const audited = await services.db
    .selectFrom('audit')
    .select(['action', 'actor_kind'])
    .where('subject_kind', '=', 'mute')
    .orderBy('id')
    .execute();
  expect(audited).toEqual(
    ['incident.mute', 'incident.unmute', 'incident.mute'].map((action) => ({
      action,
      actor_kind: 'schedule',
    })),
  );
});

test('planned work that means nothing of the catalog, or several things, is told once to the administrators, said in the list of mutes and in the status', async () => {
  const { plannedWork } = services.config.incidents;
  const window = { from: '2026-03-02T09:00:00Z', to: '2026-04-02T12:00:00Z', reason: 'the vault moves' };
  plannedWork.push({ asset: 'dim_custmers', ...window });
  await incidentRounds(services, services.clock.now());
  await incidentRounds(services, services.clock.now());
  const told = await services.db
    .selectFrom('slack_message')
    .select(['card_id', 'person_id'])
    .where('card_kind', '=', 'planned-work')
    .execute();
  expect(told).toMatchObject([{ person_id: await services.personId('ada@example.com') }]);
  const now = services.clock.now();
  const render = () => plannedWorkNotice.render(services, told[0]?.card_id ?? '', { variant: 'main', now });
  expect((await render())?.text).toMatch(
    /^The planned work from .* silences nothing: nothing in the catalog is called dim_custmers\. Correct `incidents\.plannedWork\[1\]\.asset`/,
  );
  const status = async () =>
    (await readStatus(services, now)).find(({ name }) => name === 'Planned work')?.text;
  expect(await status()).toBe('1 of 2 silences nothing: nothing in the catalog is called dim_custmers');
  const { visibility } = services.config.catalog;
  const known = async () => {
    const key = plannedKey('dim_customers', plannedWork[0] ?? { asset: '', ...window });
    return (await plannedWorkNotice.render(services, key, { variant: 'main', now }))?.text;
  };
  expect(await known()).toMatch(/^The planned work on dim_customers from .* is known now/);
  visibility.push({ match: { name: 'dim_customers' }, teams: ['nobody'], otherwise: 'hidden' });
  expect(await known(), 'a channel may read it').toMatch(/^The planned work from .* is known now/);
  visibility.pop();
  const person = await services.directory.byEmail(services.db, 'fay@example.com');
  if (person === null) throw new Error('Fay is not known');
  const list = await muteVerb.run(
    services,
    {
      person,
      actor: { personId: person.id, kind: 'person', channel: 'slack' },
      surface: 'command',
      channel: null,
      threadTs: null,
      messageTs: null,
      now,
      deliveryKey: 'list',
    },
    'list',
  );
  expect(list.text).toContain(
    'silencing nothing: nothing in the catalog is called dim_custmers (the vault moves)',
  );
  plannedWork.pop();
});

test('muting the same asset again replaces the mute: one is listed, until the later wish, and the audit names the earlier', async () => {
  const now = services.clock.now();
  const actor = {
    personId: await services.personId('ivo@example.com'),
    kind: 'person',
    channel: 'slack',
  } as const;
  const until = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
  const subject = { assetId: sampleId('model.shop.fct_orders'), label: 'fct_orders', actor };
  const first = await mute(services, { ...subject, now, reason: 'a', until: until(6) });
  const later = new Date(now.getTime() + 60_000);
  const second = await mute(services, { ...subject, now: later, reason: 'b', until: until(2) });
  expect(second.replaced).toEqual(until(6));
  const listed = (await mutesFor(services, { teams: [] }, later)).filter(
    ({ label }) => label === 'fct_orders',
  );
  expect(listed).toMatchObject([{ id: second.id, reason: 'b', until: until(2) }]);
  const alert = { assetId: subject.assetId, fingerprint: 'x', at: until(3) };
  expect(await mutedBy(services.db, alert)).toBe(false);
  const row = await services.db
    .selectFrom('audit')
    .select(['before', 'after'])
    .where('subject_id', '=', second.id)
    .executeTakeFirstOrThrow();
  expect(row.before).toEqual({ mute: first.id, until: until(6).toISOString() });
  await Promise.all(
    [1, 2, 3, 4].map((hours) => mute(services, { ...subject, now: later, reason: 'c', until: until(hours) })),
  );
  expect(
    (await mutesFor(services, { teams: [] }, later)).filter(({ label }) => label === 'fct_orders'),
  ).toHaveLength(1);
});

test('the next on-call gets one message with what is open, when the turn changes and not before', async () => {
  const sent = () =>
    services.db
      .selectFrom('slack_message')
      .select(['card_id', 'person_id'])
      .where('card_kind', '=', 'incident-handoff')
      .execute();
  await watchHandoff(services, services.clock.now());
  expect(await sent()).toHaveLength(0);
  const nextWeek = new Date(services.clock.now().getTime() + 7 * 86_400_000);
  await watchHandoff(services, nextWeek);
  await watchHandoff(services, nextWeek);
  expect(await sent()).toHaveLength(1);
  const card = await incidentHandoffCard.render(services, 'analytics', {
    variant: '',
    now: services.clock.now(),
  });
  expect(card?.text).toContain('You are on call now');
});

test('a week in which nothing happened, with nothing open or due, has no digest', async () => {
  const quiet = await makeTestDatabase();
  const calm = await makeTestServices({
    database: quiet,
    config: sampleConfig,
    catalog: { shop: sampleSnapshot },
    actions: [incidentActions],
  });
  const posts = () =>
    calm.db
      .selectFrom('slack_message')
      .select('card_id')
      .where('card_kind', '=', 'incident-digest')
      .execute();
  await postDigest(calm, new Date('2026-03-09T10:00:00Z'));
  expect(await posts()).toEqual([]);
  await declareIncident(calm, {
    actor: { personId: await calm.personId('ivo@example.com'), kind: 'person', channel: 'slack' },
    now: new Date('2026-03-10T08:00:00Z'),
    via: 'command',
    deliveryKey: 'calm',
    assetIds: [sampleId('source.shop.orders_raw')],
  });
  await postDigest(calm, new Date('2026-03-10T10:00:00Z'));
  expect(await posts()).toEqual([]);
  await postDigest(calm, new Date('2026-03-16T10:00:00Z'));
  expect(await posts()).toEqual([{ card_id: '2026-03-16' }]);
});

test('the weekly digest is one post a week in working hours, with a chart whose numbers stand in its words', async () => {
  await declareIncident(services, {
    actor: { personId: await services.personId('ivo@example.com'), kind: 'person', channel: 'slack' },
    now: services.clock.now(),
    via: 'command',
    deliveryKey: 'digest',
    assetIds: [sampleId('source.shop.orders_raw')],
  });
  await postDigest(services, new Date('2026-03-09T02:00:00Z'));
  await postDigest(services, new Date('2026-03-09T10:00:00Z'));
  await postDigest(services, new Date('2026-03-10T10:00:00Z'));
  const posts = await services.db
    .selectFrom('slack_message')
    .select('card_id')
    .where('card_kind', '=', 'incident-digest')
    .execute();
  expect(posts.map(({ card_id }) => card_id)).toContain('2026-03-09');
  expect(posts.filter(({ card_id }) => card_id === '2026-03-09')).toHaveLength(1);
  const card = await incidentDigestCard.render(services, '2026-03-09', {
    variant: '',
    now: services.clock.now(),
  });
  expect(card?.text).toContain('1 incident in 7 days');
  expect(card?.image?.altText).toContain('Sev 2 1 incident');
});

test('the status feed shows what is open and passes its schema', async () => {
  const feed = statusFeed.parse(await readStatusFeed(services, services.clock.now()));
  expect(feed.incidents.map(({ title }) => title)).toContain('Something is wrong with orders_raw');
});

test('raw alerts are forgotten after their time', async () => {
  const old = new Date('2026-02-01T00:00:00Z');
  await services.db
    .insertInto('alert')
    .values({
      id: 'old',
      source: 's',
      endpoint: 'e',
      fingerprint: 'f',
      status: 'firing',
      kind: 'test',
      severity: 'error',
      title: 't',
      description: '',
      hint: null,
      owners: '[]',
      labels: '{}',
      at: old,
      received_at: old,
    })
    .execute();
  await forgetAlerts(services, services.clock.now());
  expect(await services.db.selectFrom('alert').select('id').where('id', '=', 'old').execute()).toHaveLength(
    0,
  );
});

test('the hand-off names what is open, runs, is muted and falls due, and nothing private', async () => {
  const now = services.clock.now();
  const actor = {
    personId: await services.personId('ivo@example.com'),
    kind: 'person',
    channel: 'slack',
  } as const;
  const declared = async (title: string, isPrivate: boolean) => {
    const incident = await declareIncident(services, {
      actor,
      now,
      title,
      private: isPrivate,
      via: 'command',
      deliveryKey: title,
      assetIds: [sampleId('model.shop.fct_orders')],
    });
    const dueAt = new Date(now.getTime() + 3 * 86_400_000);
    await addTask(services, {
      incidentId: incident.id,
      actor,
      now,
      kind: 'follow_up',
      title: `after ${title}`,
      dueAt,
    });
    return incident;
  };
  const { number } = await declared('Orders are late', false);
  await declared('A secret', true);
  await mute(services, {
    actor,
    now,
    assetId: sampleId('model.shop.stg_orders'),
    label: 'stg_orders',
    reason: 'its loader is replaced',
    until: new Date(now.getTime() + 86_400_000),
  });
  await services.db
    .insertInto('asset_notice')
    .values(
      ['model.shop.stg_orders', 'model.shop.fct_orders'].map((name) => ({
        asset_id: sampleId(name),
        kind: 'backfill' as const,
        subject_id: randomUUID(),
        reference: 'BF-7',
        summary: 'orders of March are rebuilt',
        level: 'caution',
        private: false,
        relation: 'direct' as const,
        starts_at: now,
        updated_at: now,
      })),
    )
    .execute();
  const card = await incidentHandoffCard.render(services, 'analytics', { variant: '', now });
  for (const words of [
    `INC-${number} sev1 investigating: Orders are late`,
    'BF-7 runs: orders of March are rebuilt',
    'muted stg_orders until',
    `follow-up of INC-${number}: after Orders are late, due`,
  ])
    expect(card?.text).toContain(words);
  expect(card?.text.split('BF-7')).toHaveLength(2);
  expect(JSON.stringify(card)).not.toContain('A secret');
});
