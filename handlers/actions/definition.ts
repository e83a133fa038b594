import { withdrawApproved } from '../../src/definitions/withdraw.js';
import type { ActionHandler } from '../../src/slack/surface.js';
import { said } from '../said.js';
import { definitionProposeView } from '../views/definition.js';

/** "Propose a change" beside everything known about a metric: value is the asset's id. */
export const definitionProposeAction: ActionHandler = {
  actionId: 'answer:propose',
  mode: 'read',
  run: async (services, { caller, value, view }) => ({
    modal: {
      how: view === null ? 'open' : 'push',
      view: await definitionProposeView.build(services, caller, { asset: value }),
    },
  }),
};

/** "Withdraw" on a change that is approved and not in the source: value is the change's id. */
export const definitionWithdrawAction: ActionHandler = {
  actionId: 'definition:withdraw',
  mode: 'act',
  run: async (services, { caller, value }) => {
    const { person, actor, now } = caller;
    const reference = await withdrawApproved(services, { changeId: value, person, actor, now });
    return { reply: said(`${reference} is withdrawn: it stays as the source has it.`) };
  },
};
