import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { tempFiles } from '../../test/helpers/temp-files.js';
import type { Column, SourceSnapshot } from './asset.js';
import { assetId } from './asset-id.js';
import { changesOf, versionAt, versionsOf } from './history.js';
import { catalogVersion, forgetSignals, loadCatalog } from './load-catalog.js';
import { signalHistory } from './signal-history.js';
import {
  type SourceIdentity,
  type SyncResult,
  storeBroken,
  storeConfigured,
  storeSnapshot,
} from './store-snapshot.js';
import { syncCatalog } from './sync.js';
import { draft, snapshot } from './test-kit/asset.js';
import { sourceContext } from './test-kit/source-context.js';

const database = await makeTestDatabase();
const { db } = database;

function column(name: string, dataType?: string): Column {
  return {
    name,
    description: '',
    tags: [],
    classification: [],
    meta: {},
    ...(dataType === undefined ? {} : { dataType }),
  };
}

const formula = { type: 'simple', expression: 'sum(amount)', inputs: [] };
const orders = draft({
  kind: 'model',
  name: 'orders',
  columns: [column('id', 'integer'), column('amount', 'numeric')],
});
const revenue = draft({ name: 'revenue', description: 'Net revenue in euro.', formula });
const edge = { from: orders.sourceId, to: revenue.sourceId, kind: 'measures' } as const;
const passed = {
  sourceId: orders.sourceId,
  type: 'test',
  name: 'not_null',
  status: 'pass',
  observedAt: '2026-03-01T06:00:00.000Z',
} as const;
const shop = snapshot({ assets: [orders, revenue], edges: [edge], signals: [passed] });

/** Every test has a source of its own, so that one database serves all. */
let source: SourceIdentity;
let number = 0;
beforeEach(async () => {
  number += 1;
  source = { name: `dbt${number}`, type: 'dbt-artifacts', position: 0 };
  await storeConfigured(db, [], { now: at(0) });
});

function at(day: number): Date {
  return new Date(Date.UTC(2026, 2, 1 + day, 7));
}

function sync(
  given: SourceSnapshot,
  day: number,
  more: { acceptShrink?: boolean } = {},
): Promise<SyncResult> {
  return storeSnapshot(db, source, given, { now: at(day), ...more });
}

function idOf(sourceId: string): string {
  return assetId(source.name, sourceId);
}

const revenueId = () => idOf(revenue.sourceId);

