import { afterAll, beforeAll, expect, it } from 'vitest';
import { redefined } from '../../demo/story/changed-project.js';
import { type Demo, startDemo } from './drive.js';

let demo: Demo;

beforeAll(async () => {
  demo = await startDemo();
}, 300_000);
afterAll(() => demo.stop(), 60_000);

it('a definition goes from a proposal over its approvals and a patch to the source, and is announced', {
  timeout: 300_000,
}, async () => {
  const asked = { timeout: 60_000, interval: 500 };
  const answer = (words = '') => demo.say('leo', `/metric ${words}${redefined.metric}`);

  await demo.say('tomas', `/metric propose ${redefined.metric}`);
  const reason = 'Idle reserve is paid for and was left out of the cost.';
  await demo.submit('tomas', { description: redefined.description, reason });
  for (const as of ['grace', 'maya']) await demo.press(as, await demo.seen(as, /DEF-4/), 'approval:approve');
  await demo.seen('tomas', /approved, not yet in the source/);
  await expect.poll(answer, asked).toContain('and not in the source yet');
  await expect
    .poll(async () => JSON.stringify(await demo.messages('tomas')), asked)
    .toContain('+++ b/models/marts/inference.yml');

  await demo.story('definition-change');
  const note = await demo.heard('data-questions', /has a new definition \(DEF-4\)/);
  expect(note.text).toContain(`It is now: ${redefined.description}`);
  await expect.poll(answer, asked).toContain(redefined.description);
  expect(await answer()).not.toContain('not in the source yet');
  await expect
    .poll(() => answer('history '), asked)
    .toMatch(/Approved by Grace Kim and Maya Lindqvist \(DEF-4\)/);
});
