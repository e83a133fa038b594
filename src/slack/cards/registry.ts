import type { CardRenderer } from '../card.js';
import { replyCard } from './reply.js';

/** Every kind of card. One line each. */
export const cards: readonly CardRenderer[] = [replyCard];
