import type { SearchIndex } from './search/index-types.js';
import type { CatalogView } from './view.js';

/** One consistent catalog with its search index: swapped whole when the catalog's version changes. */
export interface LoadedCatalog {
  version: string;
  view: CatalogView;
  index: SearchIndex;
  /** When the last successful sync of the oldest source was. */
  syncedAt: Date | null;
}

export interface CatalogStore {
  /** Never waits: the last loaded catalog. */
  current: () => LoadedCatalog;
}
