import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { makeTestServices, type TestServices } from '../../test/helpers/services.js';
import type { Actor } from '../audit/record.js';
import { incidentActions } from './authority.js';
import { declareIncident } from './declare.js';
import { noteEvidence } from './evidence.js';
import { sampleConfig, sampleId, sampleSnapshot } from './testing/sample.js';
import { timelineOf } from './timeline.js';
import { editEntry } from './timeline-edit.js';

let services: TestServices;
let ivo: Actor;
const minute = 60_000;

beforeAll(async () => {
  const database = await makeTestDatabase();
  services = await makeTestServices({
    database,
    config: sampleConfig,
    catalog: { shop: sampleSnapshot },
    actions: [incidentActions],
  });
  ivo = { personId: await services.personId('ivo@example.com'), kind: 'person', channel: 'slack' };
  await services.db
    .insertInto('catalog_source')
    .values({
      name: 'shop',
      type: 'test',
      position: 0,
      attempted_at: services.clock.now(),
      error: null,
    })
    .execute();
  // Rows of the catalog behind the view: versions and signals refer to them.
  for (const asset of sampleSnapshot.assets)
    await services.db
      .insertInto('asset')
      .values({
        id: sampleId(asset.sourceId),
        source: 'shop',
        source_id: asset.sourceId,
        kind: asset.kind,
        name: asset.name,
        draft: JSON.stringify(asset),
        content_hash: 'x',
        first_seen_at: services.clock.now(),
        changed_at: services.clock.now(),
      })
      .execute();
});

const at = (minutes: number): Date => new Date(services.clock.now().getTime() + minutes * minute);

async function signal(asset: string, status: 'pass' | 'fail', minutes: number, name = 'unique_order_id') {
  await services.db
    .insertInto('signal')
    .values({
      asset_id: sampleId(asset),
      type: 'test',
      name,
      column_name: null,
      status,
      observed_at: at(minutes),
      value: null,
      unit: null,
      message: status === 'fail' ? 'Got 12 results' : null,
    })
    .execute();
}

const lines = async (incidentId: string, kind: string) =>
  (await timelineOf(services, incidentId)).filter((entry) => entry.kind === kind).map(({ text }) => text);

describe('the timeline writes itself', () => {
  test('with backfills, changed definitions and turned tests of the affected data, each once and at its own time', async () => {
    const incident = await declareIncident(services, {
      actor: ivo,
      now: services.clock.now(),
      via: 'command',
      deliveryKey: 'evidence',
      assetIds: [sampleId('model.shop.stg_orders')],
      startedAt: at(-60),
    });
    // Upstream of what is broken: a likely cause. Far downstream and older than a day: none.
    await services.db
      .insertInto('asset_version')
      .values({
        asset_id: sampleId('source.shop.orders_raw'),
        number: 2,
        at: at(-90),
        change: 'schema',
        breaking: true,
        content_hash: 'y',
        draft: JSON.stringify(sampleSnapshot.assets[0]),
        changes: JSON.stringify([{ field: 'columns', kind: 'schema', before: null, after: null }]),
        revision: 'abc',
      })
      .execute();
    await signal('model.shop.fct_orders', 'pass', -55);
    await signal('model.shop.fct_orders', 'fail', -50);
    await signal('model.shop.fct_orders', 'fail', -40);
    await signal('model.shop.fct_orders', 'pass', -5);
    await signal('model.shop.dim_customers', 'fail', -30);
    await services.db
      .insertInto('asset_notice')
      .values({
        asset_id: sampleId('model.shop.fct_orders'),
        kind: 'backfill',
        subject_id: randomUUID(),
        reference: 'BF-3',
        relation: 'direct',
        level: 'caution',
        private: false,
        summary: 'BF-3 rebuilt 3 days of fct_orders',
        starts_at: at(-20),
        ends_at: at(-10),
        updated_at: at(-10),
      })
      .execute();

    await noteEvidence(services, services.clock.now());
    await noteEvidence(services, at(1));

    expect(await lines(incident.id, 'definition')).toEqual([
      'orders_raw changed its columns in a way that breaks readers (columns)',
    ]);
    expect(await lines(incident.id, 'test')).toEqual([
      'unique_order_id on fct_orders fails: Got 12 results',
      'unique_order_id on fct_orders passes',
    ]);
    expect(await lines(incident.id, 'backfill')).toEqual([
      'BF-3 started',
      'BF-3 rebuilt 3 days of fct_orders',
    ]);
    const times = (await timelineOf(services, incident.id)).map((entry) => entry.at.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('a line that somebody took out of the timeline stays out', async () => {
    const incident = await declareIncident(services, {
      actor: ivo,
      now: services.clock.now(),
      via: 'command',
      deliveryKey: 'evidence-hidden',
      assetIds: [sampleId('model.shop.fct_orders')],
      startedAt: at(-60),
    });
    await noteEvidence(services, services.clock.now());
    const [first] = (await timelineOf(services, incident.id)).filter(({ kind }) => kind === 'test');
    await editEntry(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      entryId: first?.id ?? '',
      hidden: true,
    });
    await noteEvidence(services, at(2));
    expect(await lines(incident.id, 'test')).toEqual(['unique_order_id on fct_orders passes']);
  });
});
