import { beforeAll, expect, test } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { makeTestServices, type TestServices } from '../../test/helpers/services.js';
import { type Actor, operatorActor } from '../audit/record.js';
import type { SourceSnapshot } from '../catalog/asset.js';
import { incidentActions } from './authority.js';
import { addBrokenAssets } from './change-severity.js';
import { declareIncident } from './declare.js';
import { acknowledge, reopen, resolve } from './life.js';
import { exportIncident } from './report/export.js';
import { sampleConfig, sampleId, sampleSnapshot } from './testing/sample.js';
import { postUpdate } from './updates.js';

let services: TestServices;
let ivo: Actor;
let fay: Actor;

const hidden = sampleId('model.shop.dim_customers');
const open = sampleId('model.shop.stg_orders');

let database: TestDatabase;

/** The same company with another catalog. */
const serviceOf = (snapshot: SourceSnapshot) =>
  makeTestServices({
    database,
    config: {
      ...sampleConfig,
      catalog: {
        visibility: [{ match: { domain: 'crm' }, teams: ['finance'], otherwise: 'hidden' }],
      },
    },
    catalog: { shop: snapshot },
    actions: [incidentActions],
  });

beforeAll(async () => {
  database = await makeTestDatabase();
  services = await serviceOf(sampleSnapshot);
  const actor = async (email: string): Promise<Actor> => ({
    personId: await services.personId(email),
    kind: 'person',
    channel: 'slack',
  });
  ivo = await actor('ivo@example.com');
  fay = await actor('fay@example.com');
});

function declared(
  actor: Actor,
  assetIds: string[],
  deliveryKey: string,
  more: { private?: boolean; kind?: 'data_exposure' } = {},
) {
  return declareIncident(services, {
    actor,
    now: services.clock.now(),
    via: 'command',
    assetIds,
    deliveryKey,
    ...more,
  });
}

test('a form that names an asset hidden from its sender is answered like one that names what does not exist', async () => {
  const words = async (id: string): Promise<string> => {
    try {
      await declared(ivo, [open, id], `forged-${id}`);
      return 'declared';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  const forged = await words(hidden);
  expect(forged).toContain('nothing was declared');
  expect(forged).toBe(await words('0d9c1c4e-0000-4000-8000-00000000abcd'));
  expect(
    await services.db.selectFrom('incident').select('id').where('delivery_key', 'like', 'forged-%').execute(),
  ).toEqual([]);
});

test('who may see it declares on it, and so does the operator', async () => {
  expect((await declared(fay, [hidden], 'fay-1')).state).toBe('investigating');
  expect((await declared(operatorActor, [hidden], 'operator-1')).state).toBe('investigating');
});

test('the title that nobody wrote names what is hidden from some only where those who read it were chosen', async () => {
  const title = async (assetIds: string[], more: { private?: boolean; kind?: 'data_exposure' } = {}) =>
    (await declared(fay, assetIds, `title-${assetIds.length}-${JSON.stringify(more)}`, more)).title;
  expect(await title([hidden])).toBe('Something is wrong with our data');
  expect(await title([hidden, open])).toBe('Something is wrong with stg_orders');
  expect(await title([hidden], { private: true })).toBe('Something is wrong with dim_customers');
  expect(await title([hidden], { kind: 'data_exposure' })).toBe('Possible data exposure on dim_customers');
});

test('a hidden asset cannot be added to an incident either', async () => {
  const incident = await declared(ivo, [open], 'ivo-1');
  await expect(
    addBrokenAssets(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      assetIds: [hidden],
    }),
  ).rejects.toThrow('nothing was changed');
  const assets = await services.db
    .selectFrom('incident_asset')
    .select('name')
    .where('incident_id', '=', incident.id)
    .execute();
  expect(assets.map(({ name }) => name)).not.toContain('dim_customers');
});

test('what is broken may leave the catalog: its incident goes on to its end under the name that it had', async () => {
  const incident = await declared(ivo, [open], 'leaves');
  const left = ({ sourceId }: { sourceId: string }) => sourceId !== 'model.shop.stg_orders';
  const later = await serviceOf({
    ...sampleSnapshot,
    assets: sampleSnapshot.assets.filter(left),
    edges: sampleSnapshot.edges.filter(({ from, to }) => [from, to].every((sourceId) => left({ sourceId }))),
  });
  const act = { incidentId: incident.id, actor: ivo, now: later.clock.now() };
  await acknowledge(later, act);
  await addBrokenAssets(later, { ...act, assetIds: [sampleId('source.shop.orders_raw')] });
  await postUpdate(later, { ...act, wrong: 'Orders are late', deliveryKey: 'leaves' });
  const warned = async () =>
    (
      await later.db
        .selectFrom('asset_notice')
        .select('asset_id')
        .where('subject_id', '=', incident.id)
        .where('relation', '=', 'direct')
        .where('ends_at', 'is', null)
        .execute()
    )
      .map(({ asset_id }) => asset_id)
      .sort();
  const both = [open, sampleId('source.shop.orders_raw')].sort();
  expect(await warned()).toEqual(both);
  await resolve(later, act);
  expect(await warned()).toEqual([]);
  await reopen(later, { ...act, reason: 'late again' });
  expect(await warned()).toEqual(both);
  await resolve(later, act);
  const exported = await exportIncident(later, { number: incident.number, person: null, all: true });
  expect(
    exported.blast_radius.assets
      .filter(({ relation }) => relation === 'direct')
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['orders_raw', 'stg_orders']);
  await expect(
    declareIncident(later, { ...act, via: 'command', assetIds: [open], deliveryKey: 'left' }),
  ).rejects.toThrow('not in the catalog. Search for it again; nothing was declared');
});
