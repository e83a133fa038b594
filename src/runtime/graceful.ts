import type { Logger } from 'pino';

/** Steps of an orderly stop, in the order they were opened in reverse; each is bounded, so that one that hangs does not keep the rest. */
export interface Shutdown {
  /** Registers a step; the last registered runs first. */
  add: (name: string, stop: () => Promise<unknown>) => void;
  run: () => Promise<void>;
}

const stepLimitMs = 8_000;

export function makeShutdown(log: Logger): Shutdown {
  const steps: { name: string; stop: () => Promise<unknown> }[] = [];
  let running: Promise<void> | null = null;
  async function all(): Promise<void> {
    for (const { name, stop } of steps.reverse()) {
      const timer = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), stepLimitMs).unref());
      try {
        if ((await Promise.race([stop(), timer])) === 'late')
          log.warn({ step: name }, 'stopping took too long; going on');
      } catch (error) {
        log.warn({ err: error, step: name }, 'stopping failed; going on');
      }
    }
  }
  return {
    add: (name, stop) => steps.push({ name, stop }),
    run: () => {
      running ??= all();
      return running;
    },
  };
}
