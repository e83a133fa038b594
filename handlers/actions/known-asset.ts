import type { Asset } from '../../src/catalog/asset.js';
import { mayKnowOf } from '../../src/catalog/visibility.js';
import { NotFoundError } from '../../src/errors.js';
import type { Services } from '../../src/services.js';
import type { Caller } from '../../src/slack/surface.js';

/** The asset of a button. What somebody may not know of is answered like what is not there: a button may be older than a rule. */
export function knownAsset(services: Services, caller: Caller, id: string): Asset {
  const asset = services.catalog.current().view.get(id);
  if (!asset || !mayKnowOf(asset, caller.person, services.config.catalog.visibility))
    throw new NotFoundError('The catalog no longer has this. Ask again to see what is there now.');
  return asset;
}
