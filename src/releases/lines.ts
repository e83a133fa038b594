import type { Asset } from '../catalog/asset.js';
import { ownerNames } from '../catalog/owner-names.js';
import type { FieldChange, SchemaChange } from '../catalog/versions.js';
import type { CatalogView } from '../catalog/view.js';
import type { Db, Trx } from '../db/database.js';
import { contractWords, wasPromised } from './contract-words.js';

/** One change as a note tells it. */
export interface ReleaseLine {
  asset: Asset;
  /** Of the source that changed: `asset` may be what several sources say together. */
  assetId: string;
  version: number;
  breaking: boolean;
  omitted: boolean;
  /** Plain words: `gpu_type removed (breaking, against its contract)`. */
  text: string;
  /** Who builds on it, most important first: what a breaking change reaches. */
  consumers: { asset: Asset; owners: string[] }[];
}

/** Every change of a note, breaking ones first. What left the catalog altogether is told from its last version. */
export async function linesOf(db: Db | Trx, view: CatalogView, noteId: string): Promise<ReleaseLine[]> {
  const rows = await db
    .selectFrom('release_note_item')
    .innerJoin('asset_version', (join) =>
      join
        .onRef('asset_version.asset_id', '=', 'release_note_item.asset_id')
        .onRef('asset_version.number', '=', 'release_note_item.version'),
    )
    .innerJoin('asset', 'asset.id', 'release_note_item.asset_id')
    .select([
      'release_note_item.asset_id',
      'release_note_item.version',
      'release_note_item.change',
      'release_note_item.breaking',
      'release_note_item.omitted',
      'asset_version.changes',
      'asset_version.schema_changes',
      'asset_version.draft',
      'asset.source',
    ])
    .where('release_note_item.note_id', '=', noteId)
    .orderBy('release_note_item.breaking', 'desc')
    .orderBy('release_note_item.at')
    .orderBy('release_note_item.asset_id')
    .limit(200)
    .execute();
  return rows.map((row) => {
    const asset = view.get(row.asset_id) ?? { ...row.draft, id: row.asset_id, source: row.source };
    return {
      asset,
      assetId: row.asset_id,
      version: row.version,
      breaking: row.breaking,
      omitted: row.omitted,
      text: changeWords(
        row.change,
        row.changes,
        row.schema_changes,
        wasPromised(row.changes, row.draft.contract),
      ),
      consumers: row.breaking ? consumersOf(view, row.asset_id) : [],
    };
  });
}

const consumersAtMost = 10;

/** What is built from an asset, tier 1 and dashboards first, with who answers for it. */
export function consumersOf(view: CatalogView, assetId: string): ReleaseLine['consumers'] {
  if (view.get(assetId) === undefined) return [];
  return view
    .downstream(assetId)
    .sort((a, b) => (a.asset.tier ?? 9) - (b.asset.tier ?? 9) || a.distance - b.distance)
    .slice(0, consumersAtMost)
    .map(({ asset }) => ({ asset, owners: ownerNames(asset) }));
}

const fieldWords: Record<string, string> = {
  description: 'definition',
  formula: 'formula',
  timeDimension: 'time dimension',
  relation: 'place in the warehouse',
  partition: 'partitioning',
};

function changeWords(
  change: string,
  changes: readonly FieldChange[],
  schemaChanges: readonly SchemaChange[],
  contracted: boolean,
): string {
  const breaks = `breaking${contracted ? ', against its contract' : ''}`;
  if (change === 'removed') return `is gone from its source (${breaks})`;
  if (change === 'restored') return 'is back';
  const schema = schemaChanges
    .filter((one) => one.change !== 'described')
    .map((one) => `${columnWords(one)} (${one.breaking ? breaks : 'compatible'})`);
  const fields = changes
    .filter((one) => (one.kind === 'meaning' || one.kind === 'schema') && !one.field.startsWith('columns.'))
    .flatMap((one) => (one.field === 'contract' ? contractWords(one, schemaChanges) : fieldChangeWords(one)));
  return [...schema, ...fields].join('; ') || 'changed';
}

function fieldChangeWords({ field, before, after }: FieldChange): string {
  return `${fieldWords[field] ?? field} was ${quoted(before)}, is now ${quoted(after)}`;
}

function columnWords({ column, change, before, after }: SchemaChange): string {
  if (change === 'added') return `column ${column} added`;
  if (change === 'removed') return `column ${column} removed`;
  return `column ${column} changed from ${before ?? 'unknown'} to ${after ?? 'unknown'}`;
}

const quotedAtMost = 240;

function quoted(value: string | null): string {
  if (value === null) return 'nothing';
  const text = value.replace(/\s+/g, ' ').trim();
  return `"${text.length > quotedAtMost ? `${text.slice(0, quotedAtMost - 1)}…` : text}"`;
}
