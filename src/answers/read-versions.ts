import { sql } from 'kysely';
import type { AssetDraft } from '../catalog/asset.js';
import { type CommitLinks, commitLink } from '../catalog/file-links.js';
import { grouped } from '../catalog/grouped.js';
import type { SchemaChange } from '../catalog/schema-changes.js';
import type { ChangeKind } from '../catalog/versions.js';
import type { Db } from '../db/database.js';
import { type AssetVersion, type Decided, otherCode } from './history.js';
import { decisionsByVersion, readDecisions, type VersionDecision } from './version-decisions.js';

/** The newest versions of each asset, as many as are wanted of it, newest first, with who approved them and when they were announced. */
export async function readVersions(
  db: Db,
  wanted: ReadonlyMap<string, number>,
  commits: CommitLinks = new Map(),
): Promise<Map<string, AssetVersion[]>> {
  const [rows, decisions] = await Promise.all([
    versionRows(db, wanted),
    readDecisions(db, [...wanted.keys()]),
  ]);
  const rowsOf = grouped(
    rows,
    (row) => row.asset_id,
    (row) => row,
  );
  const decisionsOf = grouped(
    decisions,
    ({ assetId }) => assetId,
    (decision) => decision,
  );
  const decided = new Map(
    [...decisionsOf].map(([id, own]) => [id, decisionsByVersion(rowsOf.get(id) ?? [], own)]),
  );
  return grouped(
    rows,
    (row) => row.asset_id,
    (row) => {
      const decision = decided.get(row.asset_id)?.get(row.at.getTime());
      const commitUrl = commitLink(commits, row.source, row.revision);
      const url =
        decision?.pullRequestUrl ?? decision?.threadUrl ?? commitUrl ?? row.draft.provenance['*']?.url;
      return {
        assetId: row.asset_id,
        validFrom: row.at,
        change: changeOf(row),
        // An earlier version may be from before checksums were read: two versions alone do not tell.
        ...(row.change === 'code' ? { summary: otherCode } : {}),
        asset: { ...row.draft, id: row.asset_id, source: row.source },
        ...(row.revision === null ? {} : { revision: row.revision }),
        ...(decision === undefined ? {} : decidedAs(decision)),
        ...(commitUrl === undefined ? {} : { commitUrl }),
        ...(url === undefined ? {} : { url }),
      };
    },
  );
}

function decidedAs({ reference, assetId: _asset, inSourceAt: _seen, ...rest }: VersionDecision): Decided {
  return { decision: reference, ...rest };
}

interface VersionRow {
  asset_id: string;
  at: Date;
  change: ChangeKind;
  breaking: boolean;
  schema_changes: readonly SchemaChange[];
  draft: AssetDraft;
  revision: string | null;
  source: string;
}

async function versionRows(db: Db, wanted: ReadonlyMap<string, number>): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    select found.*, asset.source
    from unnest(${[...wanted.keys()]}::uuid[], ${[...wanted.values()]}::int[]) as wanted (id, most)
    join asset on asset.id = wanted.id
    cross join lateral (
      select asset_id, at, change, breaking, schema_changes, draft, revision, number
      from asset_version
      where asset_id = wanted.id
      order by number desc
      limit wanted.most
    ) found
    order by found.at desc, found.number desc`.execute(db);
  return rows;
}

function changeOf(row: VersionRow): AssetVersion['change'] {
  if (
    row.change === 'created' ||
    row.change === 'meaning' ||
    row.change === 'code' ||
    row.change === 'wording' ||
    row.change === 'removed'
  )
    return row.change;
  if (row.schema_changes.length > 0) return row.breaking ? 'schema-breaking' : 'schema-compatible';
  return 'other';
}
