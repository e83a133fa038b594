import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildASTSchema, concatAST, extendSchema, Kind, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../../../test/helpers/shared.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { datahub } from './index.js';
import { scrollQuery } from './queries.js';

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures');
const answer = JSON.parse(readFileSync(path.join(fixtures, 'answer.json'), 'utf8'));
const orders = 'urn:li:dataset:(urn:li:dataPlatform:postgres,lake.marts.orders,PROD)';

describe('DataHub', () => {
  it('takes what people wrote at a column over what was ingested, and their tags with it', async () => {
    const edited = structuredClone(answer);
    const [{ entity }] = edited.data.scrollAcrossEntities.searchResults;
    entity.editableSchemaMetadata = {
      editableSchemaFieldInfo: [
        {
          fieldPath: entity.schemaMetadata.fields[0].fieldPath,
          description: 'Where to write to.',
          tags: { tags: [{ tag: { name: 'gdpr' } }] },
        },
      ],
    };
    const context = sourceContext({ fetch: async () => Response.json(edited) });
    const { assets } = await datahub.read({ url: 'https://datahub.shop.example' }, context);
    expect(assets[0]?.columns[0]).toMatchObject({
      description: 'Where to write to.',
      classification: expect.arrayContaining(['pii', 'gdpr']),
    });
  });

  it('[M-datahub] gives datasets, terms and dashboards with their lineage', async () => {
    const { assets, edges } = await datahub.read({ path: fixtures }, sourceContext());
    expect(assets).toMatchObject([
      {
        sourceId: orders,
        kind: 'source',
        name: 'orders',
        description: 'Order lines, one per product.',
        relation: 'lake.marts.orders',
        tier: 1,
        domain: 'Sales',
        owners: [{ team: 'finance', email: 'finance@shop.example' }, { name: 'Ada' }],
        status: 'deprecated',
        caveats: ['Use orders_v2.'],
        columns: [{ name: 'email', dataType: 'varchar', classification: ['pii'] }],
        context: ['Order', 'postgres'],
      },
      { name: 'orders', relation: 'lake.raw.orders' },
      { kind: 'term', name: 'Churn', synonyms: ['attrition', 'loss'] },
      { kind: 'exposure', name: 'Board pack', url: 'https://bi.shop.example/1' },
    ]);
    expect(edges.map((edge) => edge.kind)).toEqual(['upstream', 'exposes']);
  });

  it('is asked page by page with the token', async () => {
    const asked: { authorization: string | null; scrollId: unknown }[] = [];
    const context = sourceContext({
      secret: () => 'token',
      fetch: async (input, init) => {
        const request = new Request(input, init);
        const { variables }: { variables: { scrollId: unknown } } = JSON.parse(await request.text());
        asked.push({ authorization: request.headers.get('authorization'), scrollId: variables.scrollId });
        const page = structuredClone(answer);
        if (variables.scrollId === null) page.data.scrollAcrossEntities.nextScrollId = 'more';
        return Response.json(page);
      },
    });
    const { assets } = await datahub.read(
      { url: 'https://datahub.shop.example', token: { env: 'T' } },
      context,
    );
    expect(assets).toHaveLength(4);
    expect(asked).toEqual([
      { authorization: 'Bearer token', scrollId: null },
      { authorization: 'Bearer token', scrollId: 'more' },
    ]);
  });

  it('leaves out what was deleted, reads on behind a page of nothing readable, and says what it was refused', async () => {
    const context = sourceContext({
      fetch: async (input, init) => {
        const { variables }: { variables: { scrollId: unknown } } = JSON.parse(
          await new Request(input, init).text(),
        );
        const page = structuredClone(answer);
        const scroll = page.data.scrollAcrossEntities;
        if (variables.scrollId === null) {
          scroll.searchResults = [{ entity: null }, { entity: { urn: 'urn:li:chart:1', type: 'CHART' } }];
          scroll.nextScrollId = 'more';
        } else {
          scroll.searchResults[0].entity.status = { removed: true };
          page.errors = [{ message: 'Unauthorized to read owners', path: ['x'] }];
        }
        return Response.json(page);
      },
    });
    const { assets, warnings, incomplete } = await datahub.read(
      { url: 'https://datahub.shop.example' },
      context,
    );
    expect(assets).toHaveLength(3);
    expect(incomplete).toBeUndefined();
    expect(assets.map(({ sourceId }) => sourceId)).not.toContain(orders);
    expect(warnings).toEqual(['DataHub left something out: Unauthorized to read owners']);
  });

  it('that leaves things out of a page for an error of its own has not said that they are gone', async () => {
    const page = structuredClone(answer);
    page.errors = [{ message: 'The request timed out', path: ['x'] }];
    page.data.scrollAcrossEntities.searchResults[0] = null;
    const context = sourceContext({ fetch: async () => Response.json(page) });
    expect(await datahub.read({ url: 'https://datahub.shop.example' }, context)).toMatchObject({
      incomplete: true,
      warnings: ['DataHub left something out: The request timed out'],
    });
  });

  it('refusing with a GraphQL error is one sentence with its words', async () => {
    const context = sourceContext({
      fetch: async () => Response.json({ errors: [{ message: 'Unauthorized' }], data: null }),
    });
    await expect(datahub.read({ url: 'https://datahub.shop.example' }, context)).rejects.toThrow(
      'DataHub refused the question: Unauthorized.',
    );
  });
});

describeWithShared('specs', "DataHub's published GraphQL schema [source datahub: contract]", () => {
  it('knows everything that is asked for', () => {
    const folder = sharedPath('specs/datahub');
    const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
    const whole = concatAST(files.map((name) => parse(readFileSync(path.join(folder, name), 'utf8'))));
    const isExtension = (kind: string) => kind.endsWith('Extension');
    const base = buildASTSchema(
      { kind: Kind.DOCUMENT, definitions: whole.definitions.filter((each) => !isExtension(each.kind)) },
      { assumeValidSDL: true },
    );
    const schema = extendSchema(
      base,
      { kind: Kind.DOCUMENT, definitions: whole.definitions.filter((each) => isExtension(each.kind)) },
      { assumeValidSDL: true },
    );
    expect(validate(schema, parse(scrollQuery)).map((error) => error.message)).toEqual([]);
  });
});
