import type { Asset } from '../catalog/asset.js';
import type { Services } from '../services.js';
import { maskedRelation } from './warehouses.js';

/** The masked view as the catalog knows it: its own labels count, not those of the table behind it. */
export function maskedAsset(services: Pick<Services, 'catalog'>, asset: Asset): Asset | undefined {
  const relation = maskedRelation(asset);
  return relation === null ? undefined : services.catalog.current().view.byRelation(relation)[0];
}
