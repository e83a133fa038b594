import type { AlertSource } from '../alert.js';
import { parseBody } from '../reading.js';
import { readPrometheus } from './read.js';
import { alertmanagerBody } from './schema.js';

/** Prometheus Alertmanager. It cannot sign; its HTTP client config sends bearer or basic credentials. */
export const alertmanager: AlertSource = {
  type: 'alertmanager',
  auth: ['bearer', 'basic', 'header'],
  authNote: 'Alertmanager cannot sign; set `authorization` in its http_config and use bearer or basic here',
  parse: (body, context) =>
    readPrometheus('alertmanager', parseBody(alertmanagerBody, body, 'Alertmanager'), context),
};
