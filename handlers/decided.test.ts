import { expect, it } from 'vitest';
import { decidedReply } from './decided.js';

it('gives the approver alone the link, in words and as a button that carries no more than they do', () => {
  const reply = decidedReply({
    state: 'pending',
    text: 'One more step for ACC-1.',
    confirmUrl: 'https://steward.acme.example/confirm/1',
  });
  expect(reply.visibility).toBe('asker');
  expect(reply.text).toContain('https://steward.acme.example/confirm/1');
  expect(reply.blocks?.at(-1)).toMatchObject({
    elements: [{ url: 'https://steward.acme.example/confirm/1', value: 'link' }],
  });
});

it('says what was decided, where nothing is left to do', () => {
  expect(decidedReply({ state: 'approved', text: 'ACC-1 is approved.' }).blocks).toHaveLength(1);
});
