import type { Trx } from '../db/database.js';
import type { AssetDraft, AssetKind, SourceSnapshot } from './asset.js';
import { assetId } from './asset-id.js';
import { inBatches } from './batches.js';
import { asLastSeen } from './last-seen.js';
import {
  type ChangeKind,
  canonical,
  contentHash,
  differenceOf,
  type FieldChange,
  type SchemaChange,
} from './versions.js';

/** What a sync changed about one asset. */
export interface AssetChange {
  assetId: string;
  sourceId: string;
  kind: AssetKind;
  name: string;
  change: ChangeKind;
  breaking: boolean;
  changes: FieldChange[];
  schemaChanges: SchemaChange[];
  /** Number of the version that this made. */
  version: number;
}

export interface StoredAssets {
  changes: AssetChange[];
  /** Assets kept up to date without a version: their definition moved, or the words around it. */
  touched: number;
  /** Ids of what the source did not give this time and may still have. */
  kept: string[];
}

interface Known {
  id: string;
  source_id: string;
  draft: AssetDraft;
  removed_at: Date | null;
  number: number;
}

interface Step extends AssetChange {
  draft: AssetDraft;
  hash: string;
}

/** Brings the assets of one source to what the snapshot says, with a version for each that changed. */
export async function storeAssets(
  trx: Trx,
  source: string,
  snapshot: SourceSnapshot,
  options: { now: Date },
): Promise<StoredAssets> {
  const known = await knownAssets(trx, source);
  const steps: Step[] = [];
  const silent: AssetDraft[] = [];
  for (const given of snapshot.assets) {
    const old = known.get(given.sourceId);
    known.delete(given.sourceId);
    const draft = old === undefined ? given : asLastSeen(given, old.draft);
    const step = stepOf(source, draft, old);
    if (step !== undefined) steps.push(step);
    else if (old !== undefined && canonical(old.draft) !== canonical(draft)) silent.push(draft);
  }
  const missing = [...known.values()].filter((old) => old.removed_at === null);
  for (const old of snapshot.incomplete ? [] : missing) {
    steps.push(makeStep(source, old.draft, 'removed', old.number + 1));
  }
  await saveAssets(trx, source, steps, { now: options.now, revision: snapshot.info.revision });
  await saveSilently(trx, source, silent);
  return {
    changes: steps.map(({ draft: _, hash: __, ...change }) => change),
    touched: silent.length,
    kept: snapshot.incomplete ? missing.map(({ source_id: sourceId }) => sourceId) : [],
  };
}

async function knownAssets(trx: Trx, source: string): Promise<Map<string, Known>> {
  const rows = await trx
    .selectFrom('asset')
    .select(['id', 'source_id', 'draft', 'removed_at'])
    .select(({ selectFrom }) =>
      selectFrom('asset_version')
        .select(({ fn }) => fn.max('asset_version.number').as('number'))
        .whereRef('asset_version.asset_id', '=', 'asset.id')
        .as('number'),
    )
    .where('source', '=', source)
    .execute();
  return new Map(rows.map((row) => [row.source_id, { ...row, number: row.number ?? 0 }]));
}

function stepOf(source: string, draft: AssetDraft, old: Known | undefined): Step | undefined {
  if (old === undefined) return makeStep(source, draft, 'created', 1);
  const difference = differenceOf(old.draft, draft);
  const { changes = [], schemaChanges = [], breaking = false } = difference ?? {};
  if (old.removed_at !== null) {
    return { ...makeStep(source, draft, 'restored', old.number + 1), changes, schemaChanges, breaking };
  }
  return difference === undefined
    ? undefined
    : { ...makeStep(source, draft, difference.change, old.number + 1), changes, schemaChanges, breaking };
}

function makeStep(source: string, draft: AssetDraft, change: ChangeKind, version: number): Step {
  return {
    assetId: assetId(source, draft.sourceId),
    sourceId: draft.sourceId,
    kind: draft.kind,
    name: draft.name,
    change,
    // What stands on something that is gone is broken.
    breaking: change === 'removed',
    changes: [],
    schemaChanges: [],
    version,
    draft,
    hash: contentHash(draft),
  };
}

async function saveAssets(
  trx: Trx,
  source: string,
  steps: readonly Step[],
  { now, revision }: { now: Date; revision: string | undefined },
): Promise<void> {
  for (const batch of inBatches(steps, 500)) {
    await trx
      .insertInto('asset')
      .values(
        batch.map((step) => ({
          id: step.assetId,
          source,
          source_id: step.sourceId,
          kind: step.kind,
          name: step.name,
          draft: JSON.stringify(step.draft),
          content_hash: step.hash,
          first_seen_at: now,
          changed_at: now,
          removed_at: step.change === 'removed' ? now : null,
        })),
      )
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(({ ref }) => ({
          kind: ref('excluded.kind'),
          name: ref('excluded.name'),
          draft: ref('excluded.draft'),
          content_hash: ref('excluded.content_hash'),
          changed_at: ref('excluded.changed_at'),
          removed_at: ref('excluded.removed_at'),
        })),
      )
      .execute();
    await trx
      .insertInto('asset_version')
      .values(
        batch.map((step) => ({
          asset_id: step.assetId,
          number: step.version,
          at: now,
          change: step.change,
          breaking: step.breaking,
          content_hash: step.hash,
          draft: JSON.stringify(step.draft),
          changes: JSON.stringify(step.changes),
          schema_changes: JSON.stringify(step.schemaChanges),
          revision: step.draft.provenance['*']?.revision ?? revision ?? null,
        })),
      )
      .execute();
  }
}

/** A definition that moved to another line or gained words around it is kept up to date without being called a change. */
async function saveSilently(trx: Trx, source: string, drafts: readonly AssetDraft[]): Promise<void> {
  for (const draft of drafts) {
    await trx
      .updateTable('asset')
      .set({ draft: JSON.stringify(draft) })
      .where('id', '=', assetId(source, draft.sourceId))
      .execute();
  }
}
