/** How much may be asked of the model a day. Kept in this process: a restart is generous, never a fault. */
export interface Budget {
  /** Takes one call for a person; false when theirs or everyone's is used up. */
  take: (personId: string, now: Date) => boolean;
  spend: (tokens: number, now: Date) => void;
}

export function makeBudget(limits: { perPersonPerDay: number; tokensPerDay: number }): Budget {
  let day = '';
  let tokens = 0;
  const calls = new Map<string, number>();
  const turn = (now: Date): void => {
    const today = now.toISOString().slice(0, 10);
    if (today === day) return;
    day = today;
    tokens = 0;
    calls.clear();
  };
  return {
    take: (personId, now) => {
      turn(now);
      const used = calls.get(personId) ?? 0;
      if (used >= limits.perPersonPerDay || tokens >= limits.tokensPerDay) return false;
      calls.set(personId, used + 1);
      return true;
    },
    spend: (used, now) => {
      turn(now);
      tokens += used;
    },
  };
}
