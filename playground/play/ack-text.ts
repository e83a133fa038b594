import type { Ack } from '../delivery/ack.js';

/** What Slack's client would show when an app does not take a delivery. */
export function ackFailureText(ack: Extract<Ack, { ok: false }>): string {
  switch (ack.reason) {
    case 'http_timeout':
      return 'The app did not answer within 3 seconds (operation_timeout).';
    case 'no_connection':
      return 'The app has no Socket Mode connection open (dispatch_failed).';
    case 'connection_failed':
      return 'The app cannot be reached (dispatch_failed).';
    default:
      return `The app answered ${ack.status ?? 'wrongly'} (dispatch_failed).`;
  }
}
