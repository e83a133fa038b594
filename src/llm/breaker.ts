/** Stops asking a model that keeps failing: after five failures in a row, none for a minute, then one to see. */
export interface Breaker {
  /** Whether a call may be made now. Of one that it allows it is told how it went, or that it says nothing. */
  closed: (now: Date) => boolean;
  /** A call that it allowed was not made, or was stopped by whoever waited for it: the next one is let through in its place. */
  saidNothing: () => void;
  note: (worked: boolean, now: Date) => void;
}

export function makeBreaker(
  params: { failures: number; pauseMs: number } = { failures: 5, pauseMs: 60_000 },
): Breaker {
  let failures = 0;
  let openUntilMs = 0;
  return {
    closed: (now) => {
      if (now.getTime() < openUntilMs) return false;
      // whoever is let through after a pause is the only one until it is known how that went
      if (failures >= params.failures) openUntilMs = now.getTime() + params.pauseMs;
      return true;
    },
    saidNothing: () => {
      if (failures >= params.failures) openUntilMs = 0;
    },
    note: (worked, now) => {
      failures = worked ? 0 : failures + 1;
      openUntilMs = failures >= params.failures ? now.getTime() + params.pauseMs : 0;
    },
  };
}
