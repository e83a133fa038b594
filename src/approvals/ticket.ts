import { InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';
import type { PolicyRule } from './policy/schema.js';

/** What a ticket system said of a ticket. `unknown`: it was not asked, did not answer, or answered something else. */
export type TicketSeen = 'there' | 'not-there' | 'unknown';

/** Asks a ticket system of steward.yml by its name, in at most a second and a half. Never throws. */
export type TicketLookup = (tracker: string, ticket: string) => Promise<TicketSeen>;

/**
 * Whether the ticket a rule wants is there, asked before the request is made and outside its transaction. One that is not there is refused
 * (field `ticket`); a system that does not answer holds nobody up: the card then says that it could not be looked up. Null where
 * there is nothing to ask.
 */
export async function requireTicket(
  services: Pick<Services, 'tickets'>,
  rule: PolicyRule | null,
  ticket: string | undefined,
): Promise<Exclude<TicketSeen, 'not-there'> | null> {
  const tracker = rule?.ticket?.tracker;
  const wanted = ticket?.trim() ?? '';
  if (tracker === undefined || wanted === '') return null;
  const seen = await services.tickets(tracker, wanted);
  if (seen === 'not-there') {
    throw new InvalidInputError(
      `There is no ticket ${wanted} in ${tracker}. Nothing was requested. Look the number up there, or open one first.`,
      { ticket: `${tracker} has no ticket ${wanted}.` },
    );
  }
  return seen;
}