describe('a sync', () => {
  it('takes a source over whole, and doing it again changes nothing', async () => {
    const first = await sync(shop, 0);
    expect(first).toMatchObject({ status: 'changed', assets: 2, edgesAdded: 1, signalsAdded: 1 });
    expect(first.changes.map((change) => [change.name, change.change, change.version])).toEqual([
      ['orders', 'created', 1],
      ['revenue', 'created', 1],
    ]);
    const again = await sync(shop, 1);
    expect(again).toMatchObject({
      status: 'unchanged',
      changes: [],
      edgesAdded: 0,
      edgesRemoved: 0,
      signalsAdded: 0,
      version: first.version,
    });
    expect(await versionsOf(db, revenueId())).toHaveLength(1);
    const { view, syncedAt } = await loadCatalog(db);
    expect(syncedAt).toEqual(at(1));
    expect(
      view
        .assets()
        .map((asset) => asset.name)
        .sort(),
    ).toEqual(['orders', 'revenue']);
    expect(view.upstream(revenueId()).map((reached) => reached.asset.name)).toEqual(['orders']);
    expect(view.latestSignals(idOf(orders.sourceId))).toEqual([
      { ...passed, assetId: idOf(orders.sourceId), sourceId: undefined },
    ]);
  });

  it('gives files alone and the database the same ids', async () => {
    await sync(shop, 0);
    const { view } = await loadCatalog(db);
    expect(view.bySourceId(revenue.sourceId)?.id).toBe(assetId(source.name, revenue.sourceId));
  });

  it('tells a change of meaning from a change of wording', async () => {
    await sync(shop, 0);
    await sync(
      snapshot({ ...shop, assets: [orders, { ...revenue, description: 'The net revenue, in euro!' }] }),
      1,
    );
    await sync(
      snapshot({
        ...shop,
        assets: [orders, { ...revenue, formula: { ...formula, expression: 'sum(amount - tax)' } }],
      }),
      2,
    );
    await sync(
      snapshot({ ...shop, assets: [orders, { ...revenue, description: 'Gross revenue in euro.' }] }),
      3,
    );
    expect(
      (await versionsOf(db, revenueId())).map((version) => [
        version.number,
        version.change,
        version.changes.map((each) => each.field),
      ]),
    ).toEqual([
      [4, 'meaning', ['formula', 'description']],
      [3, 'meaning', ['formula', 'description']],
      [2, 'wording', ['description']],
      [1, 'created', []],
    ]);
    expect(await changesOf(db, [revenueId()], { from: at(1), to: at(2) })).toMatchObject([
      { number: 3, changes: [{ field: 'formula', before: 'sum(amount)', after: 'sum(amount - tax)' }, {}] },
    ]);
  });

  it('knows the definition that was in force at a time', async () => {
    await sync(shop, 0);
    await sync(snapshot({ ...shop, assets: [orders, { ...revenue, unit: 'EUR' }] }), 5);
    expect(await versionAt(db, revenueId(), at(-1))).toBeUndefined();
    expect((await versionAt(db, revenueId(), at(4)))?.draft).not.toHaveProperty('unit');
    expect((await versionAt(db, revenueId(), at(5)))?.draft.unit).toBe('EUR');
  });

  it('types column changes: gone and narrower break, new and wider do not', async () => {
    await sync(shop, 0);
    const wider = {
      ...orders,
      columns: [column('id', 'bigint'), column('amount', 'numeric'), column('note', 'text')],
    };
    expect((await sync(snapshot({ ...shop, assets: [wider, revenue] }), 1)).changes).toMatchObject([
      {
        name: 'orders',
        change: 'schema',
        breaking: false,
        schemaChanges: [
          { column: 'id', change: 'type' },
          { column: 'note', change: 'added' },
        ],
      },
    ]);
    const narrower = { ...orders, columns: [column('id', 'integer')] };
    expect((await sync(snapshot({ ...shop, assets: [narrower, revenue] }), 2)).changes).toMatchObject([
      {
        breaking: true,
        schemaChanges: [
          { column: 'id', change: 'type', breaking: true },
          { column: 'amount', change: 'removed', breaking: true },
          { column: 'note', change: 'removed', breaking: true },
        ],
      },
    ]);
  });

  it('does not take reads without the warehouse catalog for dropped columns, however many follow each other', async () => {
    await sync(shop, 0);
    const poorer = {
      ...orders,
      columns: [column('amount'), column('planned')],
      columnsFrom: 'documentation' as const,
    };
    const documented = snapshot({ ...shop, assets: [poorer, revenue] });
    expect((await sync(documented, 1)).changes).toEqual([]);
    expect((await sync(documented, 2)).status).toBe('unchanged');
    const { view } = await loadCatalog(db);
    expect(
      view
        .get(idOf(orders.sourceId))
        ?.columns.map(({ name, dataType, notBuilt }) => [name, dataType, notBuilt]),
    ).toEqual([
      ['id', 'integer', undefined],
      ['amount', 'numeric', undefined],
      ['planned', undefined, true],
    ]);
    // Seen again, and really without it.
    const dropped = { ...orders, columns: [column('amount', 'numeric')] };
    expect((await sync(snapshot({ ...shop, assets: [dropped, revenue] }), 3)).changes).toMatchObject([
      { name: 'orders', breaking: true, schemaChanges: [{ column: 'id', change: 'removed' }] },
    ]);
  });

  it('takes columns of which only the documentation came or went for no change of the table', async () => {
    const documented = { ...orders, columnsFrom: 'documentation' } as const;
    await sync(snapshot({ ...shop, assets: [documented, revenue] }), 0);
    const less = { ...documented, columns: [{ ...column('id', 'integer'), description: 'Key.' }] };
    expect((await sync(snapshot({ ...shop, assets: [less, revenue] }), 1)).changes).toMatchObject([
      { change: 'wording', breaking: false, schemaChanges: [{ column: 'id', change: 'described' }] },
    ]);
    // What the warehouse's catalog shows for the first time was learnt, not added.
    expect((await sync(snapshot({ ...shop, assets: [orders, revenue] }), 2)).changes).toMatchObject([
      { change: 'wording', breaking: false, schemaChanges: [{ column: 'id', change: 'described' }] },
    ]);
  });

  it('takes a column that is written down still, and in the warehouse no longer, for removed', async () => {
    await sync(shop, 0);
    const gone = {
      ...orders,
      columns: [column('id', 'integer'), { ...column('amount'), notBuilt: true as const }],
    };
    expect((await sync(snapshot({ ...shop, assets: [gone, revenue] }), 1)).changes).toMatchObject([
      { breaking: true, schemaChanges: [{ column: 'amount', change: 'removed', breaking: true }] },
    ]);
    expect((await sync(shop, 2)).changes).toMatchObject([
      { breaking: false, schemaChanges: [{ column: 'amount', change: 'added', breaking: false }] },
    ]);
  });

  it('leaves a tombstone for what is gone, and takes it back with its history', async () => {
    await sync(shop, 0);
    const without = snapshot({ assets: [orders] });
    expect((await sync(without, 1)).changes).toMatchObject([
      { name: 'revenue', change: 'removed', breaking: true },
    ]);
    expect((await loadCatalog(db)).view.get(revenueId())).toBeUndefined();
    expect(
      await db.selectFrom('asset').select('removed_at').where('id', '=', revenueId()).executeTakeFirst(),
    ).toEqual({ removed_at: at(1) });
    expect((await sync(without, 2)).status).toBe('unchanged');
    expect((await sync(shop, 3)).changes).toMatchObject([
      { name: 'revenue', change: 'restored', version: 3 },
    ]);
    expect((await loadCatalog(db)).view.upstream(revenueId())).toHaveLength(1);
  });

  it('keeps what a source could not give this time, with its lineage, and says so', async () => {
    await sync(shop, 0);
    const part = await sync(snapshot({ assets: [orders], incomplete: true }), 1);
    expect(part).toMatchObject({ changes: [], edgesRemoved: 0 });
    expect(part.warnings).toEqual([
      '1 thing(s) that were there before, such as metric.shop.revenue, were not given this time; they stay as they were.',
    ]);
    expect((await loadCatalog(db)).view.upstream(revenueId())).toHaveLength(1);
    expect((await sync(snapshot({ assets: [orders] }), 2)).changes).toMatchObject([{ change: 'removed' }]);
  });

  it('keeps the last good catalog when the source is broken, says so, and recovers', async () => {
    const good = await sync(shop, 0);
    const broken = await storeBroken(db, source, 'manifest.json ends in the middle.', { now: at(1) });
    expect(broken).toMatchObject({ status: 'broken', error: 'manifest.json ends in the middle.' });
    expect(Number(broken.version)).toBe(Number(good.version) + 1);
    const { view, syncedAt } = await loadCatalog(db);
    expect(view.assets()).toHaveLength(2);
    expect(view.sources).toMatchObject([
      { error: 'manifest.json ends in the middle.', readAt: at(0).toISOString() },
    ]);
    expect(syncedAt).toEqual(at(0));
    await sync(shop, 2);
    expect((await loadCatalog(db)).view.sources[0]).not.toHaveProperty('error');
  });

  it('does not believe a source that is suddenly empty unless told to', async () => {
    await sync(shop, 0);
    const empty = await sync(snapshot(), 1);
    expect(empty.error).toMatch(/had 2 assets and now says it has 0\. The last good catalog stays/);
    expect((await loadCatalog(db)).view.assets()).toHaveLength(2);
    expect(await sync(snapshot(), 2, { acceptShrink: true })).toMatchObject({ status: 'changed' });
    expect((await loadCatalog(db)).view.assets()).toEqual([]);
  });

  it('appends outcomes, shows the newest of each check and keeps the rest for history', async () => {
    await sync(shop, 0);
    const failed = {
      ...passed,
      status: 'fail',
      observedAt: '2026-03-02T06:00:00.000Z',
      value: 3,
      unit: 'failing rows',
    } as const;
    expect((await sync(snapshot({ ...shop, signals: [failed] }), 1)).signalsAdded).toBe(1);
    const id = idOf(orders.sourceId);
    expect((await loadCatalog(db)).view.signals(id).map((signal) => signal.status)).toEqual(['fail']);
    expect((await signalHistory(db, id, { from: at(-3), to: at(3) })).map((signal) => signal.status)).toEqual(
      ['fail', 'pass'],
    );
    expect(await forgetSignals(db, at(3))).toBeGreaterThan(0);
    expect((await signalHistory(db, id, { from: at(-3), to: at(3) })).map((signal) => signal.status)).toEqual(
      ['fail'],
    );
  });

  it('keeps edges to things that the source does not have with the source', async () => {
    const dangling = { ...edge, from: 'model.shop.gone' };
    await sync(snapshot({ ...shop, edges: [edge, dangling] }), 0);
    expect((await loadCatalog(db)).view.unresolved).toEqual([{ source: source.name, ...dangling }]);
  });

  it('stands or falls with what is done about its changes', async () => {
    const before = await catalogVersion(db);
    const failing = storeSnapshot(db, source, shop, {
      now: at(0),
      onChanges: () => Promise.reject(new Error('the notice could not be written')),
    });
    await expect(failing).rejects.toThrow('the notice could not be written');
    expect(await catalogVersion(db)).toBe(before);
    expect(await db.selectFrom('asset').select('id').where('source', '=', source.name).execute()).toEqual([]);
  });

  it('writes one audit row with counts and no names', async () => {
    await sync(shop, 0);
    const rows = await db
      .selectFrom('audit')
      .select(['action', 'after'])
      .where('subject_id', '=', source.name)
      .execute();
    expect(rows).toEqual([{ action: 'catalog.sync', after: { created: 2 } }]);
  });
});

