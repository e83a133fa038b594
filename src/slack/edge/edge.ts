import type { Services } from '../../services.js';
import { kindOf } from '../delivery.js';
import { makeDesk } from './desk.js';
import type { Edge, EdgeParams } from './edge-types.js';
import { performAction } from './perform-action.js';
import { performCommand } from './perform-command.js';
import { performEvent } from './perform-event.js';
import { performOptions, performShortcut, performSubmission } from './perform-form.js';
import { planDelivery } from './plan.js';

/** What stands behind Bolt: says how a delivery is to be taken in, and does what it asks for. */
export function makeEdge(services: Services, params: EdgeParams): Edge {
  const desk = makeDesk(services, params);
  return {
    plan: (body, now) => planDelivery(desk, body, now),
    settled: desk.settled,
    async perform(delivery) {
      switch (kindOf(delivery.body)) {
        case 'command':
          return performCommand(desk, delivery);
        case 'event':
          return performEvent(desk, delivery);
        case 'block_actions':
          return performAction(desk, delivery);
        case 'view_submission':
          return performSubmission(desk, delivery);
        case 'block_suggestion':
          return performOptions(desk, delivery);
        case 'shortcut':
        case 'message_action':
          return performShortcut(desk, delivery);
        default:
          return delivery.ack();
      }
    },
  };
}
