import type { AssetDraft, OwnerRef } from './asset.js';

/** What somebody is called whose address is known. */
export type PersonName = (email: string) => string | undefined;

/** An owner as the source wrote it, and by name where only the address is there and somebody known has it. */
export function ownerName({ name, team, email }: OwnerRef, personName: PersonName): string | undefined {
  return name ?? team ?? (email === undefined ? undefined : personName(email)) ?? email;
}

/** Whoever answers for an asset, each as `ownerName`. */
export function ownerNames(
  asset: Pick<AssetDraft, 'owners'>,
  personName: PersonName = () => undefined,
): string[] {
  return asset.owners.map((owner) => ownerName(owner, personName) ?? '').filter((name) => name !== '');
}
