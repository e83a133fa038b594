import { type OutsideContext, OutsideError, type PageEvent, type Pager, requireOk } from '../pager.js';
import { onCallsBody, pagerDutyEntry } from './schema.js';

/** PagerDuty Events v2: one event per state, all under our dedup key. */
export const pagerDuty: Pager = {
  type: 'pagerduty',
  async send(context, rawEntry, event) {
    const entry = pagerDutyEntry.parse(rawEntry);
    const routingKey = context.secret(entry.routingKey.env);
    if (!routingKey) throw new OutsideError(`${entry.routingKey.env} is not set`, { status: 0, final: true });
    const response = await context.fetch(`${entry.eventsUrl}/enqueue`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(eventBody(routingKey, event)),
      signal: context.signal,
    });
    await requireOk(response, 'PagerDuty');
  },
};

function eventBody(routingKey: string, event: PageEvent) {
  const common = { routing_key: routingKey, event_action: event.action, dedup_key: event.dedupKey };
  return {
    ...common,
    // The published schema wants a payload whatever the action is.
    payload: {
      summary: event.summary.slice(0, 1_024),
      source: event.source,
      severity: event.severity,
      timestamp: event.at.toISOString(),
      custom_details: event.details,
    },
    ...(event.link === null ? {} : { links: [{ href: event.link, text: 'Incident' }] }),
    client: 'Steward',
  };
}

/** Who is on call on a schedule now: e-mail addresses, first level first. */
export async function pagerDutyOnCall(
  context: OutsideContext,
  rawEntry: unknown,
  schedule: string,
  now: Date,
): Promise<string[]> {
  const entry = pagerDutyEntry.parse(rawEntry);
  const token = entry.apiToken === undefined ? undefined : context.secret(entry.apiToken.env);
  if (!token) throw new OutsideError('no apiToken is set for PagerDuty', { status: 0, final: true });
  const query = new URLSearchParams({
    'schedule_ids[]': schedule,
    since: now.toISOString(),
    until: new Date(now.getTime() + 60_000).toISOString(),
    'include[]': 'users',
    earliest: 'true',
  });
  const response = await context.fetch(`${entry.apiUrl}/oncalls?${query.toString()}`, {
    headers: {
      authorization: `Token token=${token}`,
      accept: 'application/json',
      'content-type': 'application/json',
    },
    signal: context.signal,
  });
  const body = onCallsBody.parse(await (await requireOk(response, 'PagerDuty')).json());
  const sorted = [...body.oncalls].sort((a, b) => a.escalation_level - b.escalation_level);
  return [...new Set(sorted.flatMap(({ user }) => (user.email ? [user.email.toLowerCase()] : [])))];
}
