import { expect, it } from 'vitest';
import { makeCatalog } from '../catalog/snapshot.js';
import { draft, snapshot } from '../catalog/test-kit/asset.js';
import { splitRequest } from './split-request.js';

const partition = { grain: 'day', column: 'day', timeZone: 'UTC' } as const;
const pipeline = (name: string, called: string) =>
  draft({ kind: 'model', name, partition, executor: { name: 'airflow', pipeline: called } });
const view = makeCatalog([
  {
    source: 'shop',
    snapshot: snapshot({
      assets: [
        pipeline('fct_orders', 'core.orders::daily'),
        pipeline('fct_beds', 'Belegung täglich'),
        pipeline('fct_stays', 'nightly backfill'),
      ],
    }),
  },
]);

it.each([
  ['fct_orders last 3 days', 'fct_orders', 'last 3 days'],
  ['core.orders::daily last 3 days', 'fct_orders', 'last 3 days'],
  ['yesterday of CORE.ORDERS::DAILY', 'fct_orders', 'yesterday'],
  ['"belegung täglich" yesterday', 'fct_beds', 'yesterday'],
  ['nightly backfill', 'fct_stays', undefined],
  ['please backfill fct_beds', 'fct_beds', undefined],
  ['for the fct_beds yesterday', 'fct_beds', 'yesterday'],
  ['yesterday', undefined, 'yesterday'],
  ['nothing that is there', undefined, undefined],
])('finds pipeline and window in "%s", by the name of the table or of the run', (words, name, window) => {
  const found = splitRequest(view, words, () => true);
  expect(found.pipeline && view.get(found.pipeline)?.name).toBe(name);
  expect(found.window).toBe(window);
});

it('finds nothing that is hidden from whoever asks', () => {
  expect(splitRequest(view, 'core.orders::daily', () => false)).toEqual({});
});