describe('the configured sources', () => {
  const manifest = (names: string[]) =>
    JSON.stringify({
      metadata: {
        dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
        project_name: 'shop',
      },
      nodes: Object.fromEntries(names.map((name) => [`model.shop.${name}`, { name, package_name: 'shop' }])),
    });

  it('are read one by one: a broken one leaves the others and its own last good content alone', async () => {
    const folder = await tempFiles({
      'manifest.json': manifest(['orders']),
      'm.yml': 'metrics: [{name: revenue}]\n',
    });
    const entries = [
      { type: 'dbt-artifacts', name: 'warehouse', path: folder },
      { type: 'dbt-project', path: path.join(folder, 'm.yml') },
    ];
    const context = sourceContext();
    const run = (day: number) => syncCatalog(db, entries, context, { now: at(day) });
    expect((await run(0)).sources.map((result) => [result.source, result.status])).toEqual([
      ['warehouse', 'changed'],
      ['dbt-project', 'changed'],
    ]);
    await writeFile(path.join(folder, 'manifest.json'), manifest(['orders', 'customers']).slice(0, 100));
    const [broken, other] = (await run(1)).sources;
    expect(broken).toMatchObject({ status: 'broken', error: expect.stringContaining('ends in the middle') });
    expect(other?.status).toBe('unchanged');
    expect((await loadCatalog(db)).view.assets().map((asset) => asset.name)).toEqual(['orders', 'revenue']);
    await writeFile(path.join(folder, 'manifest.json'), manifest(['orders', 'customers']));
    expect((await run(2)).sources[0]).toMatchObject({
      status: 'changed',
      changes: [{ name: 'customers', change: 'created' }],
    });
  });

  it('that are configured no longer leave the catalog', async () => {
    const folder = await tempFiles({ 'm.yml': 'metrics: [{name: revenue}]\n' });
    await syncCatalog(db, [{ type: 'dbt-project', path: folder }], sourceContext(), { now: at(0) });
    expect((await syncCatalog(db, [], sourceContext(), { now: at(1) })).removed).toEqual(['dbt-project']);
    expect((await loadCatalog(db)).view.assets()).toEqual([]);
  });

  it('with an unknown type or setting are broken, with what is right', async () => {
    const { sources } = await syncCatalog(
      db,
      [{ type: 'dbt' }, { type: 'dbt-project', path: '/x', pth: 1 }, { type: 'dbt-project' }],
      sourceContext(),
      { now: at(0) },
    );
    expect(sources.map((result) => result.error)).toEqual([
      expect.stringContaining('there is no source type "dbt". Use one of dbt-artifacts'),
      expect.stringContaining('pth'),
      'catalog.sources, dbt-project: path: is missing; give text.',
    ]);
  });
});

describe('the version', () => {
  it('is told to every process that listens', async () => {
    const client = await database.pg.connect();
    const heard: (string | undefined)[] = [];
    client.on('notification', (message) => heard.push(message.payload));
    await client.query('listen steward_catalog');
    const { version } = await sync(shop, 0);
    await expect.poll(() => heard).toContain(version);
    client.release(true);
  });
});
