/** Stops asking a model that keeps failing: after five failures in a row, none for a minute, then one to see. */
export interface Breaker {
  closed: (now: Date) => boolean;
  note: (worked: boolean, now: Date) => void;
}

export function makeBreaker(
  params: { failures: number; pauseMs: number } = { failures: 5, pauseMs: 60_000 },
): Breaker {
  let failures = 0;
  let openUntilMs = 0;
  return {
    closed: (now) => now.getTime() >= openUntilMs,
    note: (worked, now) => {
      failures = worked ? 0 : failures + 1;
      if (failures >= params.failures) openUntilMs = now.getTime() + params.pauseMs;
    },
  };
}
