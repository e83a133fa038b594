import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFiles } from '../../../test/helpers/temp-files.js';
import { SourceError } from '../connector.js';
import { makeCatalog } from '../snapshot.js';
import { sourceContext } from '../test-kit/source-context.js';
import { findConnector } from './registry.js';

const full = process.env.CI === 'true' || process.env.STEWARD_FULL === '1';
const numRuns = full ? 400 : 60;

const names = ['orders', 'revenue', 'a.b', '', '__proto__', 'constructor', 'x'.repeat(300)];
const keys = [
  'name',
  'description',
  'label',
  'type',
  'type_params',
  'measure',
  'metrics',
  'filter',
  'config',
  'meta',
  'owner',
  'tags',
  'columns',
  'tables',
  'depends_on',
  'nodes',
  'measures',
  'dimensions',
  'entities',
  'versions',
  'freshness',
  'synonyms',
  'tier',
  'agg',
  'expr',
  'window',
  'data',
  'cubes',
  'view',
  'inputs',
  'outputs',
  'job',
  'eventTime',
  'eventType',
  'namespace',
  'semantic_model',
  'datasets',
  'expression',
  'schema',
  'properties',
  '$type',
];
const leaf = fc.oneof(
  fc.constantFrom(...names),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.string({ maxLength: 12 }),
  fc.double(),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
  ),
}));
const section = fc.oneof(
  fc.dictionary(
    fc.constantFrom('model.shop.a', 'metric.shop.a', 'source.shop.s.t', 'test.shop.x', 'nonsense'),
    value,
    { maxKeys: 4 },
  ),
  value,
);
const metadata = { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json' };

const files: Record<string, { name: string; content: fc.Arbitrary<unknown> }> = {
  'dbt-artifacts': {
    name: 'manifest.json',
    content: fc.record({
      metadata: fc.constant(metadata),
      nodes: section,
      sources: section,
      metrics: section,
      exposures: section,
      semantic_models: section,
      groups: section,
      saved_queries: section,
      unit_tests: section,
    }),
  },
  'dbt-project': {
    name: 'any.yml',
    content: fc.record({
      models: value,
      sources: value,
      metrics: value,
      semantic_models: value,
      exposures: value,
      groups: value,
      snapshots: value,
      saved_queries: value,
    }),
  },
  cube: { name: 'any.json', content: fc.record({ cubes: value, views: value }) },
  ossie: {
    name: 'any.json',
    content: fc.record({ semantic_model: value, ontology: value, ontology_mappings: value, version: value }),
  },
  'snowflake-semantic-view': {
    name: 'any.yaml',
    content: fc.record({ name: value, tables: value, metrics: value, verified_queries: value }),
  },
  'databricks-metric-view': {
    name: 'any.yaml',
    content: fc.record({ source: value, measures: value, dimensions: value, joins: value }),
  },
  odcs: {
    name: 'any.yaml',
    content: fc.record({
      apiVersion: fc.constant('v3.0.0'),
      kind: fc.constant('DataContract'),
      id: fc.constant('c'),
      schema: value,
      team: value,
      servers: value,
      slaProperties: value,
      description: value,
      customProperties: value,
    }),
  },
  openlineage: {
    name: 'any.json',
    content: fc.array(
      fc.record({
        eventTime: fc.constant('2026-03-02T00:00:00Z'),
        eventType: value,
        run: value,
        job: value,
        inputs: value,
        outputs: value,
      }),
      { maxLength: 4 },
    ),
  },
  openmetadata: { name: 'any.json', content: fc.record({ data: fc.array(value, { maxLength: 5 }) }) },
  datahub: { name: 'any.json', content: fc.record({ data: value, errors: value }) },
};

describe('anything that is valid JSON', () => {
  it.each(Object.keys(files))(
    'is read by %s or refused with a sentence, and never breaks it',
    async (type) => {
      const file = files[type];
      const connector = findConnector(type);
      if (file === undefined || connector === undefined) throw new Error(`no ${type}`);
      const folder = await tempFiles({ 'dbt_project.yml': 'name: shop\n' });
      await fc.assert(
        fc.asyncProperty(file.content, async (content) => {
          await writeFile(path.join(folder, file.name), JSON.stringify(content));
          try {
            const snapshot = await connector.read(
              connector.fromPath(path.join(folder, file.name)),
              sourceContext(),
            );
            const ids = snapshot.assets.map((asset) => asset.sourceId);
            expect(new Set(ids).size).toBe(ids.length);
            expect(ids.every((id) => typeof id === 'string' && id !== '')).toBe(true);
            const catalog = makeCatalog([{ source: type, snapshot }]);
            for (const asset of catalog.assets()) catalog.upstream(asset.id);
            JSON.stringify([...catalog.columns()]);
          } catch (error) {
            if (!(error instanceof SourceError)) throw error;
          }
        }),
        { numRuns },
      );
    },
    120_000,
  );
});
