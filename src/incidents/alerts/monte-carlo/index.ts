import { type AlertSource, finishAlert } from '../alert.js';
import { delivery, parseBody, readKind, readSeverity, readTime } from '../reading.js';
import { type MonteCarloEvent, monteCarloEvent } from './schema.js';

const over = new Set(['fixed', 'expected', 'no_action_needed', 'false_positive']);

/**
 * Monte Carlo. Its signature is made over Python's own form encoding of the parsed body (None, True, single quotes), which cannot
 * be reproduced outside Python without guessing: a secret in a header or in basic credentials, and its addresses, instead.
 */
export const monteCarlo: AlertSource = {
  type: 'monte-carlo',
  auth: ['bearer', 'basic', 'header'],
  authNote:
    'Monte Carlo signs a Python encoding that no other language reproduces reliably; use a secret and `addresses`',
  parse(body, context) {
    const event = parseBody(monteCarloEvent, body, 'Monte Carlo');
    const { payload } = event;
    const tables = [
      ...new Set(payload.event_list.flatMap(({ table_name }) => (table_name === null ? [] : [table_name]))),
    ];
    const status = over.has((payload.alert_feedback ?? '').toLowerCase()) ? 'resolved' : 'firing';
    const what = payload.event_list[0]?.data?.metric_display_name ?? payload.rule?.description ?? event.type;
    const subjects = tables.length === 0 ? [null] : tables;
    const alerts = subjects.map((table) =>
      finishAlert('monte-carlo', context, {
        status,
        kind: readKind(`${what} ${payload.rule?.rule_type ?? ''}`),
        // Sent only after a person marked the alert: until then it is an ordinary error, and the later one raises it.
        severity: readSeverity(payload.declared_alert_severity),
        title: table === null ? what : `${what} on ${table.split(/[.:]/).at(-1) ?? table}`,
        description: payload.event_list[0]?.event_details ?? '',
        url: payload.url,
        // `database:schema.table` is how its tables are written.
        asset: table === null ? null : { relation: table.replaceAll(':', '.') },
        column: null,
        owners: payload.owner ? [payload.owner] : [],
        at: timeOf(event, status) ?? context.receivedAt,
        dataSince: firstHit(event),
        run: null,
        labels: { incident: payload.incident_id, rule: payload.rule?.uuid ?? '' },
        identity: [payload.incident_id, table],
      }),
    );
    return delivery({ alerts });
  },
};

function firstHit(event: MonteCarloEvent): Date | null {
  const times = event.payload.event_list
    .flatMap(({ data }) => data?.hits ?? [])
    .flatMap(({ measurement_timestamp }) => readTime(measurement_timestamp) ?? []);
  return times.sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
}

function timeOf(event: MonteCarloEvent, status: 'firing' | 'resolved'): Date | null {
  if (status === 'resolved') return null;
  return (
    readTime(event.payload.created_time) ?? readTime(event.payload.event_created_time) ?? firstHit(event)
  );
}
