import { beforeAll, expect, test } from 'vitest';
import { makeTestDatabase } from '../../../test/helpers/database.js';
import { makeTestServices, type TestServices } from '../../../test/helpers/services.js';
import { incidentActions } from '../authority.js';
import { declareIncident } from '../declare.js';
import { sampleConfig, sampleId, sampleSnapshot } from '../testing/sample.js';
import { statisticsOf } from './statistics.js';

let services: TestServices;
const period = { from: new Date('2026-03-01'), to: new Date('2026-04-01') };

/** dim_customers (domain crm, tier 2) is known to finance alone; fct_orders (domain sales, tier 1) to everybody. */
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

async function declared(names: string[], more: { private?: boolean; drill?: boolean } = {}): Promise<void> {
  await declareIncident(services, {
    actor: { personId: await services.personId('fay@example.com'), kind: 'person', channel: 'slack' },
    now: services.clock.now(),
    via: 'command',
    severity: 'sev3',
    assetIds: names.map(sampleId),
    deliveryKey: `${names.join()}-${JSON.stringify(more)}`,
    ...more,
  });
}

test('an incident on what is hidden from some is counted, without its tier and domain; beside something open that alone shows', async () => {
  await declared(['model.shop.dim_customers']);
  expect(await statisticsOf(services, period)).toMatchObject({
    all: { count: 1 },
    by_severity: { 'Sev 3': { count: 1 } },
    by_tier: { unknown: { count: 1 } },
    by_domain: { unknown: { count: 1 } },
  });
  await declared(['model.shop.dim_customers', 'model.shop.fct_orders']);
  const numbers = await statisticsOf(services, period);
  expect(Object.keys(numbers.by_tier).sort()).toEqual(['tier 1', 'unknown']);
  expect(Object.keys(numbers.by_domain).sort()).toEqual(['sales', 'unknown']);
  expect(JSON.stringify(numbers)).not.toContain('crm');
});

test('private incidents and drills are in no number at all', async () => {
  const before = await statisticsOf(services, period);
  await declared(['model.shop.stg_orders'], { private: true });
  await declared(['model.shop.stg_orders'], { drill: true });
  expect(await statisticsOf(services, period)).toEqual(before);
});
