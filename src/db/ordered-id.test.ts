import { expect, it } from 'vitest';
import { z } from 'zod';
import { orderedId } from './ordered-id.js';

it('makes uuids that sort in the order in which they were made, however many a millisecond', () => {
  const ids = Array.from({ length: 20_000 }, orderedId);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids.slice(0, 100)) expect(z.uuidv7().safeParse(id).success).toBe(true);
});
