import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { keepLane, releaseLane, takeLane } from './lanes.js';

const now = new Date('2026-03-02T10:00:00Z');

it('is held by one at a time, and given on when it is let go', async () => {
  const { db } = await makeTestDatabase();
  const first = await takeLane(db, 'slack:C1', now);
  if (!first) throw new Error('the lane was free');
  expect(await takeLane(db, 'slack:C1', now)).toBeNull();
  expect(await keepLane(db, first)).toBe(true);
  await releaseLane(db, first);
  const second = await takeLane(db, 'slack:C1', now);
  expect(second?.fence).toBe('2');
  expect(await keepLane(db, first)).toBe(false);
});

it('waits as long as it was told to', async () => {
  const { db } = await makeTestDatabase();
  const lane = await takeLane(db, 'slack:C1', now);
  if (!lane) throw new Error('the lane was free');
  await releaseLane(db, lane, new Date(now.getTime() + 60_000));
  expect(await takeLane(db, 'slack:C1', now)).toBeNull();
  expect(await takeLane(db, 'slack:C1', new Date(now.getTime() + 60_000))).not.toBeNull();
});

it('is never lost to the sweep of idle lanes that runs at the same time', async () => {
  const { db } = await makeTestDatabase();
  let sweeping = true;
  const sweep = (async () => {
    while (sweeping)
      await sql`delete from lane where locked_until is null and not_before is null`.execute(db);
  })();
  for (let n = 0; n < 300; n += 1) {
    const lane = await takeLane(db, `inbox:${n}`, now);
    expect(lane).not.toBeNull();
    if (lane) await releaseLane(db, lane);
  }
  sweeping = false;
  await sweep;
});
