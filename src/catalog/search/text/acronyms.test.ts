import { expect, it } from 'vitest';
import { spelledOut } from './acronyms.js';

it.each([
  ['ARPU', 'Average revenue per user and month from subscriptions.', 'average revenue per user'],
  ['cogs', 'The cost of goods sold, without freight', 'cost of goods sold'],
  ['CGS', 'Cost of goods sold', 'cost of goods sold'],
  ['AHT', 'A handling time in average.', undefined],
  ['ARPU', 'Revenue per user, in average', undefined],
  ['churn', 'Customers that left', undefined],
  ['MRR', 'Monthly: recurring revenue', undefined],
  ['net revenue', 'Net revenue', undefined],
])('spells %s out of "%s" as %s', (name, description, expected) => {
  expect(spelledOut(name, description)).toBe(expected);
});
