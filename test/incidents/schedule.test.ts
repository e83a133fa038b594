import { beforeAll, expect, test } from 'vitest';
import { incidentActions } from '../../src/incidents/authority.js';
import { declareIncident } from '../../src/incidents/declare.js';
import { mutedBy } from '../../src/incidents/mute.js';
import {
  forgetAlerts,
  incidentRounds,
  postDigest,
  readStatusFeed,
  statusFeed,
  watchHandoff,
} from '../../src/incidents/schedule.js';
import { sampleConfig, sampleId, sampleSnapshot } from '../../src/incidents/testing/sample.js';
import { incidentDigestCard, incidentHandoffCard } from '../../src/slack/cards/incident-digest.js';
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
        { nonsense: true },
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
  expect(card?.image?.altText).toContain('sev2 1 incident');
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
