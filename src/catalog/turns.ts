import { setImmediate } from 'node:timers/promises';

/** Work that pauses now and then: whoever runs it says whether others get a turn meanwhile. */
export type Paused<Result> = Generator<undefined, Result>;

/** Runs it to its end, without a pause. */
export function atOnce<Result>(work: Paused<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Runs it so that a process goes on answering: at every pause all that waits is done first. */
export async function takingTurns<Result>(work: Paused<Result>): Promise<Result> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await setImmediate();
  }
}
