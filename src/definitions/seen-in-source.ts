import { scheduleActor } from '../audit/record.js';
import type { AssetDraft } from '../catalog/asset.js';
import type { AssetChange } from '../catalog/store-assets.js';
import type { Db, Trx } from '../db/database.js';
import { enqueue } from '../jobs/outbox.js';
import { type DefinitionRow, moveDefinition } from './record.js';
import { fulfils, presentText } from './text.js';

/** The effect that sends the release note. */
export const releaseEffectKind = 'definition.release';

/**
 * Told by a sync what changed, in its transaction: an approved change whose words the source now has is in force. Returns the assets whose new
 * definition is announced by it.
 */
export function noticeNewDefinitions(now: Date) {
  return async (trx: Trx, changes: readonly AssetChange[]): Promise<ReadonlySet<string>> => {
    const ids = changes.filter(({ change }) => change !== 'removed').map(({ assetId }) => assetId);
    return new Set(ids.length > 0 ? await settle(trx, ids, now) : []);
  };
}

/** Looks at every approved change: the source may have had the words before they were approved, so that no sync told of them. */
export async function settleApproved(db: Db, now: Date): Promise<void> {
  const rows = await db
    .selectFrom('definition_change')
    .select('asset_id')
    .where('state', '=', 'approved')
    .execute();
  if (rows.length === 0) return;
  await db.transaction().execute((trx) =>
    settle(
      trx,
      rows.map((row) => row.asset_id),
      now,
    ),
  );
}

async function settle(trx: Trx, assetIds: string[], now: Date): Promise<string[]> {
  const settled: string[] = [];
  const rows = await trx
    .selectFrom('definition_change')
    .innerJoin('asset', 'asset.id', 'definition_change.asset_id')
    .selectAll('definition_change')
    .select('asset.draft')
    .where('definition_change.state', '=', 'approved')
    .where('definition_change.asset_id', '=', (eb) => eb.fn.any(eb.val(assetIds)))
    .orderBy('definition_change.number')
    // A sync and the schedule may look at once: the second waits and finds it settled.
    .forUpdate('definition_change')
    .execute();
  for (const { draft, ...change } of rows) {
    if (!saysIt(draft, change)) continue;
    await moveDefinition(trx, change, 'in-source', { actor: scheduleActor, now });
    await enqueue(trx, {
      kind: releaseEffectKind,
      queue: 'work',
      key: `${releaseEffectKind}:${change.id}`,
      payload: { changeId: change.id },
      now,
    });
    settled.push(change.asset_id);
  }
  return settled;
}

function saysIt(draft: AssetDraft, change: DefinitionRow): boolean {
  if (change.kind === 'change') return fulfils(presentText(draft), change.proposed, change.present);
  return draft.status === 'deprecated' || draft.deprecatedOn === change.last_day;
}
