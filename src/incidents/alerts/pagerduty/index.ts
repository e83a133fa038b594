import { type AlertSource, finishAlert } from '../alert.js';
import { delivery, parseBody, readSeverity, readTime } from '../reading.js';
import { verifyBodyHmac } from '../signature.js';
import { pagerDutyEvent, pagerDutyEventType } from './schema.js';

/**
 * PagerDuty V3 webhooks. Our own pages come back this way too: `ackKey` in the labels carries the key of an incident of ours, and an
 * acknowledgement there becomes one here; it never opens a second incident.
 */
export const pagerDuty: AlertSource = {
  type: 'pagerduty',
  auth: ['signature'],
  authNote: 'PagerDuty signs every delivery with X-PagerDuty-Signature',
  verifySignature: (check) => verifyBodyHmac(check, 'x-pagerduty-signature'),
  parse(body, context) {
    const { event: about } = parseBody(pagerDutyEventType, body, 'PagerDuty V3');
    if (about.event_type === 'pagey.ping') return delivery({ skipped: ['a test ping'] });
    // A note, a responder, a status update or a workflow of an incident carries its own id and says nothing of its state.
    if (!about.event_type.startsWith('incident.') || about.data.type !== 'incident')
      return delivery({ skipped: [`event type ${about.event_type} says nothing of an incident's state`] });
    const { event } = parseBody(pagerDutyEvent, body, 'PagerDuty V3');
    const { data } = event;
    const ended = event.event_type === 'incident.resolved' || data.status === 'resolved';
    const at = readTime(event.occurred_at) ?? context.receivedAt;
    return delivery({
      alerts: [
        finishAlert('pagerduty', context, {
          status: ended ? 'resolved' : 'firing',
          kind: 'other',
          severity: readSeverity(data.priority?.summary, data.urgency === 'low' ? 'warning' : 'error'),
          title: data.title ?? `PagerDuty incident ${data.number ?? data.id}`,
          description: data.service?.summary ?? '',
          url: data.html_url,
          asset: null,
          column: null,
          owners: [],
          at,
          dataSince: readTime(data.created_at),
          run: null,
          labels: {
            event: event.event_type,
            service: data.service?.summary ?? '',
            ...(data.incident_key === null ? {} : { ackKey: data.incident_key }),
          },
          identity: [data.id],
        }),
      ],
    });
  },
};
