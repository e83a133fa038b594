import type { StewardConfig } from '../config/steward-schema.js';
import type { Db, Trx } from '../db/database.js';
import { severityRank, suggestSeverity } from './severity.js';

type Reached = Parameters<typeof suggestSeverity>[1];

/** What an incident reaches, as it stands. */
export async function reachedBy(db: Db | Trx, incidentId: string): Promise<Reached> {
  return db
    .selectFrom('incident_asset')
    .select(['tier', 'relation'])
    .where('incident_id', '=', incidentId)
    .execute();
}

/** The severity that its tiers suggest now, where that is worse than what they suggested before; else null: what was decided then stays. */
export function suggestedByGrowth(config: StewardConfig, before: Reached, now: Reached): string | null {
  const suggested = suggestSeverity(config, now);
  return severityRank(config, suggested) < severityRank(config, suggestSeverity(config, before))
    ? suggested
    : null;
}
