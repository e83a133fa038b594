import { describe, expect, it } from 'vitest';
import type { AssetDraft } from '../catalog/asset.js';
import type { Viewer } from '../catalog/visibility.js';
import { answerQuestion } from './answer.js';
import { draft, shopInput } from './test-catalog.js';

const column = (name: string, more: Partial<AssetDraft['columns'][number]> = {}) => ({
  name,
  description: '',
  tags: [],
  classification: [],
  meta: {},
  ...more,
});
const input = {
  ...shopInput({
    assets: [
      draft('model', 'fct_calls', {
        columns: [
          column('gpu_seconds', {
            description: 'Seconds that GPUs worked on the call.',
            dataType: 'numeric',
          }),
          column('caller_email', {
            description: 'Address of the caller. Taken from the sign-up form.',
            classification: ['pii'],
          }),
        ],
      }),
      draft('model', 'fct_calls_daily', {
        columns: [column('gpu_seconds', { description: 'Seconds that GPUs worked on the call.' })],
      }),
      draft('model', 'wage_lines', {
        tags: ['hr'],
        columns: [column('wage_cents', { description: 'What somebody earns.' })],
      }),
    ],
  }),
  rules: [
    { match: { tag: 'hr' }, teams: ['people'], otherwise: 'hidden' as const },
    {
      match: { classification: 'pii', kind: 'column' },
      teams: ['privacy'],
      otherwise: 'requestable' as const,
    },
  ],
};
const ask = (question: string, viewer: Viewer = { teams: ['sales'] }) =>
  answerQuestion({ ...input, viewer, question });

describe('a question for what a column means', () => {
  it.each([
    'what does gpu_seconds mean?',
    'what is gpu_seconds',
    'gpu_seconds',
    'what is the column gpu_seconds?',
    'was bedeutet gpu_seconds?',
    'was bedeutet die Spalte gpu_seconds?',
  ])('"%s" is answered with its words and the tables that have it', (question) => {
    const answer = ask(question);
    expect(answer).toMatchObject({ outcome: 'answered', intent: 'define' });
    expect(answer.text).toBe(
      'gpu_seconds (column of fct_calls and fct_calls_daily): Seconds that GPUs worked on the call.',
    );
    expect(answer.items?.map(({ asset, note }) => `${asset.name}: ${note}`)).toEqual([
      'fct_calls: gpu_seconds, numeric',
      'fct_calls_daily: gpu_seconds',
    ]);
  });

  it('may name the table, and is then about that one', () => {
    expect(ask('what does fct_calls_daily.gpu_seconds mean?').text).toContain('(column of fct_calls_daily)');
    expect(ask('what does the column gpu_seconds in fct_calls mean?').text).toContain(
      '(column of fct_calls)',
    );
  });

  it('gives the purpose of personal data and no more, unless one may see it', () => {
    expect(ask('what does caller_email mean?').text).toBe(
      'caller_email (column of fct_calls): Address of the caller. Classified as pii. Its details are for those with access: request access to the table to see more.',
    );
    expect(ask('what does caller_email mean?', { teams: ['privacy'] }).text).toBe(
      'caller_email (column of fct_calls): Address of the caller. Taken from the sign-up form. Classified as pii.',
    );
  });

  it('is answered for a hidden table like for one that is not there', () => {
    const hidden = ask('what does wage_cents mean?');
    const missing = ask('what does wxyz_cents mean?');
    expect(hidden.text.replaceAll('wage_cents', 'X')).toBe(missing.text.replaceAll('wxyz_cents', 'X'));
    expect(ask('what does wage_cents mean?', { teams: ['people'] }).text).toContain('What somebody earns.');
  });

  it('gives way to what is called so', () => {
    expect(ask('what is net_revenue?').subject?.name).toBe('net_revenue');
    expect(ask('what does churn rate mean?').subject?.name).toBe('churn_rate');
  });
});
