/** How much may be asked of the model a day. */
export interface Budget {
  /** Takes one call for a person; false when theirs or everyone's is used up. */
  take: (personId: string, now: Date) => Promise<boolean>;
  spend: (tokens: number, now: Date) => Promise<void>;
}

export interface BudgetLimits {
  perPersonPerDay: number;
  tokensPerDay: number;
}

/** A day in UTC: what a budget is counted by. */
export function budgetDay(now: Date): string {
  return now.toISOString().slice(0, 10);
}

/** Kept in this process alone: for one-off commands and tests. Several processes share the one in the database (stored-budget.ts). */
export function makeBudget(limits: BudgetLimits): Budget {
  let day = '';
  let tokens = 0;
  const calls = new Map<string, number>();
  const turn = (now: Date): void => {
    const today = budgetDay(now);
    if (today === day) return;
    day = today;
    tokens = 0;
    calls.clear();
  };
  return {
    take: async (personId, now) => {
      turn(now);
      const used = calls.get(personId) ?? 0;
      if (used >= limits.perPersonPerDay || tokens >= limits.tokensPerDay) return false;
      calls.set(personId, used + 1);
      return true;
    },
    spend: async (used, now) => {
      turn(now);
      tokens += used;
    },
  };
}
