import type { AssetDraft, OwnerRef } from '../catalog/asset.js';
import type { PersonName } from '../catalog/owner-names.js';
import type { Db } from '../db/database.js';

/** Names of the people who own these or stand in for their owners, where the source gives only an address. Those who left are known too. */
export async function namesOfOwners(
  db: Db,
  assets: readonly Pick<AssetDraft, 'owners' | 'backupOwner'>[],
): Promise<PersonName> {
  const owners: readonly OwnerRef[] = assets.flatMap(({ owners, backupOwner }) => [
    ...owners,
    ...(backupOwner === undefined ? [] : [backupOwner]),
  ]);
  const addresses = new Set(
    owners.flatMap(({ email }) => (email === undefined ? [] : [email.toLowerCase()])),
  );
  return addresses.size === 0 ? () => undefined : namesByAddress(db, [...addresses]);
}

/** Names of everybody whose address is known, for many questions at once. */
export async function namesByAddress(db: Db, addresses?: readonly string[]): Promise<PersonName> {
  const people = db.selectFrom('person').select(['email', 'name']).where('email', 'is not', null);
  const rows = await (addresses === undefined ? people : people.where('email', 'in', addresses)).execute();
  const names = new Map(rows.flatMap(({ email, name }) => (email && name ? [[email, name] as const] : [])));
  return (email) => names.get(email.toLowerCase());
}
