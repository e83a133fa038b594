import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { intents, recogniseIntent } from './intent.js';

const file = z
  .record(z.enum(intents), z.record(z.string(), z.array(z.string()).min(12)))
  .parse(JSON.parse(readFileSync(new URL('../../demo/questions.intents.json', import.meta.url), 'utf8')));

describe('what people want to know', () => {
  for (const intent of intents) {
    for (const [language, questions] of Object.entries(file[intent])) {
      it.each(questions)(`${intent}, ${language}: %s`, (question) => {
        expect(recogniseIntent(question).intent).toBe(intent);
      });
    }
  }
});

it('knows who is asked for in Spanish, with the mark that opens a question', () => {
  expect(recogniseIntent('¿quién es la responsable del churn?').intent).toBe('owner');
});

it.each(['how often does a payment fail?', 'how often do customers churn'])(
  'asks for no time of loading: %s',
  (question) => expect(recogniseIntent(question).intent).toBe('define'),
);

describe('what they mean it about', () => {
  it.each([
    ['can I trust net revenue for the board deck?', 'net revenue', 'board'],
    ['is MRR reliable enough for finance', 'MRR', 'finance'],
    ['when will billing be there?', 'billing', 'general'],
    ['who owns the payouts table?', 'payouts table', 'general'],
    ['¿Quién es el dueño de MRR?', 'MRR', 'general'],
    ['hey steward, please tell me where does net revenue come from?', undefined, 'general'],
    ['why did gross margin drop since 2026-01-01?', 'gross margin', 'general'],
  ])('%s', (question, subject, use) => {
    const found = recogniseIntent(question);
    if (subject !== undefined) expect(found.subject).toBe(subject);
    expect(found.use).toBe(use);
  });

  it.each([
    ['what’s MRR', 'define', 'MRR'],
    ['whats MRR plz', 'define', 'MRR'],
    ['whos the owner of MRR, thanks!', 'owner', 'MRR'],
    ['mrr please', 'define', 'mrr'],
  ])('hears what a thumb typed: %s', (question, intent, subject) => {
    expect(recogniseIntent(question)).toMatchObject({ intent, subject });
  });

  it('keeps the time that was asked about', () => {
    expect(recogniseIntent('what was MRR in October?')).toMatchObject({ intent: 'value', subject: 'MRR' });
    expect(recogniseIntent('what was MRR in October?').time).toMatch(/october/i);
    expect(recogniseIntent('what was MRR three weeks ago')).toMatchObject({
      intent: 'value',
      subject: 'MRR',
      time: 'three weeks ago',
    });
    expect(recogniseIntent('why did net revenue change since Monday').time).toMatch(/monday/i);
    expect(recogniseIntent('net revenue as of 2026-01-31').time).toContain('2026-01-31');
  });

  it('finds both sides of a comparison', () => {
    expect(recogniseIntent('what is the difference between MRR and ARR?')).toMatchObject({
      subject: 'MRR',
      other: 'ARR',
    });
  });

  it.each([
    '',
    '   ',
    '???',
    '😀😀',
    '<!channel> <@U123>',
    'ما هو الدخل',
    'x'.repeat(4000),
    'a '.repeat(2000),
    '\u202e\u0000',
  ])('never throws on %j', (odd) => {
    expect(() => recogniseIntent(odd)).not.toThrow();
  });

  it('answers within milliseconds on long text', () => {
    const long = `${'who owns what uses which table is safe to '.repeat(90)}?`;
    const beganMs = performance.now();
    recogniseIntent(long);
    expect(performance.now() - beganMs).toBeLessThan(500);
  });
});
