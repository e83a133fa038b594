import type { Services } from '../services.js';
import type { BackfillRow } from './events.js';
import { visible } from './load.js';
import type { MaySee } from './pipelines.js';
import { liveStates } from './state.js';

export interface BackfillPage {
  rows: BackfillRow[];
  /** Number to go on below; null at the end. */
  before: number | null;
}

/** Newest first, an index range at a time: a page may be short where this reader may not see everything. */
export async function listBackfills(
  services: Services,
  params: { maySee: MaySee; before?: number; limit: number; liveOnly?: boolean; requesterId?: string },
): Promise<BackfillPage> {
  const scanned = await services.db
    .selectFrom('backfill')
    .selectAll()
    .$if(params.before !== undefined, (query) => query.where('number', '<', params.before ?? 0))
    .$if(params.liveOnly === true, (query) => query.where('state', 'in', [...liveStates]))
    .$if(params.requesterId !== undefined, (query) =>
      query.where('requested_by', '=', params.requesterId ?? null),
    )
    .orderBy('number', 'desc')
    .limit(params.limit)
    .execute();
  const last = scanned.at(-1);
  return {
    rows: scanned.filter((row) => visible(services, row, params.maySee)),
    before: scanned.length < params.limit || last === undefined ? null : last.number,
  };
}
