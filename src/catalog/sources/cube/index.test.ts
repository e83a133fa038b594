import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeWithShared, sharedPath } from '../../../../test/helpers/shared.js';
import { tempFiles } from '../../../../test/helpers/temp-files.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { cube } from './index.js';

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures');
const metaText = readFileSync(path.join(fixtures, 'meta.json'), 'utf8');

function api(answer: () => Response, asked: Request[] = []) {
  return sourceContext({
    secret: (name) => (name === 'CUBE_TOKEN' ? 'jwt' : undefined),
    fetch: async (input, init) => {
      asked.push(new Request(input, init));
      return answer();
    },
  });
}

describe("Cube's YAML model", () => {
  it('[M-cube] gives measures as metrics, with formula, filters and lineage', async () => {
    const { assets, edges } = await cube.read({ path: path.join(fixtures, 'orders.yml') }, sourceContext());
    expect(
      assets
        .filter((asset) => asset.kind === 'metric')
        .map((asset) => [asset.sourceId, asset.formula?.expression]),
    ).toEqual([
      ['orders.count', 'count(*)'],
      ['orders.revenue', 'sum(amount)'],
      ['orders.average_order', 'revenue / count'],
      ['orders.customers', 'count(distinct customer_id)'],
    ]);
    expect(assets.find((asset) => asset.name === 'revenue')).toMatchObject({
      label: 'Revenue',
      synonyms: ['turnover'],
      tier: 1,
      owners: [{ email: 'finance@shop.example' }],
      filters: ["status = 'paid'"],
      timeDimension: 'ordered_at',
    });
    expect(assets.find((asset) => asset.name === 'customers')).toMatchObject({
      tags: ['private'],
      formula: { window: '28 day' },
    });
    expect(assets.find((asset) => asset.kind === 'source')?.relation).toBe('lake.marts.orders');
    expect(edges).toContainEqual({ from: 'orders.revenue', to: 'orders.average_order', kind: 'upstream' });
  });
});

describe('a Cube project as people write them', () => {
  it('takes over what a cube extends, from whatever file', async () => {
    const folder = await tempFiles({
      'cubes/base.yml': `cubes:
  - {name: base, public: false, sql_table: lake.orders, measures: [{name: amount, type: sum, sql: amount, title: Amount}, {name: count, type: count}]}`,
      'cubes/orders.yml': `cubes:
  - {name: orders, extends: base, meta: {team: sales}, measures: [{name: amount, description: All money.}, {name: aov, type: number, sql: "{amount} / {count}"}]}`,
    });
    const { assets, edges } = await cube.read({ path: folder }, sourceContext());
    expect(assets.find((asset) => asset.sourceId === 'orders.amount')).toMatchObject({
      label: 'Amount',
      description: 'All money.',
      formula: { expression: 'sum(amount)' },
      owners: [{ team: 'sales' }],
      tags: [],
    });
    expect(assets.find((asset) => asset.sourceId === 'orders')?.relation).toBe('lake.orders');
    expect(assets.find((asset) => asset.sourceId === 'base.amount')?.tags).toEqual(['private']);
    expect(edges).toContainEqual({ from: 'orders.count', to: 'orders.aov', kind: 'upstream' });
  });

  it('keeps a view as a table of what it shows, and its measures as those of the cubes', async () => {
    const folder = await tempFiles({
      'all.yml': `cubes:
  - {name: orders, sql_table: lake.orders, measures: [{name: count, type: count}], dimensions: [{name: status, sql: status, type: string}]}
  - {name: users, sql_table: lake.users, dimensions: [{name: email, type: string, meta: {pii: true}}]}
views:
  - name: sales
    title: Sales overview
    cubes:
      - {join_path: orders, includes: [{name: count, alias: orders_count}, status]}
      - {join_path: orders.users, prefix: true, includes: "*"}`,
    });
    const { assets, edges } = await cube.read({ path: folder }, sourceContext());
    expect(assets.map((asset) => `${asset.kind} ${asset.sourceId}`)).toEqual([
      'source orders',
      'metric orders.count',
      'source users',
      'model sales',
    ]);
    const view = assets.at(-1);
    expect(view?.columns.map((column) => column.name)).toEqual(['status', 'users_email']);
    expect(view?.columns[1]?.classification).toEqual(['pii']);
    expect(view?.context).toEqual(['orders_count']);
    expect(assets[1]?.context).toContain('Sales overview');
    expect(edges).toContainEqual({ from: 'users', to: 'sales', kind: 'upstream' });
  });

  it('says the formula of cases, shifted and rolling measures, and of aggregations of their own', async () => {
    const folder = await tempFiles({
      'm.yml': `cubes:
  - name: o
    sql_table: t
    measures:
      - {name: ytd, type: sum, sql: amount, rolling_window: {type: to_date, granularity: year}}
      - {name: prior, type: number, sql: "{ytd}", time_shift: [{time_dimension: d, interval: 1 year, type: prior}]}
      - {name: median, type: number_agg, sql: "percentile_cont(0.5) within group (order by {CUBE}.amount)"}
      - {name: state, type: string, case: {when: [{sql: "{CUBE}.x = 1", label: A}], else: {label: B}}}`,
    });
    const { assets } = await cube.read({ path: folder }, sourceContext());
    const metrics = assets.filter((asset) => asset.kind === 'metric');
    expect(metrics.map(({ formula }) => [formula?.expression, formula?.window])).toEqual([
      ['sum(amount)', 'year to date'],
      ['ytd', '1 year prior'],
      ['percentile_cont(0.5) within group (order by amount)', undefined],
      ["case when x = 1 then 'A' else 'B' end", undefined],
    ]);
  });

  it('reads a model in JavaScript without running it', async () => {
    const folder = await tempFiles({
      'schema/Orders.js': `import { secret } from './secret';
process.exit(3);
cube(\`Orders\`, {
  sql: \`SELECT * FROM public.orders\`,
  measures: {
    count: { type: \`count\`, drillMembers: [id] },
    totalAmount: { sql: \`amount\`, type: \`sum\`, title: 'Total', filters: [{ sql: \`\${CUBE}.status = 'paid'\` }], meta: { synonyms: ['takings'] } },
    average: { sql: \`\${totalAmount} / \${count}\`, type: \`number\`, shown: false },
    users: { sql: \`\${CUBE}.user_id\`, type: 'countDistinct', rollingWindow: { trailing: '28 day' } },
    computed: { sql: secret(), type: 'sum' },
  },
  dimensions: { id: { sql: \`id\`, type: \`number\`, primaryKey: true } },
  preAggregations: { ...secret },
});`,
      'schema/Broken.js': 'cube(`X`, {',
    });
    const { assets, warnings } = await cube.read({ path: folder }, sourceContext());
    expect(
      assets.map((asset) => [
        asset.sourceId,
        asset.label,
        asset.formula?.expression,
        asset.filters,
        asset.tags,
      ]),
    ).toEqual([
      ['Orders', undefined, undefined, [], []],
      ['Orders.count', undefined, 'count(*)', [], []],
      ['Orders.totalAmount', 'Total', 'sum(amount)', ["status = 'paid'"], []],
      ['Orders.average', undefined, 'totalAmount / count', [], ['private']],
      ['Orders.users', undefined, 'count(distinct user_id)', [], []],
      ['Orders.computed', undefined, undefined, [], []],
    ]);
    expect(assets[0]?.relation).toBe('public.orders');
    expect(assets[2]?.synonyms).toEqual(['takings']);
    expect(warnings).toEqual([expect.stringContaining('schema/Broken.js: ')]);
  });

  it('says of a template that only Cube can fill it in', async () => {
    const folder = await tempFiles({
      'a.yml': '{% for t in tables %}\ncubes: []\n{% endfor %}',
      'b.yml': 'cubes: [{name: o, sql_table: t}]',
    });
    const { warnings } = await cube.read({ path: folder }, sourceContext());
    expect(warnings).toEqual([expect.stringContaining('a.yml is a template that only Cube can fill in')]);
  });
});

