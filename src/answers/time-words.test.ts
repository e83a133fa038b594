import { describe, expect, it } from 'vitest';
import { splitTime } from './intent.js';
import { startOfTimeWords } from './time-words.js';

const now = new Date('2026-03-02T10:00:00Z');
const dayMeant = (words: string): string | undefined => {
  const { subject, time } = splitTime(words);
  expect(subject).toBe('mrr');
  return startOfTimeWords(time, now)?.toISOString().slice(0, 10);
};

describe('words of time behind a name', () => {
  it.each([
    ['mrr since 200 days ago', '2025-08-14'],
    ['mrr since 90 days', '2025-12-02'],
    ['mrr seit 90 Tagen', '2025-12-02'],
    ['mrr since three weeks ago', '2026-02-09'],
    ['mrr as of 3 weeks ago', '2026-02-09'],
    ['mrr vor drei Wochen', '2026-02-09'],
    ['mrr hace tres semanas', '2026-02-09'],
    ['mrr a month ago', '2026-01-31'],
    ['mrr in the last two weeks', '2026-02-16'],
    ['mrr since yesterday', '2026-03-01'],
    ['mrr as of 2026-01-31', '2026-01-31'],
    ['mrr as of 31 January', '2026-01-31'],
    ['mrr as of January 31st', '2026-01-31'],
    ['mrr as of the 3rd of February', '2026-02-03'],
    ['mrr as of February 30', undefined],
    ['mrr since October', '2025-10-01'],
  ])('"%s" means %s', (words, day) => expect(dayMeant(words)).toBe(day));

  it('keep the day where the year is not said and the day is still to come', () => {
    expect(dayMeant('mrr as of December 15')).toBe('2025-12-15');
  });

  it('do not take a number that belongs to the name', () => {
    expect(splitTime('retention 30 days')).toEqual({ subject: 'retention 30 days' });
  });
});
