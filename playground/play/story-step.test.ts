import { expect, it } from 'vitest';
import { startHarness } from '../testing/harness.js';

it('runs a step of the story however its words are joined, and says which there are for another', async () => {
  const ran: string[] = [];
  const harness = await startHarness(undefined, {
    hooks: {
      story: {
        steps: async () => [
          { step: 'late-source', title: 'A source falls behind', description: '', done: ran.length > 0 },
        ],
        run: async (step) => {
          ran.push(step);
          return 'The source is late.';
        },
      },
    },
  });
  for (const step of ['late-source', 'late_source', 'Late source']) {
    expect(await harness.post('story', { step })).toMatchObject({ ok: true, text: 'The source is late.' });
  }
  expect(ran).toEqual(['late-source', 'late-source', 'late-source']);
  expect(await harness.post('story', { step: 'early-source' })).toMatchObject({
    ok: false,
    code: 'no_such_step',
    error: expect.stringContaining('late-source'),
  });
  await harness.stop();
});
