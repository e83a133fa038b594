import type { AlertSource, SignatureCheck, SignatureVerdict } from '../alert.js';
import { readPrometheus } from '../alertmanager/read.js';
import { parseBody } from '../reading.js';
import { headerOf, hexHmac, sameSecret, verifyBodyHmac } from '../signature.js';
import { grafanaBody } from './schema.js';

const timestampHeader = 'x-grafana-alerting-timestamp';

/** Grafana alerting: Alertmanager's shape with a few more fields; signs since version 12 where its contact point says so. */
export const grafana: AlertSource = {
  type: 'grafana',
  auth: ['signature', 'bearer', 'basic', 'header'],
  verifySignature: verifyGrafana,
  parse: (body, context) => readPrometheus('grafana', parseBody(grafanaBody, body, 'Grafana'), context),
};

/** With its timestamp header the signature is over `<timestamp>:<body>`, else over the body alone. */
function verifyGrafana(check: SignatureCheck): SignatureVerdict {
  const time = headerOf(check.headers, timestampHeader);
  if (time === null) return verifyBodyHmac(check, 'x-grafana-alerting-signature');
  const given = headerOf(check.headers, check.header ?? 'x-grafana-alerting-signature');
  if (given === null || !/^\d{9,11}$/.test(time)) return 'malformed';
  if (!sameSecret(given.trim().toLowerCase(), hexHmac('sha256', check.secret, `${time}:`, check.rawBody)))
    return 'wrong';
  return Math.abs(check.now.getTime() / 1000 - Number(time)) <= check.toleranceSeconds ? 'ok' : 'stale';
}
