import type { Asset } from '../../src/catalog/asset.js';
import { mayKnowOf } from '../../src/catalog/visibility.js';
import { InvalidInputError } from '../../src/errors.js';
import { meantBy } from '../../src/incidents/known-assets.js';
import type { Services } from '../../src/services.js';
import type { Caller } from '../../src/slack/surface.js';

/**
 * The one asset that a name means to this person; what they may not know of is answered like what is not there.
 *
 * @param nothing a sentence that says what was not done.
 * @throws InvalidInputError
 */
export function namedAsset(
  services: Services,
  { person }: Pick<Caller, 'person'>,
  name: string,
  nothing: string,
): Asset {
  const { visibility } = services.config.catalog;
  const found = services.catalog.current().view.resolve(name, {
    kinds: ['model', 'source', 'metric', 'exposure', 'pipeline'],
    where: (asset) => mayKnowOf(asset, person, visibility),
  });
  const asset = meantBy(found);
  const asked = name.slice(0, 60);
  if (found.length === 0)
    throw new InvalidInputError(
      `I know no asset called "${asked}". \`/metric list\` shows the names. ${nothing}`,
    );
  if (asset === undefined) {
    const names = found.slice(0, 5).map(({ sourceId }) => sourceId);
    throw new InvalidInputError(`"${asked}" may be ${names.join(' or ')}. Write one of these. ${nothing}`);
  }
  return asset;
}
