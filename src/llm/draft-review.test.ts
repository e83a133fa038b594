import { expect, it } from 'vitest';
import { draftReview } from './draft-review.js';
import type { Model } from './model.js';

const entries = [
  { id: 'a', text: 'INC-4 declared' },
  { id: 'b', text: 'fct_orders counts 12 days twice, says Ivo Blank' },
  { id: 'c', text: 'investigating → monitoring' },
];
const params = { names: ['Ivo Blank'], personId: 'p', now: new Date('2026-03-02T10:00:00Z') };

/** A model that writes these sentences; keeps what it was given. */
function writes(sentences: { text: string; cites: string[] }[]): { model: Model; inputs: string[] } {
  const inputs: string[] = [];
  const model: Model = {
    parse: async ({ input, schema }) => {
      inputs.push(input);
      const parsed = schema.safeParse({ sentences });
      return parsed.success ? { ok: true, value: parsed.data } : { ok: false, reason: 'malformed' };
    },
  };
  return { model, inputs };
}

it('drafts a review from the timeline, each sentence with the entries it rests on, and hides names from the model', async () => {
  const { model, inputs } = writes([
    { text: 'The table fct_orders counted 12 days twice, as <PERSON_1> saw.', cites: ['2'] },
  ]);
  expect(await draftReview(model, entries, params)).toEqual([
    { text: 'The table fct_orders counted 12 days twice, as Ivo Blank saw.', cites: ['b'] },
  ]);
  expect(inputs[0]).not.toContain('Ivo Blank');
  expect(inputs[0]).toContain('Entry 3:\n<untrusted>');
});

it.each([
  ['a number that no entry holds', { text: 'It cost 90000 rows.', cites: ['2'] }],
  ['a table that no entry holds', { text: 'dim_customers broke.', cites: ['2'] }],
  ['a sentence that cites nothing', { text: 'All was well.', cites: [] }],
  ['an entry that is not there', { text: 'All was well.', cites: ['9'] }],
])('is no draft with %s', async (_why, sentence) => {
  expect(await draftReview(writes([sentence]).model, entries, params)).toBeNull();
});

it('is no draft where the model gives nothing', async () => {
  const model: Model = { parse: async () => ({ ok: false, reason: 'timeout' }) };
  expect(await draftReview(model, entries, params)).toBeNull();
});
