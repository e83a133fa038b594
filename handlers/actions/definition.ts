import type { ActionHandler } from '../../src/slack/surface.js';
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
