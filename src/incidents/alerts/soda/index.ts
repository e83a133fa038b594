import { type Alert, type AlertSource, finishAlert, type ParseContext } from '../alert.js';
import { badRows, delivery, parseBody, readKind, readStatus, readTime } from '../reading.js';
import { type SodaCheck, sodaEvent } from './schema.js';

/** Soda Cloud: check evaluations and the incidents opened there. It can send only headers that its user sets. */
export const soda: AlertSource = {
  type: 'soda',
  auth: ['bearer', 'basic', 'header'],
  authNote: 'Soda Cloud signs nothing; set a custom header there and use `auth: header` or `bearer`',
  parse(body, context) {
    const event = parseBody(sodaEvent, body, 'Soda Cloud');
    if (!['checkEvaluation', 'incidentCreated', 'incidentUpdated', 'validate'].includes(event.event))
      return delivery({ skipped: [`event ${event.event} is not about checks`] });
    if (event.event === 'validate') return delivery({ skipped: ['a validation call'] });
    const lists = [event.checkResults, event.incident?.checkResults].filter((list) => list !== undefined);
    const skipped = lists.flatMap((list) => badRows(list.bad, 'check results'));
    const alerts: Alert[] = [];
    const seen = new Set<string>();
    for (const check of lists.flatMap(({ items }) => items)) {
      const alert = toAlert(check, context, event.incident?.status);
      if (alert === null) skipped.push(`${check.id}: outcome ${check.outcome} is not known`);
      else if (!seen.has(alert.id)) alerts.push(alert);
      if (alert !== null) seen.add(alert.id);
    }
    return delivery({ alerts, skipped });
  },
};

function toAlert(check: SodaCheck, context: ParseContext, incidentStatus: string | undefined): Alert | null {
  const closed = incidentStatus !== undefined && /resolved|closed/i.test(incidentStatus);
  const status = closed ? 'resolved' : readStatus(check.outcome);
  if (status === null) return null;
  const dataset = check.datasets[0];
  const source = dataset?.datasource?.name;
  return finishAlert('soda', context, {
    status,
    kind: readKind(check.definition) === 'other' ? 'test' : readKind(check.definition),
    severity: check.outcome === 'warn' ? 'warning' : 'error',
    title: `${check.definition || 'check'} on ${dataset?.label ?? dataset?.name ?? 'unknown'}: ${check.outcome}`,
    description: check.diagnostics?.value === undefined ? '' : `value ${String(check.diagnostics.value)}`,
    url: check.sodaCloudUrl,
    asset:
      dataset === undefined
        ? null
        : { name: dataset.name, ...(dataset.name.includes('.') ? { relation: dataset.name } : {}) },
    column: check.column ?? null,
    owners: check.datasets.flatMap(({ owner }) => (owner?.email ? [owner.email] : [])),
    at: readTime(check.dataTimestamp) ?? context.receivedAt,
    dataSince: readTime(check.dataTimestamp),
    run: null,
    labels: { check: check.definition, datasource: source ?? '' },
    identity: [check.id],
  });
}
