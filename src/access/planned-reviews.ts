import { currentPolicy } from '../approvals/policy/policy-store.js';
import type { Db } from '../db/database.js';

/** A recertification that the policy in force asks for. */
export interface PlannedReview {
  name: string;
  /** When the next campaign of it begins by itself; null while one runs. Now, where there was none yet; in the past, where it is late. */
  dueAt: Date | null;
}

/** In the order of the policy files. None while there is no policy. */
export async function plannedReviews(db: Db, now: Date): Promise<PlannedReview[]> {
  const policy = await currentPolicy(db).catch(() => null);
  const planned: PlannedReview[] = [];
  for (const { name, every } of policy?.recertification ?? []) {
    const last = await db
      .selectFrom('access_campaign')
      .select(['started_at', 'closed_at'])
      .where('name', '=', name)
      .orderBy('started_at', 'desc')
      .executeTakeFirst();
    const runs = last !== undefined && last.closed_at === null;
    planned.push({
      name,
      dueAt: runs ? null : new Date(last === undefined ? now : last.started_at.getTime() + every),
    });
  }
  return planned;
}
