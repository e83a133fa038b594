import { createHash } from 'node:crypto';
import type { RenderedCard } from './card.js';

/** Tells whether a message would change: an update that says the same is not sent. */
export function contentHash(card: RenderedCard): string {
  return createHash('sha256')
    .update(JSON.stringify([card.text, card.blocks]))
    .digest('hex');
}
