import pino from 'pino';
import { expect, it } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { makeStoredBudget } from './stored-budget.js';

const log = pino({ level: 'silent' });
const now = new Date('2026-03-02T10:00:00Z');
const tomorrow = new Date('2026-03-03T00:00:01Z');

it('is shared by all processes: of ten calls at once the last ones are refused, and the next day begins anew', async () => {
  const { db } = await makeTestDatabase();
  const person = await db
    .insertInto('person')
    .values({
      email: 'ana@acme.example',
      slack_id: null,
      name: 'Ana',
      time_zone: null,
      manager_id: null,
      kind: 'member',
      status: 'active',
      origin: 'config',
      created_at: now,
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const limits = { perPersonPerDay: 4, tokensPerDay: 1000 };
  const processes = [makeStoredBudget({ db, log }, limits), makeStoredBudget({ db, log }, limits)];
  const taken = await Promise.all(
    Array.from({ length: 10 }, (_, index) => processes[index % 2]?.take(person.id, now)),
  );
  expect(taken.filter(Boolean)).toHaveLength(4);
  expect(await processes[0]?.take(person.id, tomorrow)).toBe(true);
  await Promise.all([processes[0]?.spend(600, tomorrow), processes[1]?.spend(600, tomorrow)]);
  expect(await processes[0]?.take(person.id, tomorrow)).toBe(false);
});

it('allows nothing when nobody can count', async () => {
  const { db } = await makeTestDatabase();
  await db.destroy();
  const budget = makeStoredBudget({ db, log }, { perPersonPerDay: 4, tokensPerDay: 1000 });
  expect(await budget.take('00000000-0000-4000-8000-000000000001', now)).toBe(false);
  await expect(budget.spend(10, now)).resolves.toBeUndefined();
});
