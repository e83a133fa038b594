import type { AckResponse, Delivery } from './edge-types.js';

/** Reads longer than this are acked and go on, in milliseconds: Slack shows an error after three seconds without an ack. */
export const readBudgetMs = 1_500;
/** A press waits longer: whoever pressed looks at the button until the form is there, and the form's trigger lives three seconds anyway. */
export const pressBudgetMs = 2_500;

export interface TimedAck {
  /** False where the time was up and the delivery is acked already: what was to ride on the ack goes another way. */
  ack: (payload?: AckResponse) => Promise<boolean>;
  /** Nothing waits any more. */
  stop: () => void;
}

/** Acks a delivery by itself when its work takes longer than the budget. */
export function ackInTime(
  delivery: Pick<Delivery, 'ack'>,
  budgetMs: number,
  onError: (error: unknown) => void,
): TimedAck {
  let acked = false;
  const ack = async (payload?: AckResponse): Promise<boolean> => {
    if (acked) return false;
    acked = true;
    await delivery.ack(payload);
    return true;
  };
  const timer = setTimeout(() => void ack().catch(onError), budgetMs);
  return { ack, stop: () => clearTimeout(timer) };
}
