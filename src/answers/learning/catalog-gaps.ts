import { createHash } from 'node:crypto';
import { scheduleActor } from '../../audit/record.js';
import { grouped } from '../../catalog/grouped.js';
import type { CatalogGap, CatalogView } from '../../catalog/view.js';
import type { Db } from '../../db/database.js';
import { moveGap } from './gaps.js';

const prefix = 'catalog:';

/** Names a fault of the catalog in the queue: the same fault is one entry however often it is seen. */
export function catalogGapKey({ type, field, assetIds }: CatalogGap): string {
  const what = JSON.stringify([type, field ?? null, [...assetIds].sort()]);
  return `${prefix}${createHash('sha256').update(what).digest('hex').slice(0, 32)}`;
}

/** Whether an entry of the queue is a fault of the catalog and nobody's question. */
export function isCatalogGap({ folded }: { folded: string }): boolean {
  return folded.startsWith(prefix);
}

const queuedAtMost = 500;
const longestTitle = 300;

/**
 * A second source that contradicts the same word is the same fault and says so too. Of what no source knows there may be thousands, from a query log: the
 * first is named, the rest are counted.
 */
function titleOf(first: CatalogGap, gaps: readonly CatalogGap[]): string {
  const all = gaps.map(({ message }) => message).join(' ');
  if (first.assetIds.length > 0 || gaps.length === 1) return all.slice(0, longestTitle);
  const rest = gaps.length - 1;
  return `${first.message.slice(0, longestTitle - 80)} And ${rest} more like it: \`steward catalog lint\` lists them.`;
}

/** Puts what is wrong with the catalog itself (sources that contradict each other) into the queue, and takes out what is mended. */
export async function queueCatalogGaps(db: Db, view: CatalogView, now: Date): Promise<void> {
  const same = grouped(view.gaps, catalogGapKey, (gap) => gap);
  for (const [folded, gaps] of [...same].slice(0, queuedAtMost)) {
    const [gap] = gaps;
    if (gap === undefined) continue;
    const title = titleOf(gap, gaps);
    const [assetId] = gap.assetIds;
    const tiers = gap.assetIds.flatMap((id) => view.get(id)?.tier ?? []);
    await db
      .insertInto('gap')
      .values({
        type: gap.type,
        folded,
        title,
        asset_id: assetId ?? null,
        tier: tiers.length === 0 ? null : Math.min(...tiers),
        first_at: now,
        last_at: now,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['type', 'folded'])
          .where('state', 'in', ['open', 'assigned', 'planned'])
          .doUpdateSet({ title }),
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
    if (same.has(folded)) continue;
    await moveGap(db, {
      id,
      to: 'closed',
      actor: scheduleActor,
      now,
      resolution: 'The sources say the same now.',
    });
  }
}
