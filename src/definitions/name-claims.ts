import { sql } from 'kysely';
import type { Asset, AssetKind } from '../catalog/asset.js';
import { foldName } from '../catalog/names.js';
import type { CatalogView } from '../catalog/view.js';
import type { Db, Trx } from '../db/database.js';
import { type DefinitionRow, referenceOf } from './record.js';
import type { DefinitionText, Proposed } from './text.js';

/** A name leads to one metric or term: lint asks for it, whichever of the two has it. */
const sharedNames: readonly AssetKind[] = ['metric', 'term'];

/** Kinds among which a name of this one has to be the only one. */
export function kindsNamedWith(kind: AssetKind): readonly AssetKind[] {
  return sharedNames.includes(kind) ? sharedNames : [kind];
}

/** Names that a change adds: its label and other names that were not there before. */
export function newNames(proposed: Proposed, present: DefinitionText): string[] {
  const before = new Set(present.synonyms.map(foldName));
  const added = (proposed.synonyms ?? []).filter((name) => !before.has(foldName(name)));
  return [...(proposed.label ? [proposed.label] : []), ...added];
}

/** A name that a change of something else gives it, which the catalog does not have yet. */
export interface NameClaim {
  name: string;
  /** `DEF-4`. */
  reference: string;
  state: 'proposed' | 'approved';
  asset: Asset;
}

/** Which of these names undecided and approved changes of other things claim. The asset's own changes are none. */
export async function claimsOn(
  db: Db | Trx,
  view: CatalogView,
  wanted: { asset: Asset; names: readonly string[]; states: readonly NameClaim['state'][] },
): Promise<NameClaim[]> {
  const { asset, names, states } = wanted;
  if (names.length === 0) return [];
  const kinds = kindsNamedWith(asset.kind);
  const rows = await db
    .selectFrom('definition_change')
    .select(['number', 'state', 'asset_id', 'proposed', 'present'])
    .where('state', 'in', [...states])
    .where('kind', '=', 'change')
    .where('asset_id', '!=', asset.id)
    .orderBy('number')
    .execute();
  return rows.flatMap((row) => {
    const other = view.get(row.asset_id);
    if (other === undefined || other.id === asset.id || !kinds.includes(other.kind)) return [];
    const given = new Set(newNames(row.proposed, row.present).map(foldName));
    const state = row.state === 'approved' ? 'approved' : 'proposed';
    return names
      .filter((name) => given.has(foldName(name)))
      .map((name) => ({ name, reference: referenceOf(row), state, asset: other }));
  });
}

/** Whoever gives out a name does it alone: two at once would each find it free. */
export async function lockNames(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('catalog-names', 0))`.execute(trx);
}

/** What has one of a change's new names by now, as far as everybody may know of it; undefined when all are free. */
export async function takenMeanwhile(
  trx: Trx,
  view: CatalogView,
  change: DefinitionRow,
  mayKnow: (asset: Asset) => boolean,
): Promise<{ name: string; asset: Asset; reference?: string } | undefined> {
  const asset = view.get(change.asset_id);
  if (asset === undefined) return undefined;
  const names = newNames(change.proposed, change.present);
  const claims = await claimsOn(trx, view, { asset, names, states: ['approved'] });
  const claim = claims.find((one) => mayKnow(one.asset));
  if (claim !== undefined) return claim;
  const accepted = await acceptedFor(trx, view, names);
  const where = (other: Asset): boolean => other.id !== asset.id && mayKnow(other);
  const kinds = kindsNamedWith(asset.kind);
  for (const name of names) {
    const [other] = [
      ...view.resolve(name, { kinds, where }),
      ...(accepted.get(foldName(name)) ?? []).filter((one) => kinds.includes(one.kind) && where(one)),
    ];
    if (other !== undefined) return { name, asset: other };
  }
  return undefined;
}

/** Names that owners accepted, which this process' catalog may not have yet. */
async function acceptedFor(
  trx: Trx,
  view: CatalogView,
  names: readonly string[],
): Promise<Map<string, Asset[]>> {
  const found = new Map<string, Asset[]>();
  if (names.length === 0) return found;
  const rows = await trx
    .selectFrom('alias')
    .select(['asset_id', 'text'])
    .where('state', '=', 'accepted')
    .where(
      sql<string>`lower(text)`,
      'in',
      names.map((name) => name.toLowerCase()),
    )
    .execute();
  for (const row of rows) {
    const asset = view.get(row.asset_id);
    if (asset !== undefined) found.set(foldName(row.text), [...(found.get(foldName(row.text)) ?? []), asset]);
  }
  return found;
}
