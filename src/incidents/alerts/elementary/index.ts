import { AlertBodyError, type AlertKind, type AlertSource, finishAlert } from '../alert.js';
import { badRows, delivery, parseBody, readKind, readStatus, readTime } from '../reading.js';
import { verifyTimedHmac } from '../signature.js';
import { type ElementaryAlert, elementaryBody } from './schema.js';

/** Elementary (open source has no webhook of its own): the file sink's alerts, posted by one line of the user's. */
export const elementary: AlertSource = {
  type: 'elementary',
  auth: ['signature', 'bearer', 'basic', 'header'],
  verifySignature: (check) => verifyTimedHmac(check, 'x-steward-signature'),
  parse(body, context) {
    const { items, bad } = parseBody(elementaryBody, body, 'Elementary');
    if (items.length === 0 && bad > 0)
      throw new AlertBodyError('not an Elementary body: no alert in it can be read');
    const skipped = badRows(bad, 'alerts');
    const alerts = [];
    for (const alert of items) {
      const { data } = alert;
      const status = readStatus(data.status);
      if (status === null) {
        skipped.push(`${alert.id}: status ${data.status} is not known`);
        continue;
      }
      const relation = [data.database_name, data.schema_name, data.table_name ?? data.alias].filter(
        (part) => part !== null,
      );
      const check = data.test_name ?? data.test_short_name ?? alert.type;
      const subject = data.table_name ?? data.alias ?? data.source_name ?? data.model_unique_id ?? 'unknown';
      alerts.push(
        finishAlert('elementary', context, {
          status,
          kind: kindOf(alert),
          severity: /warn/i.test(data.severity ?? data.status) ? 'warning' : 'error',
          title:
            status === 'firing' ? `${check} on ${subject}: ${data.status}` : `${check} on ${subject} passes`,
          description: data.test_results_description ?? data.message ?? data.error_description ?? '',
          url: data.job_url,
          asset:
            data.model_unique_id === null && relation.length === 0
              ? null
              : {
                  ...(data.model_unique_id === null ? {} : { sourceId: data.model_unique_id }),
                  ...(relation.length < 2 ? {} : { relation: relation.join('.') }),
                },
          column: data.column_name,
          owners: data.owners ?? [],
          at: readTime(alert.detected_at) ?? context.receivedAt,
          dataSince: readTime(data.max_loaded_at),
          run: data.job_run_id,
          labels: { check },
          identity: [
            alert.alert_class_id ??
              data.elementary_unique_id ??
              data.test_unique_id ??
              `${alert.type}:${data.model_unique_id ?? subject}`,
          ],
        }),
      );
    }
    return delivery({ alerts, skipped });
  },
};

function kindOf(alert: ElementaryAlert): AlertKind {
  if (alert.type === 'source_freshness') return 'freshness';
  if (alert.type === 'model' || alert.type === 'snapshot') return 'run';
  const guess = readKind(`${alert.data.test_type ?? ''} ${alert.data.test_name ?? ''}`);
  return guess === 'other' ? 'test' : guess;
}
