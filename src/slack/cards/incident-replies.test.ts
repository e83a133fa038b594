import { expect, it } from 'vitest';
import type { IncidentStatistics } from '../../incidents/report/statistics.js';
import { statisticsReply } from './incident-replies.js';

const nothing = { count: 0, mttd: null, mtta: null, mttr: null };
const numbers: IncidentStatistics = {
  from: '2026-03-01T00:00:00.000Z',
  to: '2026-03-02T00:00:00.000Z',
  all: nothing,
  by_severity: {},
  by_tier: {},
  by_domain: {},
  by_cause: {},
  recurring: 0,
  open: 0,
  triage: 0,
  declined: 0,
  by_week: [],
  follow_ups: { open: 0, overdue: 0, done: 0 },
};

it.each([
  [1, 'in 1 day.', 'Incidents of the last day'],
  [7, 'in 7 days.', 'Incidents of the last 7 days'],
])('counts the incidents of %i days as so many', (days, words, heading) => {
  const { text, blocks = [] } = statisticsReply(numbers, days);
  expect(text).toContain(words);
  expect(JSON.stringify(blocks)).toContain(heading);
});
