import type { CardRenderer } from '../card.js';

/** Every kind of card. One line each. */
export const cards: readonly CardRenderer[] = [];
