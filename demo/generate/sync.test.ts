import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceSnapshot } from '../../src/catalog/asset.js';
import { dbtArtifacts } from '../../src/catalog/sources/dbt-artifacts/index.js';
import { dbtProject } from '../../src/catalog/sources/dbt-project/index.js';
import { sourceContext } from '../../src/catalog/test-kit/source-context.js';
import { demoPath } from '../paths.js';
import { demoArtifacts, writeDemoArtifacts } from './artifacts.js';
import { past } from './planted.js';

const now = new Date('2026-11-16T09:10:00Z');
let folder: string;
let compiled: SourceSnapshot;
let onDisk: SourceSnapshot;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'steward-demo-'));
  writeDemoArtifacts(demoArtifacts(now), folder);
  compiled = await dbtArtifacts.read({ path: folder }, sourceContext({ now }));
  onDisk = await dbtProject.read({ path: demoPath('dbt') }, sourceContext({ now }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const idsOf = (snapshot: SourceSnapshot): string[] => snapshot.assets.map((asset) => asset.sourceId).sort();

describe('the sample company in the catalog', () => {
  it('is read without a warning, from artifacts and from YAML alike', () => {
    expect(compiled.warnings).toEqual([]);
    expect(onDisk.warnings).toEqual([]);
    expect(idsOf(onDisk)).toEqual(idsOf(compiled));
  });

  it('says the same of every metric, whichever way it is read', () => {
    const said = (snapshot: SourceSnapshot) =>
      snapshot.assets
        .filter((asset) => asset.kind === 'metric')
        .map(({ name, label, description, formula, synonyms, owners, tier, status, successor }) => {
          return {
            name,
            label,
            description: description.trim(),
            formula,
            synonyms,
            owners,
            tier,
            status,
            successor,
          };
        })
        .sort((a, b) => a.name.localeCompare(b.name));
    expect(said(onDisk)).toEqual(said(compiled));
  });

  it('gives every metric a formula, an owner, a grain and an example query', () => {
    const lacking = compiled.assets.filter(
      (asset) =>
        asset.kind === 'metric' &&
        !(asset.formula && asset.owners.length > 0 && asset.grain && asset.exampleQuery && asset.unit),
    );
    expect(lacking.map((asset) => asset.name)).toEqual([]);
  });

  it('gives every daily mart its pipeline and partition', () => {
    const marts = compiled.assets.filter((asset) => asset.tags.includes('daily-mart'));
    expect(marts).toHaveLength(6);
    for (const mart of marts) {
      expect(mart.executor).toEqual({ name: 'warehouse', pipeline: mart.name });
      expect(mart.partition).toMatchObject({ grain: 'day' });
    }
  });

  it('labels personal data on tables and on columns', () => {
    const customers = compiled.assets.find((asset) => asset.name === 'dim_customers');
    expect(customers?.classification).toContain('pii');
    const labelled = customers?.columns.filter((column) => column.classification.includes('pii'));
    expect(labelled?.map((column) => column.name)).toEqual(['contact_name', 'contact_email', 'phone']);
  });

  it('knows three weeks of results, with the failure and the late source that are over', () => {
    const failed = compiled.signals.filter((signal) => signal.status === 'fail');
    expect([...new Set(failed.map((signal) => signal.name))].sort()).toEqual([
      'dbt source freshness',
      past.failedTest.name,
    ]);
    const mrr = compiled.signals.filter(
      (signal) =>
        signal.name === 'mrr_ties_to_invoices' && signal.sourceId === 'model.brightmill.fct_mrr_monthly',
    );
    expect(mrr).toHaveLength(21);
  });
});