describe("Cube's API", () => {
  it('is asked for /v1/meta with the token; SQL that it does not give is not made up', async () => {
    const asked: Request[] = [];
    const { assets } = await cube.read(
      { url: 'https://cube.shop.example/cubejs-api', token: { env: 'CUBE_TOKEN' } },
      api(() => new Response(metaText), asked),
    );
    expect(
      asked.map((request) => [request.method, request.url, request.headers.get('authorization')]),
    ).toEqual([['GET', 'https://cube.shop.example/cubejs-api/v1/meta', 'jwt']]);
    expect(assets.map((asset) => [asset.sourceId, asset.formula?.expression])).toEqual([
      ['Orders', undefined],
      ['Orders.count', 'count(*)'],
      ['Orders.revenue', undefined],
      ['Sales', undefined],
    ]);
    expect(assets[2]?.context).toContain('Sales overview');
  });

  it.each([
    [401, /Cube refused GET \/v1\/meta \(401\)\. Check that the token is valid/],
    [429, /asks to be called less often/],
    [500, /Cube failed at GET \/v1\/meta \(500\)/],
  ])('answering %i is one sentence', async (status, sentence) => {
    await expect(
      cube.read(
        { url: 'https://cube.shop.example' },
        api(() => new Response('{}', { status })),
      ),
    ).rejects.toThrow(sentence);
  });

  it('that is not there, has no token or says nonsense is one sentence', async () => {
    const url = 'https://cube.shop.example';
    await expect(cube.read({ url }, sourceContext())).rejects.toThrow(
      /Cube at https:\/\/cube\.shop\.example does not answer/,
    );
    await expect(
      cube.read(
        { url, token: { env: 'NONE' } },
        api(() => new Response('{}')),
      ),
    ).rejects.toThrow('NONE is not set');
    const broken = new ReadableStream({ start: (stream) => stream.error(new Error('other side closed')) });
    for (const [body, sentence] of [
      ['{"cubes": 3}', 'with something else than expected'],
      ['<html>', 'with a text that is no JSON. Check that the address is the one of its API'],
      ['', 'with nothing. Check that the address'],
      [
        '{"cubes": [',
        'with JSON that ends in the middle or is none (11 characters). The next sync tries again.',
      ],
      [broken, 'Cube broke off its answer to GET /v1/meta (other side closed). The next sync tries again.'],
    ] as const) {
      await expect(
        cube.read(
          { url },
          api(() => new Response(body)),
        ),
      ).rejects.toThrow(sentence);
    }
  });
});

describeWithShared('specs', "Cube's published API [source cube: contract]", () => {
  it('has our path, and our fixture is an answer of its shape', () => {
    const spec = parse(readFileSync(sharedPath('specs/cube/openspec.yml'), 'utf8'));
    const schema = spec.paths['/v1/meta'].get.responses['200'].content['application/json'].schema;
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: 'spec', components: spec.components });
    const validate = ajv.compile({ $ref: `spec${schema.$ref}` });
    expect(validate(JSON.parse(metaText)), JSON.stringify(validate.errors)).toBe(true);
  });
});
