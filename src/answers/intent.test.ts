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

it.each([
  ['whom do I talk to about the OTD?', 'owner', 'OTD'],
  ['give me the owner of freight cost', 'owner', 'freight cost'],
  ['who signs off changes to DAU?', 'owner', 'DAU'],
  ['how come readmission rate is so high this week?', 'why-changed', 'readmission rate'],
  ['DAU dropped, what happened?', 'why-changed', 'DAU'],
  ['freight cost went up last week. Any idea why?', 'why-changed', 'freight cost'],
  ['did anyone touch DAU recently?', 'why-changed', 'DAU'],
  ['since when do we define bed days like this?', 'history', 'bed days'],
  ['how did the definition of DAU look in January?', 'history', 'DAU'],
  ['is the DAU number legit?', 'trust', 'DAU'],
  ['may I put ARPDAU into the board deck', 'trust', 'ARPDAU'],
  ['anything I should know before I use bed days?', 'trust', 'bed days'],
  ['any outage affecting shipments?', 'trust', 'shipments'],
  ['what tests run on ward_stays', 'trust', 'ward_stays'],
  ['Gibt es Probleme mit shipments?', 'trust', 'shipments'],
  ['Stimmt die DAU gerade?', 'trust', 'DAU'],
  ['Was hängt alles an shipments?', 'who-uses', 'shipments'],
  ['Woher kommen die Daten von freight cost?', 'lineage', 'freight cost'],
  ['please let me into ward_stays', 'act', 'ward_stays'],
  ["I can't see ward_stays, can you give me access?", 'act', 'ward_stays'],
  ['ward_stays has to be reloaded for last Tuesday', 'act', 'ward_stays'],
  ['something is wrong with bed days, please open an incident', 'act', 'bed days'],
  ['what filters apply to bed days?', 'define', 'bed days'],
  ['which dimensions can I slice on-time delivery rate by?', 'define', 'on-time delivery rate'],
  ['Erklär mir bitte die Kennzahl match wait', 'define', 'match wait'],
  ['what should I use instead of dau_v1?', 'define', 'dau_v1'],
  ['what replaces dau_v1?', 'define', 'dau_v1'],
  ['are there metrics nobody owns?', 'list', 'metrics nobody owns'],
  ['how many metrics does fleet own?', 'list', 'metrics does fleet own'],
  ['deprecated metrics', 'list', 'deprecated metrics'],
  ['all certified dashboards', 'list', 'certified dashboards'],
  ["what's the diff b/w DAU and MAU", 'compare', 'DAU'],
  ['since when is DAU defined like that?', 'history', 'DAU'],
  ['did freight cost change last month?', 'why-changed', 'freight cost'],
  ['something is wrong with ward_stays', 'trust', 'ward_stays'],
  ['is there anything wrong with DAU?', 'trust', 'DAU'],
  ['what tables does bed days come from?', 'lineage', 'bed days'],
  ['Was war die Auflage gestern?', 'value', 'Auflage'],
])('as people talk: %s', (question, intent, subject) => {
  expect(recogniseIntent(question)).toMatchObject({ intent, subject });
});

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
