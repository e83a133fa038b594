import { type AlertKind, type AlertSource, finishAlert, type ParsedDelivery } from '../alert.js';
import { badRows, delivery, parseBody, readTime } from '../reading.js';
import { verifyTimedHmac } from '../signature.js';
import { type RunResult, readTestNode, runResults, withManifest } from './schema.js';

const firing = new Set(['error', 'fail', 'runtime error', 'warn', 'partial success']);
const resolved = new Set(['success', 'pass']);

/**
 * dbt's own artifacts, posted after a run: run_results.json, sources.json, or `{run_results, manifest}`. A skipped node is no
 * alert: it stands behind the one that failed. Every passing node is a recovery, so that a check turns green by itself.
 */
export const dbtRunResults: AlertSource = {
  type: 'dbt',
  auth: ['signature', 'bearer', 'basic', 'header'],
  verifySignature: (check) => verifyTimedHmac(check, 'x-steward-signature'),
  parse(body, context): ParsedDelivery {
    const joined = withManifest.safeParse(body);
    const results = joined.success ? joined.data.run_results : parseBody(runResults, body, 'dbt run results');
    const nodes = joined.success ? (joined.data.manifest?.nodes ?? {}) : {};
    const generatedAt = readTime(results.metadata.generated_at) ?? context.receivedAt;
    const skipped = badRows(results.results.bad, 'results');
    const alerts = [];
    for (const result of results.results.items) {
      const status = firing.has(result.status) ? 'firing' : resolved.has(result.status) ? 'resolved' : null;
      if (status === null) {
        if (result.status !== 'skipped')
          skipped.push(`${result.unique_id}: status ${result.status} is not known`);
        continue;
      }
      const resource = result.unique_id.split('.')[0] ?? '';
      const isTest = resource === 'test' || resource === 'unit_test';
      const test = isTest ? readTestNode(nodes[result.unique_id]) : null;
      alerts.push(
        finishAlert('dbt', context, {
          status,
          kind: kindOf(resource, result),
          severity: result.status === 'warn' ? 'warning' : 'error',
          title: titleOf(resource, result),
          description: result.message ?? '',
          url: null,
          asset:
            test === null
              ? {
                  sourceId: result.unique_id,
                  ...(result.relation_name === null ? {} : { relation: result.relation_name }),
                }
              : test.model === null
                ? { test: result.unique_id }
                : { sourceId: test.model, test: result.unique_id },
          column: test?.column ?? null,
          owners: [],
          at: completedAt(result) ?? generatedAt,
          dataSince: readTime(result.max_loaded_at),
          run: results.metadata.invocation_id ?? null,
          labels: { check: result.unique_id },
          identity: [result.unique_id],
        }),
      );
    }
    return delivery({ alerts, skipped });
  },
};

function completedAt(result: RunResult): Date | null {
  const done =
    result.timing.find(({ name }) => name === 'execute')?.completed_at ?? result.timing.at(-1)?.completed_at;
  return readTime(done) ?? readTime(result.snapshotted_at);
}

function kindOf(resource: string, result: RunResult): AlertKind {
  if (result.max_loaded_at !== null || resource === 'source') return 'freshness';
  return resource === 'test' || resource === 'unit_test' ? 'test' : 'run';
}

function titleOf(resource: string, result: RunResult): string {
  const parts = result.unique_id.split('.');
  const name =
    resource === 'test' ? (parts[2] ?? result.unique_id) : parts.slice(2).join('.') || result.unique_id;
  if (resource === 'source') return `Source ${name} is ${result.status === 'pass' ? 'fresh' : 'late'}`;
  if (resource === 'test' || resource === 'unit_test') {
    const rows = result.failures ? ` (${result.failures} rows)` : '';
    return result.status === 'pass' ? `Test ${name} passes` : `Test ${name} ${result.status}s${rows}`;
  }
  return resolved.has(result.status) ? `${name} ran` : `${name} failed`;
}
