import { expect, it } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { tempFiles } from '../../test/helpers/temp-files.js';
import { withFileLinks } from '../catalog/file-links.js';
import { loadCatalog } from '../catalog/load-catalog.js';
import { buildIndex } from '../catalog/search/build-index.js';
import { dbtArtifacts } from '../catalog/sources/dbt-artifacts/index.js';
import { storeSnapshot } from '../catalog/store-snapshot.js';
import { commitLinksOf } from '../catalog/sync.js';
import { sourceContext } from '../catalog/test-kit/source-context.js';
import { operatorViewer } from '../catalog/visibility.js';
import { answerQuestion } from './answer.js';
import { readEvidence } from './read-evidence.js';

const database = await makeTestDatabase();
const source = { name: 'shop', type: 'dbt-artifacts', position: 0 };

function model(name: string, checksum: string | undefined, from: string[] = []) {
  return {
    unique_id: `model.shop.${name}`,
    resource_type: 'model',
    name,
    package_name: 'shop',
    original_file_path: `models/${name}.sql`,
    depends_on: { nodes: from.map((one) => `model.shop.${one}`) },
    ...(checksum === undefined ? {} : { checksum: { name: 'sha256', checksum } }),
  };
}

/** With a commit in the run's environment from the fifth day on, in dbt's own way. */
async function sync(day: number, staging: string | undefined, mart: string | undefined): Promise<string[]> {
  const nodes = [model('stg_orders', staging), model('orders', mart, ['stg_orders'])];
  const manifest = {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
      dbt_version: '1.10.0',
      ...(day < 5 ? {} : { env: { GIT_SHA: `${day}c0ffee` } }),
    },
    nodes: Object.fromEntries(nodes.map((node) => [node.unique_id, node])),
  };
  const folder = await tempFiles({ 'manifest.json': JSON.stringify(manifest) });
  const now = new Date(Date.UTC(2026, 2, day, 6));
  const read = await dbtArtifacts.read({ path: folder }, sourceContext());
  const snapshot = withFileLinks(read, 'https://git.example/blob/main/{path}');
  const { changes } = await storeSnapshot(database.db, source, snapshot, { now });
  return changes.map(({ name, change }) => `${name} ${change}`);
}

it('"why" and "history" know that other code was deployed for what a table is built from', async () => {
  expect(await sync(1, undefined, undefined)).toEqual(['stg_orders created', 'orders created']);
  // An older read had no checksums: that they are known now is no deploy.
  expect(await sync(2, 'aa', 'bb')).toEqual([]);
  expect(await sync(3, 'aa', 'bb')).toEqual([]);
  expect(await sync(4, 'cc', 'bb')).toEqual(['stg_orders code']);
  expect(await sync(5, 'cc', 'dd')).toEqual(['orders code']);

  const { view } = await loadCatalog(database.db);
  const [orders] = view.byName('orders');
  if (orders === undefined) throw new Error('no orders');
  const now = new Date('2026-03-06T06:00:00Z');
  const lineage = [orders, ...view.upstream(orders.id).map(({ asset }) => asset)];
  const evidence = await readEvidence(database.db, view, [orders], now, {
    deep: true,
    change: { from: new Date('2026-02-20'), lineage },
    commits: commitLinksOf([
      { type: 'dbt-artifacts', name: 'shop', commitUrl: 'https://git.example/commit/{revision}' },
    ]),
  });
  const ask = (intent: 'why-changed' | 'history', question: string) =>
    answerQuestion({
      index: buildIndex(view.assets()),
      now,
      viewer: operatorViewer,
      ...evidence,
      question,
      intent,
    });
  expect(ask('why-changed', 'orders since 2026-02-20').events).toMatchObject([
    {
      kind: 'deploy',
      at: '2026-03-05T06:00:00.000Z',
      distance: 0,
      text: 'orders: The code that builds it changed.',
      url: 'https://git.example/commit/5c0ffee',
    },
    {
      kind: 'deploy',
      at: '2026-03-04T06:00:00.000Z',
      distance: 1,
      url: 'https://git.example/blob/main/models/stg_orders.sql',
    },
  ]);
  expect(ask('history', 'orders').text).toContain('2026-03-05: The code that builds it changed.');
});
