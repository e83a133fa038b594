import { type Alert, AlertBodyError, type AlertKind, type AlertSource, finishAlert } from '../alert.js';
import { badRows, delivery, parseBody, readKind, readSeverity, readStatus, readTime } from '../reading.js';
import { verifyTimedHmac } from '../signature.js';
import { genericBody } from './schema.js';

const kinds: readonly AlertKind[] = ['freshness', 'volume', 'schema', 'test', 'run', 'other'];

/** Anything that can post JSON. */
export const generic: AlertSource = {
  type: 'generic',
  auth: ['signature', 'bearer', 'basic', 'header'],
  verifySignature: (check) => verifyTimedHmac(check, 'x-steward-signature'),
  parse(body, context) {
    const { items, bad } = parseBody(genericBody, body, 'generic alert');
    if (items.length === 0 && bad > 0)
      throw new AlertBodyError('not a generic alert body: no alert in it can be read');
    const skipped = badRows(bad, 'alerts');
    const alerts: Alert[] = [];
    for (const item of items) {
      const status = readStatus(item.status ?? item.state ?? 'firing');
      if (status === null) {
        skipped.push(`${item.title}: status ${item.status ?? item.state ?? ''} is not known`);
        continue;
      }
      const identity = item.fingerprint ?? item.alert_uid;
      alerts.push(
        finishAlert('generic', context, {
          status,
          kind: kinds.find((kind) => kind === item.kind) ?? readKind(`${item.kind ?? ''} ${item.title}`),
          severity: readSeverity(item.severity),
          title: item.title,
          description: item.description ?? item.message ?? '',
          url: item.url ?? item.link_to_upstream_details,
          asset:
            item.asset === null
              ? null
              : {
                  sourceId: item.asset,
                  name: item.asset,
                  ...(item.asset.includes('.') ? { relation: item.asset } : {}),
                },
          column: item.column,
          owners: item.owner === null ? [] : [item.owner],
          at: readTime(item.at) ?? context.receivedAt,
          dataSince: readTime(item.data_since),
          run: item.run,
          labels: {},
          identity: identity === null ? [item.title, item.asset] : [identity],
        }),
      );
    }
    return delivery({ alerts, skipped });
  },
};
