import { AlertBodyError, type AlertKind, type AlertSource, finishAlert } from '../alert.js';
import { delivery, parseBody, readStatus, readTime } from '../reading.js';
import { dagsterEvent } from './schema.js';

/** Dagster+ webhook alerts: the body is the user's template, ours is documented. It sends headers and signs nothing. */
export const dagster: AlertSource = {
  type: 'dagster',
  auth: ['bearer', 'basic', 'header'],
  authNote: 'Dagster+ sends custom headers and signs nothing',
  parse(body, context) {
    const event = parseBody(dagsterEvent, body, 'Dagster');
    if (event.job_name === null && event.asset_key === null && event.asset_name === null)
      throw new AlertBodyError('not a Dagster body: neither job_name nor asset_key is given');
    if (event.is_sample === true) return delivery({ skipped: ['a sample notification'] });
    const said =
      event.run_status ??
      event.health_status ??
      event.freshness_status ??
      event.checks_status ??
      event.materialization_status ??
      '';
    const status = readStatus(said);
    if (status === null) return delivery({ skipped: [`status ${said || '(none)'} is not known`] });
    const key = (event.asset_key ?? event.asset_name)
      ?.replace(/^\[|\]$/g, '')
      .replaceAll('"', '')
      .split(/[/,]\s*/)
      .map((part) => part.trim());
    const subject = key?.at(-1) ?? event.job_name ?? '';
    const kind: AlertKind =
      event.freshness_status !== null && readStatus(event.freshness_status) === 'firing'
        ? 'freshness'
        : event.checks_status !== null && readStatus(event.checks_status) === 'firing'
          ? 'test'
          : 'run';
    return delivery({
      alerts: [
        finishAlert('dagster', context, {
          status,
          kind,
          severity: 'error',
          title: event.alert_summary ?? `${subject}: ${said}`,
          description: event.failure_message ?? event.alert_content ?? '',
          url: event.run_link,
          asset: {
            name: subject,
            ...(key !== undefined && key.length > 1 ? { relation: key.join('.') } : {}),
          },
          column: null,
          owners: [],
          at: readTime(event.end_time) ?? readTime(event.start_time) ?? context.receivedAt,
          dataSince: null,
          run: event.run_id,
          labels: {
            job: event.job_name ?? '',
            policy: event.alert_policy_name ?? '',
            partition: event.partition_name ?? '',
          },
          identity: [event.job_name, key?.join('.'), kind],
        }),
      ],
    });
  },
};
