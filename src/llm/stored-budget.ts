import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Db } from '../db/database.js';
import { type Budget, type BudgetLimits, budgetDay } from './budget.js';

/** Counts of days before the last forty say nothing any more. */
const keptDays = 40;

/**
 * The budget that all processes share and a restart does not forget. One statement takes a call, so that two processes cannot both take the last one.
 * When the database does not answer there is no budget, and the answer is the deterministic one.
 */
export function makeStoredBudget(context: { db: Db; log: Logger }, limits: BudgetLimits): Budget {
  const { db, log } = context;
  return {
    take: async (personId, now) => {
      const day = budgetDay(now);
      if (limits.perPersonPerDay <= 0) return false;
      try {
        const taken = await sql<{ calls: number }>`
          insert into llm_person_day as used (day, person_id, calls)
          select ${day}::date, ${personId}::uuid, 1
          where coalesce((select tokens from llm_day where day = ${day}::date), 0) < ${limits.tokensPerDay}
          on conflict (day, person_id) do update set calls = used.calls + 1
            where used.calls < ${limits.perPersonPerDay}
          returning calls`.execute(db);
        return taken.rows.length === 1;
      } catch (error) {
        log.warn({ err: error }, 'the budget of the model could not be read; it is not asked');
        return false;
      }
    },
    spend: async (tokens, now) => {
      const day = budgetDay(now);
      try {
        const { rows } = await sql<{ first: boolean }>`
          insert into llm_day as spent (day, tokens) values (${day}::date, ${tokens})
          on conflict (day) do update set tokens = spent.tokens + excluded.tokens
          returning (xmax = 0) as first`.execute(db);
        if (rows[0]?.first === true)
          await sql`delete from llm_person_day where day < ${day}::date - ${keptDays}::int`.execute(db);
      } catch (error) {
        log.warn({ err: error, tokens }, 'what the model used could not be counted');
      }
    },
  };
}
