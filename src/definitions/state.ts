import { IllegalTransitionError } from '../errors.js';

/** approved: decided, and the source does not say it yet. in-source: a sync has seen it. withdrawn: taken back, before or after it was approved. The others: never approved. */
export const definitionStates = [
  'proposed',
  'approved',
  'in-source',
  'denied',
  'withdrawn',
  'expired',
  'cancelled',
] as const;
export type DefinitionState = (typeof definitionStates)[number];

export const definitionTransitions: Readonly<Record<DefinitionState, readonly DefinitionState[]>> = {
  proposed: ['approved', 'denied', 'withdrawn', 'expired', 'cancelled'],
  approved: ['in-source', 'withdrawn'],
  'in-source': [],
  denied: [],
  withdrawn: [],
  expired: [],
  cancelled: [],
};

/** Throws when the table does not allow the move. Every guarded update asks it first. */
export function checkDefinitionMove(reference: string, from: DefinitionState, to: DefinitionState): void {
  if (definitionTransitions[from].includes(to)) return;
  throw new IllegalTransitionError(
    `${reference} is ${from}, so it cannot become ${to}. Nothing was changed.`,
    from,
    to,
  );
}
