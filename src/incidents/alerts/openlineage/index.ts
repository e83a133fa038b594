import {
  type Alert,
  AlertBodyError,
  type AlertSource,
  type AssetHint,
  finishAlert,
  type ParseContext,
} from '../alert.js';
import { badRows, delivery, parseBody, readKind, readTime } from '../reading.js';
import { verifyTimedHmac } from '../signature.js';
import { openLineageBody, type RunEvent } from './schema.js';

/** OpenLineage: failed runs, and data-quality assertions that do not hold. A completed run of the same job is the recovery. */
export const openLineage: AlertSource = {
  type: 'openlineage',
  auth: ['signature', 'bearer', 'basic', 'header'],
  verifySignature: (check) => verifyTimedHmac(check, 'x-steward-signature'),
  parse(body, context) {
    const { items, bad } = parseBody(openLineageBody, body, 'OpenLineage');
    if (items.length === 0 && bad > 0)
      throw new AlertBodyError('not an OpenLineage body: no RunEvent in it can be read');
    return delivery({
      alerts: items.flatMap((event) => readEvent(event, context)),
      skipped: badRows(bad, 'events'),
    });
  },
};

function readEvent(event: RunEvent, context: ParseContext): Alert[] {
  const type = event.eventType ?? 'OTHER';
  // dbt's integration reports every SQL statement of a node as a run of its own; the node says the same thing.
  if (!['FAIL', 'ABORT', 'COMPLETE'].includes(type) || /\.sql\.\d+$/.test(event.job.name)) return [];
  const shared = {
    description: event.run.facets?.errorMessage?.message ?? '',
    url: null,
    owners: [],
    at: readTime(event.eventTime) ?? context.receivedAt,
    dataSince: null,
    run: event.run.facets?.dbt_run?.invocation_id ?? event.run.facets?.parent?.run.runId ?? event.run.runId,
    severity: 'error' as const,
  };
  const alerts = event.inputs.flatMap((dataset) =>
    [
      ...(dataset.facets?.dataQualityAssertions?.assertions ?? []),
      ...(dataset.inputFacets?.dataQualityAssertions?.assertions ?? []),
    ].map((check) =>
      finishAlert('openlineage', context, {
        ...shared,
        status: check.success ? 'resolved' : 'firing',
        kind: readKind(check.assertion) === 'other' ? 'test' : readKind(check.assertion),
        severity: check.severity === 'warn' ? 'warning' : 'error',
        title: `${check.assertion} on ${dataset.name}${check.column === null ? '' : `.${check.column}`} ${check.success ? 'holds' : 'does not hold'}`,
        asset: { relation: dataset.name },
        column: check.column,
        labels: { job: event.job.name, namespace: dataset.namespace },
        identity: [dataset.namespace, dataset.name, check.assertion, check.column],
      }),
    ),
  );
  if (alerts.length > 0 && type === 'COMPLETE') return alerts;
  alerts.push(
    finishAlert('openlineage', context, {
      ...shared,
      status: type === 'COMPLETE' ? 'resolved' : 'firing',
      kind: 'run',
      title: `${event.job.name} ${type === 'COMPLETE' ? 'completed' : type === 'ABORT' ? 'was aborted' : 'failed'}`,
      asset: assetOf(event),
      column: null,
      labels: { job: event.job.name, namespace: event.job.namespace },
      identity: [event.job.namespace, event.job.name],
    }),
  );
  return alerts;
}

function assetOf(event: RunEvent): AssetHint | null {
  const node = /^(model|seed|snapshot|source)\./.test(event.job.name) ? { sourceId: event.job.name } : {};
  const test = event.job.name.startsWith('test.') ? { test: event.job.name } : {};
  const dataset = 'test' in test ? event.inputs[0]?.name : event.outputs[0]?.name;
  const hint = { ...node, ...test, ...(dataset === undefined ? {} : { relation: dataset }) };
  return Object.keys(hint).length === 0 ? null : hint;
}
