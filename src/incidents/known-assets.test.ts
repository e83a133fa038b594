import { beforeAll, expect, test } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { makeTestServices, type TestServices } from '../../test/helpers/services.js';
import { type Actor, operatorActor } from '../audit/record.js';
import { incidentActions } from './authority.js';
import { addBrokenAssets } from './change-severity.js';
import { declareIncident } from './declare.js';
import { sampleConfig, sampleId, sampleSnapshot } from './testing/sample.js';

let services: TestServices;
let ivo: Actor;
let fay: Actor;

const hidden = sampleId('model.shop.dim_customers');
const open = sampleId('model.shop.stg_orders');

beforeAll(async () => {
  services = await makeTestServices({
    database: await makeTestDatabase(),
    config: {
      ...sampleConfig,
      catalog: {
        visibility: [{ match: { domain: 'crm' }, teams: ['finance'], otherwise: 'hidden' }],
      },
    },
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
