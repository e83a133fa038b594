import { sql } from 'kysely';
import type { CatalogView } from '../../catalog/view.js';
import { mayRead, type Viewer, type VisibilityRule } from '../../catalog/visibility.js';
import type { Db } from '../../db/database.js';
import type { GapStage, GapState, GapType, Wish } from '../tables.js';
import { catalogGapKey } from './catalog-gaps.js';

export interface QueuedGap {
  id: string;
  type: GapType;
  title: string;
  assetId: string | null;
  state: GapState;
  wish: Wish | null;
  stage: GapStage | null;
  demand: number;
  tier: number | null;
  ownerId: string | null;
  /** ISO date. */
  promisedOn: string | null;
  lastAt: Date;
}

/** What somebody may know of: what is about a thing is shown to who may read that thing in full. */
export interface QueueReader {
  view: CatalogView;
  viewer: Viewer;
  rules: readonly VisibilityRule[];
}

/** Live gaps, most wanted first; of equally wanted ones the one about the more important thing. `after`: the last one of the page before. */
export async function listGaps(
  db: Db,
  page: {
    reader: QueueReader;
    limit?: number;
    ownerId?: string;
    after?: Pick<QueuedGap, 'demand' | 'tier' | 'lastAt' | 'id'>;
  },
): Promise<QueuedGap[]> {
  const { after, ownerId, limit = 20 } = page;
  let query = db
    .selectFrom('gap')
    .selectAll()
    .where('state', 'in', ['open', 'assigned', 'planned'])
    .orderBy('demand', 'desc')
    .orderBy(sql`coalesce(tier, 9)`)
    .orderBy('last_at', 'desc')
    .orderBy('id');
  if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId);
  if (after)
    query = query.where(
      sql<boolean>`(-demand, coalesce(tier, 9), -extract(epoch from last_at), id) > (${-after.demand}, ${after.tier ?? 9}, -extract(epoch from ${after.lastAt}::timestamptz), ${after.id}::uuid)`,
    );
  // What this reader may not know of is left out, so that more rows are read than shown.
  const rows = await query.limit(limit * 5).execute();
  const mayKnow = knownTo(page.reader);
  return rows
    .filter(mayKnow)
    .slice(0, limit)
    .map((row) => ({
      id: row.id,
      type: row.type,
      title: row.title,
      assetId: row.asset_id,
      state: row.state,
      wish: row.wish,
      stage: row.stage,
      demand: row.demand,
      tier: row.tier,
      ownerId: row.owner_id,
      promisedOn: row.promised_on,
      lastAt: row.last_at,
    }));
}

function knownTo({ view, viewer, rules }: QueueReader) {
  const open = (id: string): boolean => {
    const asset = view.get(id);
    return asset !== undefined && mayRead(asset, viewer, rules);
  };
  const conflicts = new Map(view.gaps.map((gap) => [catalogGapKey(gap), gap.assetIds]));
  return (row: { folded: string; asset_id: string | null }): boolean => {
    const named = conflicts.get(row.folded);
    if (named !== undefined) return named.every(open);
    return row.asset_id === null || viewer.seesAll === true || open(row.asset_id);
  };
}
