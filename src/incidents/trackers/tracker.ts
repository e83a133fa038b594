import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { OutsideContext } from '../pagers/pager.js';

export type TicketState = 'open' | 'in_progress' | 'done';

/** What a ticket says of an incident or a follow-up. */
export interface Ticket {
  title: string;
  description: string;
  state: TicketState;
  /** 1 for the worst severity of steward.yml, 2 for the next, 3 for everything milder. */
  priority: 1 | 2 | 3;
  /** Ours, stored there: a start looks for it first, so that a lost answer makes no second ticket. */
  ourId: string;
  url: string | null;
}

export interface RemoteTicket {
  externalId: string;
  url: string | null;
  state: TicketState | null;
}

export interface Tracker {
  type: string;
  /** What `incidents.trackers` has for it; keys that it does not know are refused at start. */
  entry: z.ZodType;
  /** Looks for the ticket that carries our id; the title helps where ids cannot be searched for. */
  find: (
    context: OutsideContext,
    entry: unknown,
    ticket: Pick<Ticket, 'ourId' | 'title'>,
  ) => Promise<RemoteTicket | null>;
  create: (context: OutsideContext, entry: unknown, ticket: Ticket) => Promise<RemoteTicket>;
  /** Brings state and words in line. */
  update: (context: OutsideContext, entry: unknown, externalId: string, ticket: Ticket) => Promise<void>;
  read: (context: OutsideContext, entry: unknown, externalId: string) => Promise<RemoteTicket | null>;
}

/** What we wrote: when the same comes back it is our own echo and no news. */
export function writtenHash(ticket: Pick<Ticket, 'state' | 'title'>): string {
  return createHash('sha256').update(`${ticket.state}\0${ticket.title}`).digest('hex').slice(0, 16);
}
