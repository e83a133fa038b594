import { beforeAll, expect, it } from 'vitest';
import { keepAlerts } from '../../src/incidents/alerts/process.js';
import { incidentActions } from '../../src/incidents/authority.js';
import { readDelivery } from '../../src/incidents/grouping/replay.js';
import { sampleConfig, sampleSnapshot } from '../../src/incidents/testing/sample.js';
import { wholeTimeline } from '../../src/incidents/timeline.js';
import { regroup } from '../../src/incidents/triage/regroup.js';
import { incidentCardRenderer } from '../../src/slack/cards/incident.js';
import { makeTestDatabase } from '../helpers/database.js';
import { makeTestServices, type TestServices } from '../helpers/services.js';

let services: TestServices;

/** dim_customers is known to finance alone. */
beforeAll(async () => {
  services = await makeTestServices({
    database: await makeTestDatabase(),
    config: {
      ...sampleConfig,
      catalog: { visibility: [{ match: { domain: 'crm' }, teams: ['finance'], otherwise: 'hidden' }] },
    },
    catalog: { shop: sampleSnapshot },
    actions: [incidentActions],
  });
});

async function alerted(asset: string, status: 'firing' | 'resolved', minutes: number): Promise<void> {
  const receivedAt = new Date(services.clock.now().getTime() + minutes * 60_000);
  const { alerts } = readDelivery({
    source: 'generic',
    endpoint: 'main',
    receivedAt,
    body: { title: `${asset} is late`, asset, status, kind: 'freshness', at: receivedAt.toISOString() },
  });
  await services.db.transaction().execute((trx) => keepAlerts(services, trx, alerts, receivedAt));
  await regroup(services, receivedAt);
}
const newest = () =>
  services.db.selectFrom('incident').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirstOrThrow();

it('an alert on what is hidden from some opens an incident that names it nowhere', async () => {
  await alerted('dim_customers', 'firing', 0);
  const incident = await newest();
  expect(incident).toMatchObject({
    state: 'triage',
    title: 'A freshness alert on data that not everybody may know of',
  });
  for (const variant of ['triage', 'main', 'announce']) {
    const card = await incidentCardRenderer.render(services, incident.id, {
      variant,
      now: services.clock.now(),
    });
    expect(JSON.stringify(card), variant).not.toContain('dim_customers');
  }
  const lines = (await wholeTimeline(services, incident.id).execute()).filter(({ kind }) => kind === 'state');
  expect(JSON.stringify(lines)).not.toContain('dim_customers');
});

it('an alert on what everybody may know of keeps its own words', async () => {
  await alerted('stg_orders', 'firing', 1);
  expect((await newest()).title).toBe('stg_orders is late');
});
