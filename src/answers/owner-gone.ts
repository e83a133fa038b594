import type { Asset } from '../catalog/asset.js';
import type { Db } from '../db/database.js';
import { ownersOf } from '../people/owners-of.js';
import type { Services } from '../services.js';
import { listInWords, ownerInWords, plain } from './words.js';

/** Said where everybody whom the source names as owner has left: whom questions about it go to. Null where somebody of them is here, or nobody of them is known. */
export async function ownerGoneSentence(
  services: Pick<Services, 'directory'>,
  db: Db,
  asset: Asset,
): Promise<string | null> {
  const known = await Promise.all(
    asset.owners.map(async (owner) =>
      owner.email === undefined ? null : services.directory.byEmail(db, owner.email),
    ),
  );
  const left = asset.owners.filter((_, at) => (known[at]?.status ?? 'active') !== 'active');
  if (left.length === 0) return null;
  const here = await ownersOf(services, db, { owners: asset.owners });
  if (here.length > 0) return null;
  const nameOfLeft = (email: string): string | undefined =>
    known.find((person) => person?.email === email.toLowerCase())?.name;
  const names = plain(
    listInWords(
      left.map((owner) => ownerInWords(owner, nameOfLeft)),
      3,
    ),
    160,
  );
  const [backup] = await ownersOf(services, db, asset);
  const instead =
    backup === undefined ? 'the data team is asked in their place' : `${backup.name} is asked in their place`;
  return `Its owner ${names} is not here any more: ${instead}.`;
}
