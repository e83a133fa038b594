import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeWithShared, sharedPath } from '../../test/helpers/shared.js';
import { demoPath } from '../paths.js';
import { artifactDay, demoArtifacts } from './artifacts.js';
import { past } from './planted.js';
import { readProject } from './project.js';

const now = new Date('2027-02-03T16:20:00Z');
const artifacts = demoArtifacts(now);

const results = z.object({
  metadata: z.object({ generated_at: z.string() }),
  results: z.array(z.object({ unique_id: z.string(), status: z.string() })),
});
const manifest = z.object({
  nodes: z.record(z.string(), z.object({ resource_type: z.string(), tags: z.array(z.string()) })),
  metrics: z.record(z.string(), z.object({ label: z.string(), meta: z.record(z.string(), z.unknown()) })),
  exposures: z.record(z.string(), z.object({ type: z.string() })),
  parent_map: z.record(z.string(), z.array(z.string())),
  child_map: z.record(z.string(), z.array(z.string())),
});

function notOk(artifact: unknown): string[] {
  return results
    .parse(artifact)
    .results.filter((result) => !['success', 'pass'].includes(result.status))
    .map((result) => `${result.status} ${result.unique_id}`);
}

describeWithShared('specs/dbt-artifacts', 'artifacts against the published schemas', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const check = (schema: string, artifact: unknown): unknown => {
    const validate = ajv.compile(
      JSON.parse(readFileSync(sharedPath('specs', 'dbt-artifacts', schema), 'utf8')),
    );
    return validate(artifact) ? [] : validate.errors?.slice(0, 5);
  };

  it('the manifest is a version 12 manifest', () => {
    expect(check('manifest/v12.json', artifacts.manifest)).toEqual([]);
  });
  it('the catalog is a version 1 catalog', () => {
    expect(check('catalog/v1.json', artifacts.catalog)).toEqual([]);
  });
  it('run results are version 6 run results', () => {
    expect(check('run-results/v6.json', artifacts.runResults.at(-1))).toEqual([]);
  });
  it('freshness is version 3 freshness', () => {
    expect(check('sources/v3.json', artifacts.sources.at(-1))).toEqual([]);
  });
});

