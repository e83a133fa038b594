import type { KnownBlock } from '@slack/types';
import type { Services } from '../services.js';

/** A message rendered from state. `text` says it all: notifications and screen readers know only that. */
export interface RenderedCard {
  text: string;
  blocks: KnownBlock[];
  /** A picture uploaded once beside the card (in its thread), by content key. */
  image?: { key: string; png: Uint8Array; title: string; altText: string };
  /** Something else leads to this message: its permalink is kept with it once it is posted. */
  linked?: true;
}

export interface CardContext {
  variant: string;
  /** Person id of whose direct message it is; absent where others read it too. */
  reader?: string | null;
  now: Date;
}

/**
 * One kind of card (src/slack/cards/<kind>.ts). Rendering happens when the message is sent or updated, from the state of
 * that moment; `null` means there is nothing to show any more and the message is left as it is.
 */
export interface CardRenderer {
  kind: string;
  /** Progress bars and the like: share the budget of live updates, newest state wins. */
  live?: boolean;
  render: (services: Services, id: string, context: CardContext) => Promise<RenderedCard | null>;
}
