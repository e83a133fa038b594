import type { ActionHandler } from '../../src/slack/surface.js';
import { subscriptionsOf } from '../../src/subscriptions/readers.js';
import { readSubject } from '../../src/subscriptions/subject.js';
import { subscribe, unsubscribe } from '../../src/subscriptions/subscribe.js';
import { said } from '../said.js';

/** "Tell me about changes" of an answer, "Stop these" of a notice. Value: an asset's id, or `domain:<name>`. */
export const subscriptionActionHandlers: readonly ActionHandler[] = [
  {
    actionId: 'subscription:start',
    mode: 'act',
    run: async (services, { caller, value }) => {
      const name = await subscribe(services, { ...caller, subject: readSubject(value) });
      return { reply: said(`You hear from me when ${name} changes, goes away or breaks.`) };
    },
  },
  {
    actionId: 'subscription:stop',
    mode: 'act',
    run: async (services, { caller, value }) => {
      await unsubscribe(services, { ...caller, subject: readSubject(value) });
      return { reply: said('Stopped. You get no more of these, unless you are its owner.') };
    },
  },
  {
    actionId: 'subscription:list',
    mode: 'read',
    run: async (services, { caller }) => ({
      reply: said(listWords(await subscriptionsOf(services, caller.person))),
    }),
  },
];

function listWords(names: readonly string[]): string {
  return names.length === 0
    ? 'You subscribed to nothing. "Tell me about changes" stands behind "More" of every answer.'
    : `You hear of: ${names.join(', ')}. "unsubscribe <name>" ends one.`;
}
