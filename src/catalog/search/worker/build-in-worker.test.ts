import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { assetId } from '../../asset-id.js';
import { draft } from '../../test-kit/asset.js';
import { buildIndex } from '../build-index.js';
import { nothingUsed } from '../usage-share.js';
import { buildIndexInWorker } from './build-in-worker.js';

/** As it is built: TypeScript has no thread of its own. */
const built = fileURLToPath(new URL('../../../../dist/chunks/index-worker.js', import.meta.url));

const assets = Array.from({ length: 3_200 }, (_, number) => {
  const asset = draft({
    name: `thing_${number}`,
    label: `Thing ${number}`,
    description: `What thing ${number} of 7 days stands for.`,
    synonyms: [`alias ${number}`],
    owners: [{ team: `Team ${number % 7}` }],
  });
  return { ...asset, source: 'shop', id: assetId('shop', asset.sourceId) };
});

it('builds in a thread what this one would build, and lets others work meanwhile', async () => {
  let turns = 0;
  let waiting = true;
  const others = (async () => {
    for (; waiting; turns++) await setImmediate();
  })();
  const { builtInMs, ...index } = await buildIndexInWorker(assets, nothingUsed, built);
  waiting = false;
  await others;
  const { builtInMs: here, ...expected } = buildIndex(assets);
  expect(index).toEqual(expected);
  expect(turns).toBeGreaterThan(5);
  expect(Math.min(builtInMs, here)).toBeGreaterThan(0);
});

it('builds it here when the thread fails', async () => {
  const broken = path.join(os.tmpdir(), `broken-index-worker-${process.pid}.mjs`);
  writeFileSync(broken, 'throw new Error("no thread today");');
  expect((await buildIndexInWorker(assets, nothingUsed, broken)).ids).toHaveLength(assets.length);
});
