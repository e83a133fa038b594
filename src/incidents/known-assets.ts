import type { Actor } from '../audit/record.js';
import type { Asset } from '../catalog/asset.js';
import { isHidden, mayKnowOf } from '../catalog/visibility.js';
import type { Db, Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';

/**
 * Tables of these assets, each once. What the actor may not see is answered exactly like what does not exist: a form that names it anyway
 * was tampered with. Throws with `nothing`, which says what was not done.
 */
export async function knownAssets(
  services: Services,
  db: Db | Trx,
  actor: Actor,
  ids: readonly string[],
  nothing: string,
): Promise<string[]> {
  const { view } = services.catalog.current();
  const person = actor.personId === null ? null : await services.directory.byId(db, actor.personId);
  const found: string[] = [];
  for (const id of new Set(ids)) {
    const asset = view.get(id);
    const hidden =
      asset !== undefined &&
      actor.personId !== null &&
      !mayKnowOf(asset, person ?? { teams: [] }, services.config.catalog.visibility);
    if (asset === undefined || hidden)
      throw new InvalidInputError(
        `One of the assets is not in the catalog. Search for it again; ${nothing}.`,
        { assets: 'not in the catalog' },
      );
    found.push(view.tableOf(id)?.id ?? id);
  }
  return [...new Set(found)];
}

/**
 * The one that a name means: the only one, or the only table among several. What breaks, and what alerts are about, is the table; a metric of
 * the same name follows from it.
 */
export function meantBy(found: readonly Asset[]): Asset | undefined {
  const tables = found.filter(({ kind }) => kind === 'model' || kind === 'source');
  return found.length === 1 ? found[0] : tables.length === 1 ? tables[0] : undefined;
}

/** The asset of that id, where it is hidden from some. */
export function hiddenFromSome(services: Services, assetId: string): Asset | undefined {
  const asset = services.catalog.current().view.get(assetId);
  return asset !== undefined && isHidden(services.config, asset) ? asset : undefined;
}
