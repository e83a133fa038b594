import type { AssetDraft } from './asset.js';

/** Whoever answers for an asset, as its source wrote them, and by name where only the address is there and somebody known has it. */
export function ownerNames(
  asset: Pick<AssetDraft, 'owners'>,
  personName: (email: string) => string | undefined = () => undefined,
): string[] {
  return asset.owners
    .map(
      ({ name, team, email }) =>
        name ?? team ?? (email === undefined ? undefined : personName(email)) ?? email ?? '',
    )
    .filter((name) => name !== '');
}
