import { createHash } from 'node:crypto';
import { scheduleActor } from '../../audit/record.js';
import type { CatalogGap, CatalogView } from '../../catalog/view.js';
import type { Db } from '../../db/database.js';
import { moveGap } from './gaps.js';

const prefix = 'catalog:';

/** Names a fault of the catalog in the queue: the same fault is one entry however often it is seen. */
export function catalogGapKey({ type, field, assetIds }: CatalogGap): string {
  const what = JSON.stringify([type, field ?? null, [...assetIds].sort()]);
  return `${prefix}${createHash('sha256').update(what).digest('hex').slice(0, 32)}`;
}

/** Puts what is wrong with the catalog itself (sources that contradict each other) into the queue, and takes out what is mended. */
export async function queueCatalogGaps(db: Db, view: CatalogView, now: Date): Promise<void> {
  const found = new Map<string, CatalogGap>();
  for (const gap of view.gaps.slice(0, 500)) {
    const key = catalogGapKey(gap);
    // A second source that contradicts the same word is the same fault.
    const before = found.get(key);
    found.set(key, before === undefined ? gap : { ...gap, message: `${before.message} ${gap.message}` });
  }
  for (const [folded, gap] of found) {
    const [assetId] = gap.assetIds;
    const tiers = gap.assetIds.flatMap((id) => view.get(id)?.tier ?? []);
    await db
      .insertInto('gap')
      .values({
        type: gap.type,
        folded,
        title: gap.message.slice(0, 300),
        asset_id: assetId ?? null,
        tier: tiers.length === 0 ? null : Math.min(...tiers),
        first_at: now,
        last_at: now,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['type', 'folded'])
          .where('state', 'in', ['open', 'assigned', 'planned'])
          .doUpdateSet({ title: gap.message.slice(0, 300) }),
      )
      .execute();
  }
  const live = await db
    .selectFrom('gap')
    .select(['id', 'folded'])
    .where('folded', 'like', `${prefix}%`)
    .where('state', 'in', ['open', 'assigned', 'planned'])
    .execute();
  for (const { id, folded } of live) {
    if (found.has(folded)) continue;
    await moveGap(db, {
      id,
      to: 'closed',
      actor: scheduleActor,
      now,
      resolution: 'The sources say the same now.',
    });
  }
}
