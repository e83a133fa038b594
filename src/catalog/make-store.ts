import type { Logger } from 'pino';
import type { Asset } from './asset.js';
import type { SearchIndex } from './search/index-types.js';
import { type UsageShare, usageShare } from './search/usage-share.js';
import type { CatalogStore, LoadedCatalog } from './store.js';
import type { CatalogView } from './view.js';

export interface CatalogStoreParams {
  /** Version of what the database holds; cheap. */
  version: () => Promise<string>;
  load: () => Promise<{ view: CatalogView; syncedAt: Date | null }>;
  buildIndex: (assets: readonly Asset[], usage: UsageShare) => Promise<SearchIndex>;
}

export interface RefreshingCatalogStore extends CatalogStore {
  /** Loads what is newer, if anything; the swap is whole. Calls at the same time share one load. */
  refresh: () => Promise<void>;
}

/** Keeps one consistent catalog in memory. Until a newer one is complete, the old one answers. */
export async function makeCatalogStore(
  log: Logger,
  params: CatalogStoreParams,
): Promise<RefreshingCatalogStore> {
  let current: LoadedCatalog = await load();
  let running: Promise<void> | null = null;

  async function load(): Promise<LoadedCatalog> {
    const version = await params.version();
    const { view, syncedAt } = await params.load();
    return { version, view, syncedAt, index: await params.buildIndex(view.assets(), usageShare(view)) };
  }

  async function refreshOnce(): Promise<void> {
    if ((await params.version()) === current.version) return;
    const beganMs = performance.now();
    current = await load();
    log.info(
      {
        version: current.version,
        assets: current.view.assets().length,
        ms: Math.round(performance.now() - beganMs),
      },
      'catalog loaded',
    );
  }

  return {
    current: () => current,
    refresh() {
      running ??= refreshOnce().finally(() => {
        running = null;
      });
      return running;
    },
  };
}
