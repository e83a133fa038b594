import { sql } from 'kysely';
import { type Actor, recordAudit, scheduleActor } from '../audit/record.js';
import type { Db, Trx } from '../db/database.js';
import type { SourceSnapshot } from './asset.js';
import { assetId } from './asset-id.js';
import { type AssetChange, storeAssets } from './store-assets.js';
import { storeEdges } from './store-edges.js';
import { storeSignals } from './store-signals.js';

/** Spells CATL: syncs take this lock one after another, so that versions have one order. */
const catalogLockKey = 0x4341544c;

export interface SourceIdentity {
  /** Name in steward.yml. */
  name: string;
  type: string;
  /** Place in steward.yml. */
  position: number;
}

export interface SyncOptions {
  now: Date;
  actor?: Actor;
  /** Believe a source that suddenly has less than half of what it had. */
  acceptShrink?: boolean;
  /** Told inside the transaction what changed, so that notices and release notes stand or fall with it. */
  onChanges?: (trx: Trx, changes: AssetChange[]) => Promise<void>;
  /** Told inside the transaction how the source stands after each try. */
  onStanding?: (trx: Trx, standing: SourceStanding) => Promise<void>;
}

export interface SourceStanding {
  source: string;
  /** What was wrong at the try before; null: nothing, or there was none. */
  before: string | null;
  /** What is wrong now; null: it was read. */
  error: string | null;
}

export interface SyncResult {
  source: string;
  /** `broken`: nothing was taken over, the last good content stays in force. */
  status: 'changed' | 'unchanged' | 'broken';
  assets: number;
  changes: AssetChange[];
  edgesAdded: number;
  edgesRemoved: number;
  signalsAdded: number;
  warnings: string[];
  error?: string;
  /** Version of the catalog after it. */
  version: string;
}

/** A source that had this many assets and now has less than half of them is taken to be broken. */
const shrinkGuardFrom = 20;

/**
 * Takes over what a source said, in one transaction: assets with their versions, lineage, signals. Doing it twice changes nothing. What
 * the source no longer has gets a tombstone, because requests, grants and incidents still refer to it.
 */
export async function storeSnapshot(
  db: Db,
  source: SourceIdentity,
  snapshot: SourceSnapshot,
  options: SyncOptions,
): Promise<SyncResult> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${catalogLockKey})`.execute(trx);
    const before = await trx
      .selectFrom('asset')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .where('source', '=', source.name)
      .where('removed_at', 'is', null)
      .executeTakeFirstOrThrow();
    const error =
      options.acceptShrink === true
        ? undefined
        : shrinkError(source.name, Number(before.count), snapshot.assets.length);
    if (error !== undefined) return recordBroken(trx, source, error, options);

    const known = await trx
      .selectFrom('catalog_source')
      .selectAll()
      .where('name', '=', source.name)
      .executeTakeFirst();
    const ids = new Set(snapshot.assets.map((asset) => asset.sourceId));
    const unresolved = snapshot.edges.filter((edge) => !ids.has(edge.from) || !ids.has(edge.to));
    await saveSource(trx, source, {
      info: JSON.stringify(snapshot.info),
      warnings: JSON.stringify(snapshot.warnings),
      unresolved: JSON.stringify(unresolved),
      synced_at: options.now,
      attempted_at: options.now,
      error: null,
      removed_at: null,
    });
    const { changes, touched, kept } = await storeAssets(trx, source.name, snapshot, { now: options.now });
    const edges = await storeEdges(trx, source.name, snapshot.edges, kept);
    const signalsAdded = await storeSignals(
      trx,
      snapshot.signals
        .filter((signal) => ids.has(signal.sourceId))
        .map(({ sourceId, ...signal }) => ({ ...signal, assetId: assetId(source.name, sourceId) })),
    );
    const told =
      known === undefined ||
      known.removed_at !== null ||
      known.error !== null ||
      known.type !== source.type ||
      known.position !== source.position ||
      canonicalList(known.warnings) !== canonicalList(snapshot.warnings);
    const changed =
      told || touched > 0 || changes.length > 0 || edges.added > 0 || edges.removed > 0 || signalsAdded > 0;
    await options.onStanding?.(trx, { source: source.name, before: known?.error ?? null, error: null });
    if (changes.length > 0) {
      await options.onChanges?.(trx, changes);
      await recordAudit(trx, {
        actor: options.actor ?? scheduleActor,
        action: 'catalog.sync',
        subject: { kind: 'catalog_source', id: source.name },
        now: options.now,
        after: countsOf(changes),
      });
    }
    return {
      source: source.name,
      status: changed ? 'changed' : 'unchanged',
      assets: snapshot.assets.length,
      changes,
      edgesAdded: edges.added,
      edgesRemoved: edges.removed,
      signalsAdded,
      warnings: [
        ...snapshot.warnings,
        ...(kept.length === 0
          ? []
          : [
              `${kept.length} thing(s) that were there before, such as ${kept[0]}, were not given this time; they stay as they were.`,
            ]),
      ],
      version: changed ? await nextVersion(trx, options.now) : await currentVersion(trx),
    };
  });
}

/** Writes down that a source could not be read. Its last good content stays in force. */
export async function storeBroken(
  db: Db,
  source: SourceIdentity,
  error: string,
  options: SyncOptions,
): Promise<SyncResult> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${catalogLockKey})`.execute(trx);
    return recordBroken(trx, source, error, options);
  });
}

