import type { CatalogContent } from './snapshot.js';

/** Placeholder ordering until several sources describe one thing: strongest source first. */
export function applyPrecedence(content: CatalogContent, precedence: readonly string[]): CatalogContent {
  if (precedence.length === 0) return content;
  return content;
}
