import { IllegalTransitionError } from '../errors.js';
import type { IncidentState } from './tables.js';

/**
 * The life of an incident. What is not listed is refused. `merged` is the end; what is resolved, closed, cancelled or declined can be opened
 * again with a reason.
 */
export const transitions: Readonly<Record<IncidentState, readonly IncidentState[]>> = {
  triage: ['investigating', 'declined', 'merged'],
  investigating: ['identified', 'monitoring', 'resolved', 'cancelled', 'merged'],
  identified: ['investigating', 'monitoring', 'resolved', 'cancelled', 'merged'],
  monitoring: ['investigating', 'identified', 'resolved', 'cancelled', 'merged'],
  resolved: ['investigating', 'closed', 'merged'],
  closed: ['investigating'],
  declined: ['triage', 'investigating'],
  cancelled: ['investigating'],
  merged: [],
};

/** States in which somebody is working on it or has to decide about it. */
export const liveStates: readonly IncidentState[] = ['investigating', 'identified', 'monitoring'];
export const openStates: readonly IncidentState[] = ['triage', ...liveStates, 'resolved'];

export function isLive(state: IncidentState): boolean {
  return liveStates.includes(state);
}

/** Nobody works on it and nobody has to: its channel can go. */
export function isOver(state: IncidentState): boolean {
  return state === 'closed' || state === 'declined' || state === 'cancelled' || state === 'merged';
}

export function requireTransition(reference: string, from: IncidentState, to: IncidentState): void {
  if (transitions[from].includes(to)) return;
  const possible = transitions[from];
  throw new IllegalTransitionError(
    `${reference} is ${from}${from === to ? ' already' : ` and cannot become ${to}`}. Nothing was changed${
      possible.length === 0 ? '.' : `; from here it can become ${possible.join(', ')}.`
    }`,
    from,
    to,
  );
}
