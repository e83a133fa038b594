import type { Asset, Edge, Signal } from './asset.js';
import type { CatalogGap, CatalogSource, UnresolvedEdge } from './view.js';

/** A catalog whose assets have their ids already. */
export interface CatalogContent {
  version: string;
  sources: CatalogSource[];
  assets: Asset[];
  edges: Edge[];
  signals: Signal[];
  unresolved?: UnresolvedEdge[];
  gaps?: CatalogGap[];
  /** Ids of assets that another source describes better, to the id of that one. */
  aliases?: Map<string, string>;
}
