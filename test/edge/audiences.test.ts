import { expect, it } from 'vitest';
import { startTestSteward } from '../helpers/steward.js';

it('takes an audience only for a channel that is private, whatever steward.yml says of it', async () => {
  const app = await startTestSteward({
    config: 'slack: { audiences: [{ channel: general, teams: [sales] }, { channel: board, teams: [data] }] }',
    channels: [{ name: 'board', private: true, members: ['ana'] }],
  });
  expect(app.steward.services.config.slack.audiences).toEqual([
    { channel: expect.stringMatching(/^[CG][A-Z0-9]+$/), teams: ['data'] },
  ]);
});
