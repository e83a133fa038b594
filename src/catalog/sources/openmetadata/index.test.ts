import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../../../test/helpers/shared.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { openmetadata } from './index.js';

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures');
const answers: { data: Record<string, unknown>[] } = JSON.parse(
  readFileSync(path.join(fixtures, 'answers.json'), 'utf8'),
);
const [metric, term, orders, rawOrders, lineage] = answers.data;

describe('OpenMetadata', () => {
  it('[M-openmetadata] from saved answers gives metrics, terms, tables and lineage', async () => {
    const { assets, edges } = await openmetadata.read({ path: fixtures, lineage: true }, sourceContext());
    expect(assets).toMatchObject([
      {
        sourceId: 'net_revenue',
        kind: 'metric',
        label: 'Net revenue',
        formula: { type: 'sum', expression: 'SUM(amount - refund)', aggregation: 'sum' },
        unit: 'dollars',
        grain: 'day',
        tier: 1,
        certified: true,
        owners: [{ team: 'finance' }],
        context: ['gross_revenue'],
      },
      { sourceId: 'business.Churn', kind: 'term', synonyms: ['attrition'], status: 'deprecated' },
      {
        sourceId: 'pg.lake.marts.orders',
        relation: 'lake.marts.orders',
        columns: [{ name: 'email', classification: ['pii.sensitive'] }],
      },
      { sourceId: 'pg.lake.raw.raw_orders' },
    ]);
    expect(edges).toEqual([{ from: 'pg.lake.raw.raw_orders', to: 'pg.lake.marts.orders', kind: 'upstream' }]);
  });

  it('by its API reads page by page, with the token, and lineage per table', async () => {
    const asked: string[] = [];
    const context = sourceContext({
      secret: () => 'jwt',
      fetch: async (input, init) => {
        const request = new Request(input, init);
        const url = new URL(request.url);
        asked.push(
          `${url.pathname}${url.searchParams.has('after') ? ' next' : ''} ${request.headers.get('authorization')}`,
        );
        if (url.pathname === '/api/v1/metrics') {
          return Response.json(
            url.searchParams.has('after')
              ? { data: [], paging: { total: 1 } }
              : { data: [metric], paging: { after: 'x' } },
          );
        }
        if (url.pathname === '/api/v1/glossaryTerms') return Response.json({ data: [term] });
        if (url.pathname === '/api/v1/tables') return Response.json({ data: [orders, rawOrders] });
        return url.pathname.endsWith('666666666666')
          ? Response.json(lineage)
          : new Response('', { status: 404 });
      },
    });
    const { assets, edges } = await openmetadata.read(
      { url: 'https://om.shop.example/api', token: { env: 'OM' }, lineage: true },
      context,
    );
    expect(assets).toHaveLength(4);
    expect(edges).toHaveLength(1);
    expect(asked).toEqual([
      '/api/v1/metrics Bearer jwt',
      '/api/v1/metrics next Bearer jwt',
      '/api/v1/glossaryTerms Bearer jwt',
      '/api/v1/tables Bearer jwt',
      `/api/v1/lineage/metric/${String(metric?.id)} Bearer jwt`,
      '/api/v1/lineage/table/66666666-6666-4666-8666-666666666666 Bearer jwt',
      '/api/v1/lineage/table/77777777-7777-4777-8777-777777777777 Bearer jwt',
    ]);
  });

  it('may be older than metrics, may name the same page twice, and has metrics that are a name alone', async () => {
    const bare = { id: '1', name: 'churn', description: 'Those who leave.', deleted: false };
    const answer = (paths: Record<string, unknown>) =>
      openmetadata.read(
        { url: 'https://om.shop.example/api', lineage: false },
        sourceContext({
          fetch: async (input, init) => {
            const found = paths[new URL(new Request(input, init).url).pathname.replace('/api/v1/', '')];
            return found === undefined ? new Response('', { status: 404 }) : Response.json(found);
          },
        }),
      );
    const named = await answer({
      metrics: { data: [bare, { ...bare, id: '2', name: 'gone', deleted: true }], paging: { after: '' } },
      glossaryTerms: { data: [] },
      tables: { data: [orders], paging: { after: 'same' } },
    });
    expect(named.assets.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'metric churn',
      'source orders',
      'source orders',
    ]);
    const older = await answer({ glossaryTerms: { data: [term] }, tables: { data: [orders] } });
    expect(older.assets).toHaveLength(2);
    expect(older.warnings).toEqual(['OpenMetadata has no /v1/metrics; nothing of it was read.']);
    await expect(answer({})).rejects.toThrow(/no metrics, glossary terms or tables .*has no \/v1\/tables/);
  });

  it('whose list breaks off is not read as if that were all, and one that goes round in a circle is read once', async () => {
    const listing = (pageAfter: (after: string | null) => Response) =>
      openmetadata.read(
        { url: 'https://om.shop.example/api', lineage: false },
        sourceContext({
          fetch: async (input, init) => {
            const { pathname, searchParams } = new URL(new Request(input, init).url);
            if (pathname !== '/api/v1/tables') return Response.json({ data: [] });
            return pageAfter(searchParams.get('after'));
          },
        }),
      );
    const page = (after: string) => Response.json({ data: [orders], paging: { after } });
    await expect(
      listing((after) => (after === null ? page('x') : new Response('', { status: 404 }))),
    ).rejects.toThrow('404');
    const round = await listing((after) => page(after === 'x' ? 'y' : 'x'));
    expect(round.assets).toHaveLength(3);
    expect(round).not.toHaveProperty('incomplete');
    const short = await listing(() => Response.json({ data: [orders], paging: { total: 5 } }));
    expect(short).toMatchObject({
      incomplete: true,
      warnings: ['OpenMetadata counts 5 in /v1/tables and gave 1; the rest was not read.'],
    });
  });

  it('that has nothing to read says so', async () => {
    const context = sourceContext({ fetch: async () => Response.json({ data: [] }) });
    await expect(
      openmetadata.read({ url: 'https://om.shop.example/api', lineage: true }, context),
    ).rejects.toThrow('has no metrics, glossary terms or tables');
  });
});

describeWithShared('specs', "OpenMetadata's published schemas [source openmetadata: contract]", () => {
  it.each([
    ['metric', metric],
    ['glossaryTerm', term],
    ['table', orders],
  ])('know a %s like that of our fixture', (name, entity) => {
    // Several `$id`s disagree with their paths, so schemas are registered by path.
    const root = sharedPath('specs/openmetadata/schemas');
    const ajv = new Ajv({ strict: false, validateFormats: false });
    addFormats.default(ajv);
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((each) =>
      each.endsWith('.json'),
    )) {
      const { $id: _, ...schema } = JSON.parse(readFileSync(path.join(root, file), 'utf8'));
      ajv.addSchema({ ...schema, $id: `https://schemas/${file}` });
    }
    const validate = ajv.compile({ $ref: `https://schemas/entity/data/${name}.json` });
    expect(validate(entity), JSON.stringify(validate.errors)).toBe(true);
  });
});