/** Takes sources that are configured no longer out of the catalog; their assets get tombstones. */
export async function storeConfigured(
  db: Db,
  configured: readonly string[],
  options: SyncOptions,
): Promise<string[]> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${catalogLockKey})`.execute(trx);
    const rows = await trx
      .selectFrom('catalog_source')
      .select('name')
      .where('removed_at', 'is', null)
      .execute();
    const gone = rows.map((row) => row.name).filter((name) => !configured.includes(name));
    for (const name of gone) {
      const empty: SourceSnapshot = { assets: [], edges: [], signals: [], warnings: [], info: {} };
      const { changes } = await storeAssets(trx, name, empty, { now: options.now });
      await storeEdges(trx, name, []);
      await trx
        .updateTable('catalog_source')
        .set({ removed_at: options.now, unresolved: '[]' })
        .where('name', '=', name)
        .execute();
      await options.onChanges?.(trx, changes);
    }
    if (gone.length > 0) await nextVersion(trx, options.now);
    return gone;
  });
}

async function recordBroken(
  trx: Trx,
  source: SourceIdentity,
  error: string,
  { now, onStanding }: SyncOptions,
): Promise<SyncResult> {
  const known = await trx
    .selectFrom('catalog_source')
    .select(['error'])
    .where('name', '=', source.name)
    .executeTakeFirst();
  await saveSource(trx, source, { attempted_at: now, error });
  await onStanding?.(trx, { source: source.name, before: known?.error ?? null, error });
  return {
    source: source.name,
    status: 'broken',
    assets: 0,
    changes: [],
    edgesAdded: 0,
    edgesRemoved: 0,
    signalsAdded: 0,
    warnings: [],
    error,
    version: known?.error === error ? await currentVersion(trx) : await nextVersion(trx, now),
  };
}

type SourceState = Partial<
  Record<'info' | 'warnings' | 'unresolved', string> & {
    synced_at: Date;
    error: string | null;
    removed_at: null;
  }
> & { attempted_at: Date };

async function saveSource(trx: Trx, source: SourceIdentity, state: SourceState): Promise<void> {
  const { name, type, position } = source;
  await trx
    .insertInto('catalog_source')
    .values({ name, type, position, ...state })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ type, position, ...state }))
    .execute();
}

function shrinkError(source: string, before: number, now: number): string | undefined {
  const suspicious = (now === 0 && before > 0) || (before >= shrinkGuardFrom && now * 2 < before);
  if (!suspicious) return undefined;
  return `${source} had ${before} assets and now says it has ${now}. The last good catalog stays; if this is right, run \`steward catalog sync --accept-shrink\`.`;
}

function countsOf(changes: readonly AssetChange[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { change } of changes) counts[change] = (counts[change] ?? 0) + 1;
  return counts;
}

async function nextVersion(trx: Trx, now: Date): Promise<string> {
  const row = await trx
    .updateTable('catalog_version')
    .set({ version: sql<number>`version + 1`, changed_at: now })
    .where('id', '=', 1)
    .returning('version')
    .executeTakeFirstOrThrow();
  return row.version;
}

async function currentVersion(trx: Trx): Promise<string> {
  const row = await trx.selectFrom('catalog_version').select('version').executeTakeFirstOrThrow();
  return row.version;
}

function canonicalList(list: readonly string[]): string {
  return JSON.stringify([...list].sort());
}
