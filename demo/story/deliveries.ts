import { z } from 'zod';
import type { Json, JsonObject } from '../generate/json.js';
import { dataTests } from '../generate/manifest/tests.js';
import type { Project } from '../generate/project.js';
import { renamed } from './changed-project.js';

/** Something that a tool of the company posts to Steward: endpoint of steward.yml and body. */
export interface Delivery {
  source: string;
  id: string;
  body: JsonObject;
}

const resultList = z.looseObject({
  results: z.array(z.looseObject({ unique_id: z.string(), status: z.string() })),
});

/** Keeps the results that `wanted` says yes to; the rest of the artifact stays as it is. */
function only(
  artifact: JsonObject,
  wanted: (result: { unique_id: string; status: string }) => boolean,
): JsonObject {
  const results = resultList.parse(artifact).results.filter(wanted);
  const kept: Json = JSON.parse(JSON.stringify(results));
  return { ...artifact, results: kept };
}

/** What dbt knows of each test, as far as an alert needs it. */
function testNodes(project: Project): JsonObject {
  const nodes = dataTests(project).map(({ uniqueId, node }) => [
    uniqueId,
    {
      attached_node: node.attached_node ?? null,
      depends_on: node.depends_on ?? { nodes: [] },
      column_name: node.column_name ?? null,
      config: { severity: 'ERROR' },
    },
  ]);
  return Object.fromEntries(nodes);
}

/** The results of a run's own tests, tie-outs first of all, as the nightly job posts them. */
export function runDelivery(project: Project, run: JsonObject): Delivery {
  const singular = new Set(project.singularTests.map((test) => test.uniqueId));
  const wanted = (result: { unique_id: string; status: string }): boolean =>
    singular.has(result.unique_id) || !['success', 'pass'].includes(result.status);
  return {
    source: 'dbt',
    id: 'nightly',
    body: { run_results: only(run, wanted), manifest: { nodes: testNodes(project) } },
  };
}

/** Freshness of the named source tables, as the freshness job posts it. */
export function freshnessDelivery(check: JsonObject, tables: readonly string[]): Delivery {
  const wanted = (result: { unique_id: string }): boolean =>
    tables.includes(result.unique_id.split('.').at(-1) ?? '');
  return { source: 'dbt', id: 'nightly', body: only(check, wanted) };
}

/** A changed column, as the checks in the warehouse post it. */
export function schemaDelivery(project: Project, now: Date): Delivery {
  const at = now.toISOString();
  return {
    source: 'elementary',
    id: 'checks',
    body: {
      alerts: [
        {
          id: `schema-${renamed.model}-${at}`,
          alert_class_id: `schema_changes.${renamed.model}`,
          type: 'test',
          detected_at: at,
          data: {
            model_unique_id: `model.${project.name}.${renamed.model}`,
            database_name: project.database,
            schema_name: 'marts',
            table_name: renamed.model,
            status: 'fail',
            severity: 'ERROR',
            test_unique_id: `test.${project.name}.elementary_schema_changes_${renamed.model}`,
            test_name: 'schema_changes',
            test_short_name: 'schema_changes',
            test_type: 'schema_change',
            column_name: renamed.from,
            test_results_description: `The column "${renamed.from}" was removed and "${renamed.to}" was added.`,
          },
        },
      ],
    },
  };
}
