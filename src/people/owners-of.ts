import type { OwnerRef } from '../catalog/asset.js';
import type { Db, Trx } from '../db/database.js';
import type { Directory } from './directory.js';
import type { Person } from './person.js';

/** Active people who own an asset, each once: its owners, and where none of them is here any more its backup owner. */
export async function ownersOf(
  services: { directory: Directory },
  db: Db | Trx,
  asset: { owners: readonly OwnerRef[]; backupOwner?: OwnerRef } | undefined,
): Promise<Person[]> {
  if (asset === undefined) return [];
  const resolve = (owner: OwnerRef): Promise<Person[]> => services.directory.resolveOwner(db, owner);
  const found = (await Promise.all(asset.owners.map(resolve))).flat();
  const owners = found.length > 0 || !asset.backupOwner ? found : await resolve(asset.backupOwner);
  return [...new Map(owners.map((owner) => [owner.id, owner])).values()];
}
