import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeWithShared, sharedPath } from '../../../../test/helpers/shared.js';
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
  it('gives measures as metrics, with formula, filters and lineage', async () => {
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
    await expect(
      cube.read(
        { url },
        api(() => new Response('<html>')),
      ),
    ).rejects.toThrow('with something else than expected');
  });
});

describeWithShared('specs', "Cube's published API", () => {
  it('has our path, and our fixture is an answer of its shape', () => {
    const spec = parse(readFileSync(sharedPath('specs/cube/openspec.yml'), 'utf8'));
    const schema = spec.paths['/v1/meta'].get.responses['200'].content['application/json'].schema;
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: 'spec', components: spec.components });
    const validate = ajv.compile({ $ref: `spec${schema.$ref}` });
    expect(validate(JSON.parse(metaText)), JSON.stringify(validate.errors)).toBe(true);
  });
});
