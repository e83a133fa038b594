import { returnAccess } from '../../src/access/end-access.js';
import { extendAccess } from '../../src/access/extend-access.js';
import { acceptRemains } from '../../src/access/remains.js';
import { keepAll, reviewItem } from '../../src/access/review.js';
import { completeTask } from '../../src/access/tasks.js';
import type { Services } from '../../src/services.js';
import type { ActionHandler, ButtonPress, HandlerResult } from '../../src/slack/surface.js';
import { said } from '../said.js';
import { accessForm } from '../views/access-form.js';
import { readFormState } from '../views/access-form-state.js';
import { accessReviewView } from '../views/access-review.js';

const who = (press: ButtonPress) => ({
  person: press.caller.person,
  actor: press.caller.actor,
  now: press.caller.now,
});

const decider = (press: ButtonPress) => ({
  personId: press.caller.person.id,
  actor: press.caller.actor,
  now: press.caller.now,
});

/** Campaign and grant, as the button of a review line carries them. */
function itemOf(press: ButtonPress): { campaignId: string; requestId: string } {
  const [campaignId = '', requestId = ''] = press.value.split('|');
  return { campaignId, requestId };
}

/** A choice in the request form draws it again: other levels, other approvers. */
async function redraw(services: Services, press: ButtonPress, more: boolean): Promise<HandlerResult> {
  const view = await accessForm(services, press.caller, readFormState(press.state), more);
  return { modal: { how: 'update', view } };
}

const redraws = (actionId: string): ActionHandler => ({
  actionId,
  mode: 'read',
  run: (services, press) => redraw(services, press, press.view?.privateMetadata === 'more'),
});

export const accessActionHandlers: readonly ActionHandler[] = [
  redraws('access:dataset'),
  redraws('access:level'),
  redraws('access:columns'),
  redraws('access:duration'),
  redraws('access:for-service'),
  { actionId: 'access:more-options', mode: 'read', run: (services, press) => redraw(services, press, true) },
  {
    actionId: 'access:request',
    mode: 'read',
    run: async (_services, press) => ({
      reply: {
        text: 'One form first.',
        visibility: 'asker',
        modal: {
          callbackId: 'access:request',
          params: press.value === '' || press.value === 'any' ? {} : { dataset: press.value },
        },
      },
    }),
  },
  {
    actionId: 'access:extend',
    mode: 'act',
    run: async (services, press) => {
      const extended = await extendAccess(services, { requestId: press.value, reason: null, ...who(press) });
      return { reply: said(extended.text) };
    },
  },
  {
    actionId: 'access:return',
    mode: 'act',
    run: async (services, press) => {
      await returnAccess(services, { requestId: press.value, ...who(press) });
      return {
        reply: said('Thank you. It is being taken back; the card says when the warehouse confirms it.'),
      };
    },
  },
  {
    actionId: 'access:revoke',
    mode: 'read',
    run: async (_services, press) => ({
      reply: {
        text: 'One form first.',
        visibility: 'asker',
        modal: { callbackId: 'access:revoke', params: { id: press.value } },
      },
    }),
  },
  {
    actionId: 'access:review-keep-all',
    mode: 'act',
    run: async (services, press) => {
      const count = await keepAll(services, { campaignId: press.value, ...decider(press) });
      if (count === 0) return { reply: said('Nothing was left to decide here. Nothing was changed.') };
      return { reply: said(`${count} ${count === 1 ? 'grant is' : 'grants are'} kept. Thank you.`) };
    },
  },
  ...['page', 'earlier', 'later'].map(
    (turn): ActionHandler => ({
      actionId: `access:review-${turn}`,
      mode: 'read',
      run: async (services, press) => {
        const [campaign = '', page = ''] = press.value.split('|');
        const view = await accessReviewView.build(services, press.caller, { campaign, page });
        return { modal: { how: press.view === null ? 'open' : 'update', view } };
      },
    }),
  ),
  {
    actionId: 'access:review-keep',
    mode: 'act',
    run: async (services, press) => {
      await reviewItem(services, { ...itemOf(press), ...decider(press), decision: 'keep' });
      return {};
    },
  },
  {
    actionId: 'access:review-revoke',
    mode: 'act',
    run: async (services, press) => {
      await reviewItem(services, { ...itemOf(press), ...decider(press), decision: 'revoke' });
      return { reply: said('It is being taken back. The holder is told.') };
    },
  },
  {
    actionId: 'access:accept-remains',
    mode: 'act',
    run: async (services, press) => {
      await acceptRemains(services, { requestId: press.value, ...who(press) });
      return { reply: said('Accepted and recorded with your name.') };
    },
  },
  {
    actionId: 'access:task-done',
    mode: 'act',
    run: async (services, press) => {
      await completeTask(services, { taskId: press.value, ...who(press) });
      return { reply: said('Marked as done. Thank you.') };
    },
  },
];
