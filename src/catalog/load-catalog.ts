import { sql } from 'kysely';
import type { Db } from '../db/database.js';
import type { Asset, Edge, Signal } from './asset.js';
import { type IdentityRules, noIdentityRules, withIdentity } from './identity.js';
import { buildLookup } from './lookup.js';
import { toSignal } from './signal-rows.js';
import { viewOf } from './snapshot.js';
import { takingTurns } from './turns.js';
import type { CatalogSource, CatalogView } from './view.js';

/** Goes up with every change of the catalog. Cheap: one row. */
export async function catalogVersion(db: Db): Promise<string> {
  const row = await db.selectFrom('catalog_version').select('version').executeTakeFirst();
  return row?.version ?? '0';
}

export interface StoredCatalog {
  view: CatalogView;
  /** Last good read of the source that is furthest behind; null while nothing was ever read. */
  syncedAt: Date | null;
}

/**
 * The catalog in the database, as one consistent picture. Assets that their source no longer has are not in it. Of each check only the
 * newest signal is loaded: `signalHistory` has the rest.
 *
 * `rules` say which source is the stronger where two describe one thing: `catalog` of steward.yml fits.
 */
export async function loadCatalog(db: Db, rules: IdentityRules = noIdentityRules): Promise<StoredCatalog> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const version = await catalogVersion(trx);
      const sourceRows = await trx
        .selectFrom('catalog_source')
        .selectAll()
        .where('removed_at', 'is', null)
        .orderBy('position')
        .orderBy('name')
        .execute();
      const assetRows = await trx
        .selectFrom('asset')
        .innerJoin('catalog_source', 'catalog_source.name', 'asset.source')
        .select(['asset.id', 'asset.source', 'asset.draft'])
        .where('asset.removed_at', 'is', null)
        .where('catalog_source.removed_at', 'is', null)
        .orderBy('catalog_source.position')
        .orderBy('asset.source_id')
        .execute();
      const aliases = await acceptedAliases(trx);
      const assets = assetRows.map(
        (row): Asset => ({
          ...row.draft,
          id: row.id,
          source: row.source,
          synonyms: [...row.draft.synonyms, ...(aliases.get(row.id) ?? [])],
        }),
      );
      const edges = await trx
        .selectFrom('asset_edge')
        .select(['from_id as fromId', 'to_id as toId', 'kind'])
        .execute();
      const signals = await latestSignals(trx);
      const syncTimes = sourceRows.flatMap((row) => row.synced_at ?? []);
      const syncedAt =
        syncTimes.length === 0 ? null : new Date(Math.min(...syncTimes.map((time) => time.getTime())));
      const content = {
        version,
        sources: sourceRows.map(
          (row): CatalogSource => ({
            name: row.name,
            type: row.type,
            info: row.info,
            warnings: row.warnings,
            ...(row.synced_at === null ? {} : { readAt: row.synced_at.toISOString() }),
            ...(row.error === null ? {} : { error: row.error }),
          }),
        ),
        assets,
        edges: edges satisfies Edge[],
        signals,
        unresolved: sourceRows.flatMap((row) =>
          row.unresolved.map((edge) => ({ source: row.name, ...edge })),
        ),
      };
      const whole = withIdentity(content, rules);
      return { view: viewOf(whole, await takingTurns(buildLookup(whole.assets))), syncedAt };
    });
}

/** Names that people use and that owners accepted: they count like the source's own synonyms. */
async function acceptedAliases(db: Db): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('alias')
    .select(['asset_id', 'text'])
    .where('state', '=', 'accepted')
    .orderBy('text')
    .execute();
  const found = new Map<string, string[]>();
  for (const row of rows) found.set(row.asset_id, [...(found.get(row.asset_id) ?? []), row.text]);
  return found;
}

async function latestSignals(db: Db): Promise<Signal[]> {
  const rows = await db
    .selectFrom('signal')
    .distinctOn(['asset_id', 'type', 'name', 'column_name'])
    .selectAll()
    .orderBy('asset_id')
    .orderBy('type')
    .orderBy('name')
    .orderBy('column_name')
    .orderBy('observed_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toSignal);
}

/** Deletes signals older than `before`, but never the newest of a check. In batches, for the retention job. */
export async function forgetSignals(db: Db, before: Date, batch = 5_000): Promise<number> {
  const result = await sql`
    delete from signal where id in (
      select old.id from signal old
      where old.observed_at < ${before}
        and exists (
          select 1 from signal newer
          where newer.asset_id = old.asset_id and newer.type = old.type and newer.name = old.name
            and newer.column_name is not distinct from old.column_name and newer.observed_at > old.observed_at
        )
      limit ${batch}
    )`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}
