import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { assetId } from '../../src/catalog/asset-id.js';
import { makeCatalog } from '../../src/catalog/snapshot.js';
import { dbtArtifacts } from '../../src/catalog/sources/dbt-artifacts/index.js';
import { walkRadius } from '../../src/incidents/blast/walk.js';
import { describeWithShared, sharedPath } from '../helpers/shared.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const context = {
  now: new Date('2026-03-02T09:00:00Z'),
  signal: new AbortController().signal,
  secret: () => undefined,
  fetch: globalThis.fetch,
  baseDir: '/',
};

/** Every node the manifest's own child_map reaches, tests left out. */
function plainWalk(childMap: Record<string, string[]>, start: string): string[] {
  const seen = new Set([start]);
  const queue = [start];
  for (let at = 0; at < queue.length; at += 1) {
    for (const child of childMap[queue[at] ?? ''] ?? []) {
      if (seen.has(child)) continue;
      seen.add(child);
      queue.push(child);
    }
  }
  seen.delete(start);
  return [...seen].filter((id) => !/^(test|unit_test|analysis|operation)\./.test(id)).sort();
}

async function compare(folder: string): Promise<{ compared: number; different: string[] }> {
  const snapshot = await dbtArtifacts.read({ path: folder }, context);
  const view = makeCatalog([{ source: 'dbt', snapshot }]);
  const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
    child_map: Record<string, string[]>;
  };
  const different: string[] = [];
  let compared = 0;
  for (const start of Object.keys(manifest.child_map)) {
    const id = assetId('dbt', start);
    if (view.get(id) === undefined) continue;
    compared += 1;
    // Semantic models and saved queries are steps of the walk, not assets of the catalog.
    const expected = plainWalk(manifest.child_map, start).filter(
      (node) => view.bySourceId(node) !== undefined,
    );
    const reached = walkRadius(view, [id])
      .filter(({ relation }) => relation === 'downstream')
      .map(({ sourceId }) => sourceId)
      .sort();
    if (JSON.stringify(reached) !== JSON.stringify(expected)) different.push(start);
  }
  return { compared, different };
}

describe('the blast radius', () => {
  test('reaches exactly what a plain walk over the demo manifest reaches, from every node', async () => {
    const { compared, different } = await compare(path.join(root, 'demo/dbt/target'));
    expect(compared).toBeGreaterThan(50);
    expect(different).toEqual([]);
  });
});

describeWithShared('corpora/dbt-artifacts', 'the blast radius on projects of others', () => {
  for (const folder of ['big-clickhouse-v12', 'jaffle-metrics-v12', 'engine-2.0-beta', 'groups-v12']) {
    test(`reaches what the manifest of ${folder} reaches`, async () => {
      expect((await compare(sharedPath('corpora/dbt-artifacts', folder))).different).toEqual([]);
    });
  }
});
