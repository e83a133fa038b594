import { expect, it } from 'vitest';
import { actions } from './blocks.js';

it('puts a second button of one action behind the menu, since Slack refuses the block otherwise', () => {
  const block = actions([
    { text: 'I lead', actionId: 'incident:claim', value: '1|lead' },
    { text: 'I do comms', actionId: 'incident:claim', value: '1|comms' },
    { text: 'Show', actionId: 'incident:show', value: '1' },
  ]);
  expect(block.elements).toMatchObject([
    { type: 'button', action_id: 'incident:claim', value: '1|lead' },
    { type: 'button', action_id: 'incident:show' },
    { type: 'overflow', options: [{ value: 'incident:claim|1|comms' }] },
  ]);
});
