import { type AlertSource, finishAlert } from '../alert.js';
import { delivery, parseBody, readTime } from '../reading.js';
import { verifyTimedHmac } from '../signature.js';
import { type AirflowEvent, airflowEvent } from './schema.js';

/**
 * Airflow's callbacks may fire twice, three times, or for a mere retry: an occurrence is dag, run, task and try, and a task that
 * will be tried again is no alert yet.
 */
export const airflow: AlertSource = {
  type: 'airflow',
  auth: ['signature', 'bearer', 'basic', 'header'],
  verifySignature: (check) => verifyTimedHmac(check, 'x-steward-signature'),
  parse(body, context) {
    const event = parseBody(airflowEvent, body, 'Airflow callback');
    const state = event.state.toLowerCase();
    const failed = state === 'failed' || state === 'upstream_failed';
    if (state === 'up_for_retry')
      return delivery({ skipped: ['a task that will be tried again is no alert'] });
    if (state === 'upstream_failed')
      return delivery({ skipped: ['the task before it failed and says so itself'] });
    if (!failed && state !== 'success' && state !== 'sla_miss')
      return delivery({ skipped: [`state ${event.state} is not known`] });
    const what = event.task_id === null ? event.dag_id : `${event.dag_id}.${event.task_id}`;
    const outlet = event.outlets[0];
    const told = readTime(event.end_date) ?? readTime(event.start_date);
    const alert = finishAlert('airflow', context, {
      status: state === 'success' ? 'resolved' : 'firing',
      kind: state === 'sla_miss' ? 'freshness' : 'run',
      severity: 'error',
      title:
        state === 'success'
          ? `${what} ran`
          : state === 'sla_miss'
            ? `${what} missed its SLA`
            : `${what} failed`,
      description: event.exception ?? '',
      url: event.log_url,
      asset: {
        name: outlet === undefined ? (event.task_id ?? event.dag_id) : (outlet.split('/').at(-1) ?? outlet),
        ...(outlet?.includes('.') ? { relation: outlet.split('/').at(-1) ?? outlet } : {}),
      },
      column: null,
      owners: event.owner === null || event.owner === 'airflow' ? [] : [event.owner],
      at: told ?? context.receivedAt,
      dataSince: null,
      run: `${event.dag_id}/${event.run_id}`,
      labels: { dag: event.dag_id, task: event.task_id ?? '', try: String(event.try_number ?? 1) },
      identity: [event.dag_id, event.task_id],
      ...occurrenceOf(event, told),
    });
    return delivery({ alerts: [alert] });
  },
};

/**
 * Callbacks of one try may differ in their times, and have none where the task was killed. A run of a whole dag counts no tries: there
 * its times tell one failure from the next.
 */
function occurrenceOf(event: AirflowEvent, told: Date | null): { occurrence?: string } {
  const state = event.state.toLowerCase();
  if (event.task_id !== null && typeof event.try_number === 'number')
    return { occurrence: `${state}:${event.try_number}` };
  return told === null ? { occurrence: state } : {};
}
