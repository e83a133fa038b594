/** A fixed number of places, taken in the order of asking. */
export interface Turns {
  /**
   * Does the work once a place is free and gives the place back when it has ended. Whoever waits when `signal` aborts leaves the queue, with
   * the signal's reason as error.
   */
  inTurn: <Result>(work: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>;
}

/**
 * A queue before a pool of connections. pg-pool counts the wait for a free client as time to connect, so that a warehouse that is merely slow
 * looks like one that cannot be reached: what takes its turn here first always finds a client free or makes one.
 */
export function makeTurns(places: number): Turns {
  let free = places;
  const waiting: (() => void)[] = [];

  async function take(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(signal?.reason);
      };
      const enter = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      waiting.push(enter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Whoever waits longest gets the place itself: nobody can slip in between. */
  function giveBack(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  return {
    inTurn: async (work, signal) => {
      await take(signal);
      try {
        return await work();
      } finally {
        giveBack();
      }
    },
  };
}
