import { type AlertSource, type AssetHint, finishAlert } from '../alert.js';
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
    const feedback = payload.alert_feedback ?? event.alert_feedback ?? '';
    const owner = payload.owner ?? event.owner;
    const status = over.has(feedback.toLowerCase()) ? 'resolved' : 'firing';
    const details = payload.event_list[0]?.event_details ?? '';
    const metric = payload.event_list[0]?.data?.metric_display_name ?? null;
    const what = payload.rule?.description ?? metric ?? (details || event.type);
    const kind = readKind(`${what} ${metric ?? ''} ${payload.rule?.rule_type ?? ''}`);
    const subjects = tables.length === 0 ? [null] : tables;
    const alerts = subjects.map((table) =>
      finishAlert('monte-carlo', context, {
        status,
        kind,
        // Sent only after a person marked the alert: until then it is an ordinary error, and the later one raises it.
        severity: readSeverity(payload.declared_alert_severity ?? event.declared_alert_severity),
        title: table === null ? what : `${what} on ${table.split(/[.:]/).at(-1) ?? table}`,
        description: details,
        url: payload.url,
        asset: table === null ? null : hintOf(table, payload.group_id),
        column: null,
        owners: owner ? [owner] : [],
        at: timeOf(event, status) ?? context.receivedAt,
        dataSince: firstHit(event),
        run: null,
        labels: { incident: payload.incident_id, rule: payload.rule?.uuid ?? '' },
        // Every alert has an incident_id of its own: what makes it the same problem again is what looks and where.
        identity: [payload.rule?.uuid ?? metric ?? kind, table],
        // Every update repeats the whole alert, mostly without a time: whoever takes it over does not make it break again.
        occurrence: payload.incident_id,
      }),
    );
    return delivery({ alerts });
  },
};

/** Tables are written `database:schema.table`, or alone beside the group's `database:schema`. */
function hintOf(table: string, group: string | null): AssetHint {
  const name = table.split(/[.:]/).at(-1) ?? table;
  const whole = name === table && group !== null ? `${group}.${table}` : table;
  return { relation: whole.replaceAll(':', '.'), name };
}

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
