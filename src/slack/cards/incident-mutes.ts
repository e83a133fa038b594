import { levelOf, type Viewer } from '../../catalog/visibility.js';
import { liveMutes } from '../../incidents/mute.js';
import type { Services } from '../../services.js';

/** Mutes in force, the first that ends first, without those of assets that this reader may not know of. */
export async function mutesFor(services: Services, viewer: Viewer, now: Date): ReturnType<typeof liveMutes> {
  const { view } = services.catalog.current();
  return (await liveMutes(services.db, now)).filter(({ asset_id: assetId }) => {
    const asset = assetId === null ? undefined : view.get(assetId);
    return asset === undefined || levelOf(asset, viewer, services.config.catalog.visibility) !== 'hidden';
  });
}
