import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../../../test/helpers/shared.js';
import { tempFiles } from '../../../../test/helpers/temp-files.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { openlineage } from './index.js';

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures');
const read = (given: string) => openlineage.read({ path: given }, sourceContext());
const orders = 'postgres://lake:5432:lake.marts.orders';

describe('OpenLineage events', () => {
  it('[M-openlineage] give tables and pipelines with what the newest event says of them', async () => {
    const { assets, edges, warnings } = await read(fixtures);
    expect(assets.find((asset) => asset.sourceId === orders)).toMatchObject({
      kind: 'source',
      name: 'orders',
      relation: 'lake.marts.orders',
      columns: [{ name: 'id', dataType: 'BIGINT', description: 'The key.' }],
    });
    expect(assets.find((asset) => asset.kind === 'pipeline')).toMatchObject({
      name: 'daily.orders',
      description: 'Builds orders.',
      owners: [{ team: 'data' }],
    });
    expect(edges).toEqual([
      { from: 'airflow:daily.orders', to: orders, kind: 'runs' },
      { from: 'postgres://lake:5432:lake.raw.orders', to: orders, kind: 'upstream' },
    ]);
    expect(warnings).toEqual([
      'events.ndjson holds 1 thing(s) that are no OpenLineage event; they were left out.',
    ]);
  });

  it('give freshness at the end of a run, in UTC, and failures with their message', async () => {
    const { signals } = await read(fixtures);
    expect(signals.map((signal) => [signal.type, signal.name, signal.status, signal.observedAt])).toEqual([
      ['test', 'not_null', 'fail', '2026-03-02T04:10:00.000Z'],
      ['freshness', 'daily.orders', 'pass', '2026-03-02T04:10:00.000Z'],
      ['run', 'daily.orders', 'pass', '2026-03-02T04:10:00.000Z'],
      ['volume', 'rows written', 'pass', '2026-03-02T04:10:00.000Z'],
      ['run', 'daily.orders', 'error', '2026-03-02T06:10:00.000Z'],
    ]);
    expect(signals.at(-1)?.message).toBe('out of memory');
  });

  it('of files take the table that the files are known as', async () => {
    const event = {
      eventType: 'COMPLETE',
      eventTime: '2026-03-02T05:00:00Z',
      producer: 'test',
      run: { runId: 'r' },
      job: { namespace: 'spark', name: 'load' },
      outputs: [
        {
          namespace: 's3://lake',
          name: 'warehouse/orders',
          facets: {
            symlinks: { identifiers: [{ namespace: 'hive', name: 'lake.marts.orders', type: 'TABLE' }] },
          },
        },
      ],
    };
    const folder = await tempFiles({ 'e.json': JSON.stringify(event) });
    const { assets } = await openlineage.read({ path: folder }, sourceContext());
    expect(assets[0]).toMatchObject({ relation: 'lake.marts.orders' });
  });

  it('name files and topics by themselves, and take no dot in them for a schema', async () => {
    const event = {
      eventType: 'COMPLETE',
      eventTime: 'Mon, 02 Mar 2026 05:00:00 GMT',
      job: { namespace: 'spark', name: 'load' },
      inputs: [
        { namespace: 's3://lake', name: 'raw/2026/orders.csv' },
        { namespace: 'kafka://broker:9092', name: 'shop.orders.v1' },
      ],
      outputs: [{ namespace: 'snowflake://acme-eu', name: 'LAKE.MARTS.BESTELLUNGEN_GRÖSSE' }],
    };
    const folder = await tempFiles({ 'e.json': JSON.stringify(event) });
    const { assets, signals } = await openlineage.read({ path: folder }, sourceContext());
    expect(
      assets.filter(({ kind }) => kind === 'source').map(({ name, relation }) => [name, relation]),
    ).toEqual([
      ['orders.csv', undefined],
      ['shop.orders.v1', undefined],
      ['BESTELLUNGEN_GRÖSSE', 'LAKE.MARTS.BESTELLUNGEN_GRÖSSE'],
    ]);
    expect(signals[0]).toMatchObject({ type: 'freshness', observedAt: '2026-03-02T05:00:00.000Z' });
  });

  it('of a run that fails without naming its outputs are about those that its start named', async () => {
    const run = { run: { runId: 'r1' }, job: { namespace: 'airflow', name: 'daily' } };
    const output = { namespace: 'postgres://lake', name: 'lake.marts.orders' };
    const events = [
      { ...run, eventType: 'START', eventTime: '2026-03-02T05:00:00Z', outputs: [output] },
      { ...run, eventType: 'FAIL', eventTime: '2026-03-02T05:10:00Z' },
      { ...run, run: { runId: 'r2' }, eventType: 'FAIL', eventTime: '2026-03-02T06:10:00Z', outputs: [] },
    ];
    const folder = await tempFiles({ 'e.json': JSON.stringify(events) });
    const { signals } = await openlineage.read({ path: folder }, sourceContext());
    expect(signals.map(({ type, status, observedAt }) => [type, status, observedAt])).toEqual([
      ['run', 'error', '2026-03-02T05:10:00.000Z'],
    ]);
  });

  it('are refused when there are none', async () => {
    await expect(read(await tempFiles({ 'x.json': '{"a":1}' }))).rejects.toThrow(
      'holds no OpenLineage event',
    );
  });
});

describeWithShared('corpora', 'published OpenLineage events [source openlineage: recorded]', () => {
  it('are read, runs, jobs and datasets alike', async () => {
    const { assets, edges, signals } = await read(sharedPath('corpora/other/openlineage'));
    expect(assets.map((asset) => asset.name)).toEqual(
      expect.arrayContaining(['orders', 'stg_orders', 'table']),
    );
    expect(edges).toContainEqual({
      from: expect.stringContaining('REPORTING.TEST_GENERAL.stg_orders'),
      to: expect.stringContaining('REPORTING.TEST_GENERAL.orders'),
      kind: 'upstream',
    });
    expect(signals.filter((signal) => signal.type === 'run').map((signal) => signal.status)).toEqual(
      expect.arrayContaining(['pass', 'error']),
    );
  });
});

describeWithShared('specs', 'the OpenLineage specification [source openlineage: contract]', () => {
  it('knows events like those of our fixture', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(JSON.parse(readFileSync(sharedPath('specs/openlineage/OpenLineage.json'), 'utf8')));
    for (const facet of readdirSync(sharedPath('specs/openlineage/facets')).filter((name) =>
      name.endsWith('.json'),
    )) {
      ajv.addSchema(JSON.parse(readFileSync(sharedPath('specs/openlineage/facets', facet), 'utf8')));
    }
    const validate = ajv.compile({
      $ref: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    });
    const lines = readFileSync(path.join(fixtures, 'events.ndjson'), 'utf8').trim().split('\n').slice(0, 3);
    for (const line of lines) expect(validate(JSON.parse(line)), JSON.stringify(validate.errors)).toBe(true);
  });
});
