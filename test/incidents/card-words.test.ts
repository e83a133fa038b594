import { beforeAll, expect, test } from 'vitest';
import { incidentActions } from '../../src/incidents/authority.js';
import { declareIncident } from '../../src/incidents/declare.js';
import { sampleConfig, sampleId, sampleSnapshot } from '../../src/incidents/testing/sample.js';
import { postUpdate } from '../../src/incidents/updates.js';
import { incidentCardRenderer } from '../../src/slack/cards/incident.js';
import { makeTestDatabase } from '../helpers/database.js';
import { makeTestServices, type TestServices } from '../helpers/services.js';

let services: TestServices;

beforeAll(async () => {
  services = await makeTestServices({
    database: await makeTestDatabase(),
    config: sampleConfig,
    catalog: {
      shop: {
        ...sampleSnapshot,
        assets: sampleSnapshot.assets.map((asset) =>
          asset.name === 'dim_customers' ? { ...asset, owners: [{ email: 'nobody@example.com' }] } : asset,
        ),
      },
    },
    actions: [incidentActions],
  });
});

async function card(title: string, assetIds: string[]): Promise<string> {
  const now = services.clock.now();
  const incident = await declareIncident(services, {
    actor: { personId: await services.personId('fay@example.com'), kind: 'person', channel: 'slack' },
    now,
    via: 'command',
    deliveryKey: title,
    title,
    assetIds,
  });
  const rendered = await incidentCardRenderer.render(services, incident.id, { variant: 'main', now });
  return JSON.stringify(rendered?.blocks);
}

test('the title stands once on the card', async () => {
  const blocks = await card('Orders look halved', [sampleId('model.shop.stg_orders')]);
  expect(blocks.split('Orders look halved')).toHaveLength(2);
});

test('an owner whom Slack knows is mentioned, another is named as the catalog writes it', async () => {
  const blocks = await card('Two things broke', [
    sampleId('source.shop.orders_raw'),
    sampleId('model.shop.dim_customers'),
  ]);
  expect(blocks).toContain('owned by nobody@example.com, <@U0IVO>');
  expect(blocks).not.toContain('ivo@example.com');
});

test('why alerts are one incident is said without the name of a table that not everybody may know of', async () => {
  const title = 'Two alerts';
  await card(title, [sampleId('model.shop.stg_orders')]);
  const { db } = services;
  const now = services.clock.now();
  const incident = await db
    .selectFrom('incident')
    .selectAll()
    .where('title', '=', title)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('alert_group')
    .values({
      key: 'k',
      incident_id: incident.id,
      state: 'open',
      status: 'firing',
      title: 'late',
      root_asset_id: sampleId('source.shop.orders_raw'),
      because: 'all of it is fed by orders_raw, which broke first',
      fingerprint: 'f',
      alerts: 2,
      flaps: 0,
      first_at: now,
      last_at: now,
      created_at: now,
      updated_at: now,
    })
    .execute();
  const shown = async (): Promise<string> =>
    JSON.stringify(
      (await incidentCardRenderer.render(services, incident.id, { variant: 'main', now }))?.blocks,
    );
  expect(await shown()).toContain('fed by orders_raw, which broke first');
  const rules = services.config.catalog.visibility;
  rules.push({ match: { name: 'orders_raw' }, teams: ['finance'], otherwise: 'hidden' });
  expect(await shown()).toContain('fed by one table, which broke first');
  await db.updateTable('incident').set({ private: true }).where('id', '=', incident.id).execute();
  expect(await shown()).toContain('fed by orders_raw, which broke first');
  rules.pop();
});

test('executives read in the words alone what is wrong, what it reaches and when the next word comes', async () => {
  const title = 'Orders of yesterday are missing';
  await card(title, [sampleId('model.shop.stg_orders')]);
  const { id } = await services.db
    .selectFrom('incident')
    .select('id')
    .where('title', '=', title)
    .executeTakeFirstOrThrow();
  const now = services.clock.now();
  await postUpdate(services, {
    incidentId: id,
    actor: { personId: await services.personId('ivo@example.com'), kind: 'person', channel: 'slack' },
    now,
    wrong: 'Half of the orders of yesterday were not loaded.',
    deliveryKey: 'executive',
  });
  const shown = await incidentCardRenderer.render(services, id, { variant: 'executive', now });
  expect(shown?.text).toMatch(
    /Half of the orders of yesterday were not loaded\. Tier 1 affected: .*fct_orders.*\. Next word /,
  );
});
