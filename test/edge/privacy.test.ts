import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startTestSteward } from '../helpers/steward.js';

it('stores nothing of what people say to each other in a channel', async () => {
  const app = await startTestSteward();
  await app.act({ as: 'ana', do: 'message', channel: 'general', text: 'our salaries are a secret' });
  await app.act({ as: 'ana', do: 'mention', channel: 'general', text: 'what does orders mean?' });
  const deadline = performance.now() + 10_000;
  while (
    !(await app.messages({ channel: 'general' })).some((message) => message.text.includes('not cancelled'))
  ) {
    if (performance.now() > deadline) throw new Error('waited too long');
    await sleep(50);
  }
  // A comment in the thread of something Steward said is ours to see; it is answered only where it mentions us.
  const rows = await app.database.db.selectFrom('inbox').select('body').execute();
  expect(JSON.stringify(rows)).toContain('what does orders mean?');
  expect(JSON.stringify(rows)).not.toContain('salaries');
});
