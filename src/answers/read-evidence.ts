import type { Asset, Signal } from '../catalog/asset.js';
import { signalHistories } from '../catalog/load-catalog.js';
import type { CatalogView } from '../catalog/view.js';
import type { Db } from '../db/database.js';
import type { AnswerInput } from './context.js';
import type { AssetVersion } from './history.js';
import type { AssetNotice, NoticesOf } from './notices.js';
import { decisionsByVersion, readDecisions, type VersionDecision } from './version-decisions.js';

/** How far back an answer looks, in milliseconds. */
const evidenceWindowMs = 120 * 86_400_000;
/** Lineage beyond this many assets is not read for an answer: nobody waits for it. */
const lineageLimit = 150;
/** Measurements that one answer reads, so that nobody waits for it; each asset has its share, the newest without a gap. */
const mostSignals = 9_000;
/** Of one asset at most: several checks a day for weeks. */
const mostOfOne = 200;

/** What the database knows of the assets that an answer is about: notices, versions, and with `deep` measurements of all they are built from. */
export async function readEvidence(
  db: Db,
  view: CatalogView,
  about: readonly Asset[],
  now: Date,
  deep: boolean,
): Promise<Pick<AnswerInput, 'view' | 'noticesOf' | 'versionsOf'>> {
  const ids = new Set(about.map((asset) => asset.id));
  if (deep)
    for (const asset of about)
      for (const reached of view.upstream(asset.id).slice(0, lineageLimit)) ids.add(reached.asset.id);
  const wanted = [...ids];
  const since = new Date(now.getTime() - evidenceWindowMs);
  const [notices, versions, signals] = await Promise.all([
    readNotices(db, wanted, since),
    readVersions(db, wanted),
    deep
      ? signalHistories(db, wanted, {
          from: since,
          to: now,
          limit: Math.min(mostOfOne, Math.ceil(mostSignals / wanted.length)),
        })
      : new Map<string, Signal[]>(),
  ]);
  return {
    view: withHistory(view, signals),
    noticesOf: (id) => notices.get(id) ?? [],
    versionsOf: (id) => versions.get(id) ?? [],
  };
}

/** The same catalog, whose `signals` go back in time for the assets in question. */
function withHistory(view: CatalogView, history: ReadonlyMap<string, Signal[]>): CatalogView {
  if (history.size === 0) return view;
  return { ...view, signals: (id) => history.get(id) ?? view.signals(id) };
}

async function readNotices(db: Db, ids: string[], since: Date): Promise<Map<string, AssetNotice[]>> {
  const rows = await db
    .selectFrom('asset_notice')
    .selectAll()
    .where('asset_id', 'in', ids)
    .where((where) => where.or([where('ends_at', 'is', null), where('ends_at', '>', since)]))
    .orderBy('starts_at', 'desc')
    .execute();
  return grouped(
    rows,
    (row) => row.asset_id,
    (row) => ({
      assetId: row.asset_id,
      kind: row.kind,
      reference: row.reference,
      relation: row.relation,
      level: row.level,
      private: row.private,
      summary: row.summary,
      useInstead: row.use_instead,
      eta: row.eta,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
    }),
  );
}

/** Every notice in force, for many questions at once. */
export async function loadLiveNotices(db: Db, now: Date): Promise<NoticesOf> {
  const live = await db
    .selectFrom('asset_notice')
    .select('asset_id')
    .where((where) => where.or([where('ends_at', 'is', null), where('ends_at', '>', now)]))
    .execute();
  const ids = [...new Set(live.map((row) => row.asset_id))];
  const notices = ids.length > 0 ? await readNotices(db, ids, now) : new Map<string, AssetNotice[]>();
  return (id) => notices.get(id) ?? [];
}

async function readVersions(db: Db, ids: string[]): Promise<Map<string, AssetVersion[]>> {
  const [rows, decisions] = await Promise.all([versionRows(db, ids), readDecisions(db, ids)]);
  const decided = new Map(
    [...new Set(rows.map((row) => row.asset_id))].map((id) => [
      id,
      decisionsByVersion(
        rows.filter((row) => row.asset_id === id),
        decisions.filter((decision) => decision.assetId === id),
      ),
    ]),
  );
  return grouped(
    rows,
    (row) => row.asset_id,
    (row) => {
      const decision = decided.get(row.asset_id)?.get(row.at.getTime());
      return {
        assetId: row.asset_id,
        validFrom: row.at,
        change: changeOf(row),
        asset: { ...row.draft, id: row.asset_id, source: row.source },
        ...(row.revision === null ? {} : { revision: row.revision }),
        ...(decision === undefined ? {} : decidedBy(decision)),
      };
    },
  );
}

function decidedBy({
  approvedBy,
  reference,
  announcedAt,
}: VersionDecision): Pick<AssetVersion, 'approvedBy' | 'decision' | 'announcedAt'> {
  return {
    decision: reference,
    ...(approvedBy === undefined ? {} : { approvedBy }),
    ...(announcedAt === undefined ? {} : { announcedAt }),
  };
}

function versionRows(db: Db, ids: string[]) {
  return db
    .selectFrom('asset_version')
    .innerJoin('asset', 'asset.id', 'asset_version.asset_id')
    .select([
      'asset_version.asset_id',
      'asset_version.at',
      'asset_version.change',
      'asset_version.breaking',
      'asset_version.schema_changes',
      'asset_version.draft',
      'asset_version.revision',
      'asset.source',
    ])
    .where('asset_version.asset_id', 'in', ids)
    .orderBy('asset_version.number', 'desc')
    .limit(2_000)
    .execute();
}

function changeOf(row: {
  change: string;
  breaking: boolean;
  schema_changes: readonly unknown[];
}): AssetVersion['change'] {
  if (
    row.change === 'created' ||
    row.change === 'meaning' ||
    row.change === 'wording' ||
    row.change === 'removed'
  )
    return row.change;
  if (row.schema_changes.length > 0) return row.breaking ? 'schema-breaking' : 'schema-compatible';
  return 'other';
}

function grouped<Row, Value>(
  rows: readonly Row[],
  key: (row: Row) => string,
  value: (row: Row) => Value,
): Map<string, Value[]> {
  const map = new Map<string, Value[]>();
  for (const row of rows) {
    const list = map.get(key(row)) ?? [];
    list.push(value(row));
    map.set(key(row), list);
  }
  return map;
}
