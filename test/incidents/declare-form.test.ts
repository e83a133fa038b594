import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { namedAsset } from '../../commands/incident/named-asset.js';
import { declareView } from '../../handlers/views/incident/declare.js';
import { newAsset } from '../../src/catalog/new-asset.js';
import { incidentActions } from '../../src/incidents/authority.js';
import { sampleConfig, sampleId, sampleSnapshot } from '../../src/incidents/testing/sample.js';
import type { Caller } from '../../src/slack/surface.js';
import { makeTestDatabase } from '../helpers/database.js';
import { makeTestServices, type TestServices } from '../helpers/services.js';

let services: TestServices;

/** Finance keeps another fct_orders, and a list of theirs that is called like the label of a dashboard; nobody else knows of them. */
beforeAll(async () => {
  const secret = (sourceId: string, name: string) =>
    newAsset({ sourceId, kind: 'model', name }, { domain: 'secret', tier: 3 });
  services = await makeTestServices({
    database: await makeTestDatabase(),
    config: {
      ...sampleConfig,
      catalog: { visibility: [{ match: { domain: 'secret' }, teams: ['finance'], otherwise: 'hidden' }] },
    },
    catalog: {
      shop: {
        ...sampleSnapshot,
        assets: [
          ...sampleSnapshot.assets,
          newAsset(
            { sourceId: 'metric.shop.dim_customers', kind: 'metric', name: 'dim_customers' },
            { tier: 2 },
          ),
          secret('model.books.fct_orders', 'fct_orders'),
          secret('model.books.board', 'Board <dashboard>'),
        ],
      },
    },
    actions: [incidentActions],
  });
});

async function callerOf(email: string): Promise<Caller> {
  const person = await services.directory.byEmail(services.db, email);
  if (person === null) throw new Error(`nobody is ${email}`);
  return {
    person,
    actor: { personId: person.id, kind: 'person', channel: 'slack' },
    surface: 'command',
    channel: null,
    threadTs: null,
    messageTs: null,
    now: services.clock.now(),
    deliveryKey: email,
  };
}
const chosen = z.object({ initial_options: z.array(z.object({ value: z.string() })).default([]) });
async function preselected(email: string, title: string): Promise<string[]> {
  const view = await declareView.build(services, await callerOf(email), { title });
  const asked = z
    .array(z.object({ block_id: z.literal('assets'), element: chosen }).or(z.unknown().transform(() => null)))
    .parse(view.blocks);
  return asked.flatMap((block) => block?.element.initial_options.map(({ value }) => value) ?? []);
}

it('a title that names data preselects it, whatever else of the same name the person may not know of', async () => {
  expect(await preselected('ivo@example.com', 'fct_orders looks halved')).toEqual([
    sampleId('model.shop.fct_orders'),
  ]);
  expect(await preselected('ivo@example.com', 'Board <dashboard> is empty')).toEqual([
    sampleId('exposure.shop.board_dashboard'),
  ]);
});

it('whoever knows of both is asked which', async () => {
  expect(await preselected('fay@example.com', 'fct_orders looks halved')).toEqual([]);
});

it('a command that names data means the one that the person may know of', async () => {
  const name = async (email: string) =>
    namedAsset(services, await callerOf(email), 'fct_orders', 'Nothing.').id;
  expect(await name('ivo@example.com')).toBe(sampleId('model.shop.fct_orders'));
  await expect(name('fay@example.com')).rejects.toThrow('Write one of these');
});

it('a table and a metric of one name: the table is what broke', async () => {
  const table = sampleId('model.shop.dim_customers');
  expect(await preselected('ivo@example.com', 'dim_customers is empty')).toEqual([table]);
  expect(namedAsset(services, await callerOf('ivo@example.com'), 'dim_customers', 'Nothing.').id).toBe(table);
});
