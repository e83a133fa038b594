import type { CardRenderer } from '../card.js';
import { backfillCard } from './backfill.js';
import { backfillEventCard } from './backfill-event.js';
import { replyCard } from './reply.js';

/** Every kind of card. One line each. */
export const cards: readonly CardRenderer[] = [replyCard, backfillCard, backfillEventCard];
