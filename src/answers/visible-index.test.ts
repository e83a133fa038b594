import { expect, it } from 'vitest';
import { inProcessLimit } from '../catalog/search/worker/build-in-worker.js';
import { answerQuestion } from './answer.js';
import { draft, shopInput } from './test-catalog.js';
import { prepareIndex, visibleIndex } from './visible-index.js';

const rules = [{ match: { tag: 'hr' }, otherwise: 'hidden' as const, teams: ['people'] }];
const viewer = { teams: ['sales'] };

it('has the index of a viewer ready before a question to a large catalog is answered, and makes it once', async () => {
  const assets = Array.from({ length: inProcessLimit }, (_, number) => draft('metric', `metric_${number}`));
  const input = shopInput({ assets });
  await Promise.all([prepareIndex(input, viewer, rules), prepareIndex(input, viewer, rules)]);
  const index = visibleIndex(input.view, input.index, viewer, rules);
  expect(index.names).not.toContain('average_wage');
  await prepareIndex(input, { teams: ['sales', 'marketing'] }, rules);
  expect(visibleIndex(input.view, input.index, { teams: ['marketing'] }, rules)).toBe(index);
  expect(visibleIndex(input.view, input.index, { teams: ['people'] }, rules)).not.toBe(index);
  expect(answerQuestion({ ...input, viewer, rules, question: 'average wage' }).text).not.toContain(
    'Mean wage',
  );
});
