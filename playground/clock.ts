/** The playground's time: real time plus an offset that only grows. */
export interface PlayClock {
  now(): Date;
  offsetMs(): number;
  advance(byMs: number): Promise<void>;
}

/** A clock of the playground's own; `initialOffsetMs` carries on where a stored state stopped. */
export function makePlayClock(initialOffsetMs = 0): PlayClock {
  let offsetMs = initialOffsetMs;
  return {
    now: () => new Date(Date.now() + offsetMs),
    offsetMs: () => offsetMs,
    advance: async (byMs) => {
      offsetMs += byMs;
    },
  };
}

const unitMs: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `36h`, `1d12h`, `90s` in milliseconds; `null` when it is no such text. */
export function parseDuration(text: string): number | null {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/.test(text)) return null;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)) {
    totalMs += Number(amount) * (unitMs[unit ?? ''] ?? 0);
  }
  return totalMs;
}

/** Work that is due at a time of the moved clock: redeliveries, scheduled messages. */
export interface PlayTimers {
  at(dueMs: number, run: () => void): void;
  /** Runs what has become due; called by a short real interval and after each move of the clock. */
  runDue(): void;
  stop(): void;
}

export function makeTimers(clock: PlayClock): PlayTimers {
  let waiting: { dueMs: number; run: () => void }[] = [];
  function runDue(): void {
    const nowMs = clock.now().getTime();
    const due = waiting.filter((timer) => timer.dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
    if (due.length === 0) return;
    waiting = waiting.filter((timer) => timer.dueMs > nowMs);
    for (const timer of due) timer.run();
  }
  const interval = setInterval(runDue, 100);
  interval.unref();
  return {
    at: (dueMs, run) => {
      waiting.push({ dueMs, run });
    },
    runDue,
    stop: () => {
      clearInterval(interval);
      waiting = [];
    },
  };
}