describe('artifacts of the sample company', () => {
  const parsed = manifest.parse(artifacts.manifest);

  it('are committed as the generator writes them', () => {
    const committed = demoArtifacts(artifactDay);
    const onDisk = (name: string): unknown =>
      JSON.parse(readFileSync(demoPath('dbt', 'target', name), 'utf8'));
    expect(onDisk('manifest.json')).toEqual(committed.manifest);
    expect(onDisk('catalog.json')).toEqual(committed.catalog);
    expect(onDisk('run_results.json')).toEqual(committed.runResults.at(-1));
    expect(onDisk('sources.json')).toEqual(committed.sources.at(-1));
  });

  it('are the same for the same time', () => {
    expect(demoArtifacts(now)).toEqual(artifacts);
  });

  it('hold some sixty metrics or more, forty models or more and a machine-learning exposure', () => {
    const models = Object.values(parsed.nodes).filter((node) => node.resource_type === 'model');
    expect(Object.keys(parsed.metrics).length).toBeGreaterThanOrEqual(60);
    expect(models.length).toBeGreaterThanOrEqual(40);
    expect(Object.values(parsed.exposures).filter((exposure) => exposure.type === 'ml')).toHaveLength(1);
  });

  it('tie out with at least five tests', () => {
    const tieOuts = Object.values(parsed.nodes).filter((node) => node.tags.includes('reconciliation'));
    expect(tieOuts.length).toBeGreaterThanOrEqual(5);
  });

  it('name no parent that is not there, and children mirror parents', () => {
    const known = new Set(Object.keys(parsed.parent_map));
    for (const [id, parents] of Object.entries(parsed.parent_map)) {
      for (const parent of parents) {
        expect(known).toContain(parent);
        expect(parsed.child_map[parent]).toContain(id);
      }
    }
  });

  it('have one late source on the first day and nothing else wrong', () => {
    expect(notOk(artifacts.sources.at(-1))).toEqual(['warn source.brightmill.marketplace.node_heartbeats']);
    expect(notOk(artifacts.runResults.at(-1))).toEqual([]);
  });

  it('have one failed test and one late source in the three weeks before', () => {
    expect(artifacts.runResults).toHaveLength(21);
    expect(artifacts.runResults.slice(0, -1).flatMap(notOk)).toEqual([
      `fail test.brightmill.${past.failedTest.name}`,
    ]);
    expect(artifacts.sources.slice(0, -1).flatMap(notOk)).toEqual([
      'error source.brightmill.billing.invoices',
    ]);
  });

  it('keep what happened where it happened when the clock moves on', () => {
    const dayOne = now;
    const later = demoArtifacts(new Date(now.getTime() + 2 * 86_400_000), { dayOne });
    const failed = (all: unknown[]): string[] =>
      all
        .filter((artifact) => notOk(artifact).length > 0)
        .map((artifact) => results.parse(artifact).metadata.generated_at);
    expect(failed(later.runResults)).toEqual(failed(artifacts.runResults));
    expect(failed(later.sources)).toEqual(expect.arrayContaining(failed(artifacts.sources.slice(0, -1))));
  });

  it('are never newer than now and at most a day old, all day long', () => {
    const project = readProject();
    for (let minute = 0; minute < 1_440; minute += 90) {
      const at = new Date(Date.UTC(2026, 10, 20, 0, minute));
      const { runResults, sources } = demoArtifacts(at, { project });
      for (const [artifact, maxAgeMs] of [
        [runResults.at(-1), 86_400_000],
        [sources.at(-1), 1_860_000],
      ] as const) {
        const ageMs = at.getTime() - Date.parse(results.parse(artifact).metadata.generated_at);
        expect(ageMs).toBeGreaterThanOrEqual(0);
        expect(ageMs).toBeLessThanOrEqual(maxAgeMs);
      }
    }
  });
});

describe('metrics of the sample company', () => {
  const { metrics } = readProject();
  const described = metrics.map(({ metric }) => metric);

  it('each have synonyms, an owner, a tier, a unit, a grain, caveats and an example query', () => {
    for (const metric of described) {
      const keys = Object.keys(metric.config.meta);
      expect(keys, metric.name).toEqual(
        expect.arrayContaining([
          'synonyms',
          'owner',
          'tier',
          'unit',
          'grain',
          'caveats',
          'example_query',
          'domain',
        ]),
      );
    }
  });

  it('have a runbook wherever the tier is 1', () => {
    const without = described.filter(
      (metric) => metric.config.meta.tier === 1 && !metric.config.meta.runbook,
    );
    expect(without.map((metric) => metric.name)).toEqual([]);
  });

  it('share no name, label or synonym', () => {
    const words = described.flatMap((metric) => {
      const synonyms = z.array(z.string()).parse(metric.config.meta.synonyms);
      return [
        ...new Set(
          [metric.name.replaceAll('_', ' '), metric.label, ...synonyms].map((word) => word.toLowerCase()),
        ),
      ];
    });
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  });

  it('define churn twice, so that the bare word is ambiguous', () => {
    const churn = described.filter((metric) => / churn$/i.test(metric.label));
    expect(churn.map((metric) => metric.name)).toEqual(['logo_churn_rate', 'revenue_churn_rate']);
  });

  it('have one deprecated metric, whose successor is there', () => {
    const deprecated = described.filter((metric) => metric.config.meta.status === 'deprecated');
    expect(deprecated.map((metric) => metric.name)).toEqual(['gpu_occupancy']);
    expect(described.map((metric) => metric.name)).toContain(deprecated[0]?.config.meta.successor);
  });
});
