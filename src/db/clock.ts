import { sql } from 'kysely';
import { StewardError } from '../errors.js';
import type { Db } from './database.js';

/** Where domain time comes from. Moved only in the demo, for every process alike, by one row in the database. */
export interface Clock {
  now: () => Date;
  /** Milliseconds the domain's time is ahead of the machine's. */
  offsetMs: () => number;
}

export const systemClock: Clock = { now: () => new Date(), offsetMs: () => 0 };

/** A clock for tests: stands still until it is moved. */
export function makeManualClock(
  start: Date,
): Clock & { advance: (ms: number) => void; set: (to: Date) => void } {
  let current = start.getTime();
  return {
    now: () => new Date(current),
    offsetMs: () => current - Date.now(),
    advance: (ms) => {
      current += ms;
    },
    set: (to) => {
      current = to.getTime();
    },
  };
}

/** A clock that follows the `clock` row. `setOffset` is called by whoever listens to `steward_clock`. */
export function makeDatabaseClock(): Clock & { setOffset: (ms: number) => void } {
  let offset = 0;
  return {
    now: () => new Date(Date.now() + offset),
    offsetMs: () => offset,
    setOffset: (ms) => {
      offset = ms;
    },
  };
}

export async function readClockOffset(db: Db): Promise<number> {
  const row = await db.selectFrom('clock').select('offset_ms').where('id', '=', 1).executeTakeFirst();
  return Number(row?.offset_ms ?? 0);
}

export class ClockFixedError extends StewardError {
  readonly code = 'clock_fixed';
  constructor() {
    super('The clock can only be moved in the demo. Nothing was changed.');
  }
}

/** Moves domain time forward by `ms` for every process. Refused unless the database was set up with `demo: true`. */
export async function advanceClock(db: Db, ms: number): Promise<number> {
  const row = await db
    .updateTable('clock')
    .set({ offset_ms: sql`offset_ms + ${Math.trunc(ms)}` })
    .where('id', '=', 1)
    .where('demo', '=', true)
    .returning('offset_ms')
    .executeTakeFirst();
  if (!row) throw new ClockFixedError();
  return Number(row.offset_ms);
}
