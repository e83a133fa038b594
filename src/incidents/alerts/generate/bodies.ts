import type { Asset } from '../../../catalog/asset.js';
import type { AlertKind } from '../alert.js';
import type { Random } from './random.js';

/** A check of some tool on some asset; the same check always makes the same fingerprint. */
export interface Check {
  source: string;
  kind: AlertKind;
  name: string;
  asset: Asset | null;
  owner: string;
}

export interface Occurrence {
  check: Check;
  at: Date;
  status: 'firing' | 'resolved';
  run: string;
  /** Which stretch of the check it belongs to: it may break again. */
  episode: number;
}

const sourcesByKind: Record<AlertKind, readonly string[]> = {
  freshness: ['dbt', 'elementary', 'soda', 'monte-carlo', 'generic'],
  volume: ['elementary', 'monte-carlo', 'soda', 'grafana'],
  schema: ['elementary', 'generic'],
  test: ['dbt', 'elementary', 'great-expectations', 'soda', 'openlineage', 'alertmanager'],
  run: ['dbt', 'dagster', 'openlineage', 'alertmanager'],
  other: ['generic'],
};

export function pickSource(random: Random, kind: AlertKind): string {
  return random.pick(sourcesByKind[kind]);
}

/** The body that the check's tool would post, in that tool's own words. */
export function bodyOf({ check, at, status, run, episode }: Occurrence): unknown {
  const iso = at.toISOString();
  const bad = status === 'firing';
  const asset = check.asset;
  const relation = asset?.relation ?? 'unknown.table';
  switch (check.source) {
    case 'dbt': {
      const results = { metadata: { generated_at: iso, invocation_id: run }, results: [] as unknown[] };
      if (check.kind === 'freshness') {
        results.results.push({
          unique_id: asset?.sourceId,
          status: bad ? 'error' : 'pass',
          max_loaded_at: new Date(at.getTime() - 7_200_000).toISOString(),
          snapshotted_at: iso,
        });
        return results;
      }
      const timing = [{ name: 'execute', started_at: iso, completed_at: iso }];
      if (check.kind === 'run') {
        results.results.push({
          unique_id: asset?.sourceId,
          status: bad ? 'error' : 'success',
          message: 'Database Error',
          timing,
        });
        return results;
      }
      const id = `test.shop.${check.name}_${asset?.name}_id.0a1b2c`;
      results.results.push({ unique_id: id, status: bad ? 'fail' : 'pass', failures: bad ? 12 : 0, timing });
      return {
        run_results: results,
        manifest: { nodes: { [id]: { attached_node: asset?.sourceId, column_name: 'id' } } },
      };
    }
    case 'elementary':
      return {
        id: `${run}-${iso}`,
        alert_class_id: `${asset?.sourceId}.${check.name}`,
        type: check.kind === 'freshness' ? 'source_freshness' : 'test',
        detected_at: iso,
        data: {
          model_unique_id: asset?.sourceId,
          status: bad ? 'fail' : 'pass',
          test_name: check.name,
          test_type: check.kind,
          table_name: asset?.name,
          owners: [check.owner],
        },
      };
    case 'soda':
      return {
        event: 'checkEvaluation',
        checkResults: [
          {
            id: `${asset?.name}-${check.name}`,
            definition: `${check.kind === 'freshness' ? 'freshness' : check.name} of ${asset?.name}`,
            datasets: [{ id: asset?.name, name: relation }],
            outcome: bad ? 'fail' : 'pass',
            dataTimestamp: iso,
            diagnostics: { value: 1 },
          },
        ],
      };
    case 'monte-carlo':
      return {
        type: 'open_anomaly_incident',
        version: 'v0.1',
        payload: {
          incident_id: `${run}-${asset?.name}-${check.name}-${episode}`,
          // Nothing is sent when the monitor is quiet again: somebody marks the alert as fixed, and it comes once more.
          ...(bad ? {} : { alert_feedback: 'fixed' }),
          event_list: [
            {
              table_name: relation,
              data: { metric_display_name: check.kind, hits: [{ measurement_timestamp: iso }] },
            },
          ],
        },
      };
    case 'great-expectations':
      return {
        success: !bad,
        suite_name: check.name,
        asset_name: relation,
        results: [
          {
            success: !bad,
            expectation_config: { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'id' } },
          },
        ],
        meta: { run_id: { run_name: run, run_time: iso } },
      };
    case 'openlineage':
      return check.kind === 'run'
        ? {
            eventType: bad ? 'FAIL' : 'COMPLETE',
            eventTime: iso,
            run: { runId: run },
            job: { namespace: 'shop', name: asset?.sourceId ?? check.name },
            inputs: [],
            outputs: [{ namespace: 'pg', name: relation }],
          }
        : {
            eventType: 'COMPLETE',
            eventTime: iso,
            run: { runId: run },
            job: { namespace: 'shop', name: `test.shop.${check.name}` },
            inputs: [
              {
                namespace: 'pg',
                name: relation,
                inputFacets: {
                  dataQualityAssertions: {
                    assertions: [{ assertion: check.name, success: !bad, column: 'id' }],
                  },
                },
              },
            ],
            outputs: [],
          };
    case 'dagster':
      return {
        run_status: bad ? 'FAILURE' : 'SUCCESS',
        job_name: `materialize_${asset?.name}`,
        asset_key: `shop/${asset?.name}`,
        run_id: run,
        end_time: iso,
      };
    case 'alertmanager':
    case 'grafana':
      return {
        version: check.source === 'grafana' ? '1' : '4',
        groupKey: `{}:{alertname="${check.name}"}`,
        status,
        alerts: [
          {
            status,
            labels: { alertname: check.name, table: relation, severity: 'warning' },
            annotations: {},
            startsAt: iso,
            endsAt: bad ? '0001-01-01T00:00:00Z' : iso,
          },
        ],
      };
    case 'airflow':
      return {
        dag_id: check.name,
        task_id: 'load',
        run_id: run,
        try_number: 1,
        state: bad ? 'failed' : 'success',
        end_date: iso,
        owner: check.owner,
      };
    default:
      return {
        title: `${check.name} on ${asset?.name ?? 'an outside system'}`,
        kind: check.kind,
        status,
        fingerprint: `${check.name}:${asset?.sourceId ?? check.owner}`,
        ...(asset === null ? {} : { asset: asset.sourceId }),
        owner: check.owner,
        at: iso,
        run,
      };
  }
}
