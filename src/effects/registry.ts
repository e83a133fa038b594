import type { RegisteredEffect } from './effect.js';

/** Every job processor. One line each. */
export const effects: readonly RegisteredEffect[] = [];
