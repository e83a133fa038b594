import type { z } from 'zod';

/** What a schema calls a thing, in the words of whoever writes the file. */
const spoken = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a block of keys'],
  ['record', 'a block of keys'],
]);

/** What is wrong with a value of a file that somebody wrote by hand: for them, not for a programmer. */
export function issueInWords(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'is wrong';
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) return issue.message;
  const wanted = spoken.get(issue.expected) ?? issue.expected;
  return issue.message.endsWith('received undefined') ? `is missing; give ${wanted}` : `must be ${wanted}`;
}
