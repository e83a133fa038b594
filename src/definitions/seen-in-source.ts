import { scheduleActor } from '../audit/record.js';
import type { AssetDraft } from '../catalog/asset.js';
import type { AssetChange } from '../catalog/store-assets.js';
import type { Trx } from '../db/database.js';
import { enqueue } from '../jobs/outbox.js';
import { type DefinitionRow, moveDefinition } from './record.js';
import { fulfils, presentText } from './text.js';

/** The effect that sends the release note. */
export const releaseEffectKind = 'definition.release';

/** Told by a sync what changed, in its transaction: an approved change whose words the source now has is in force. */
export function noticeNewDefinitions(now: Date) {
  return async (trx: Trx, changes: readonly AssetChange[]): Promise<void> => {
    const ids = changes.filter(({ change }) => change !== 'removed').map(({ assetId }) => assetId);
    if (ids.length === 0) return;
    const rows = await trx
      .selectFrom('definition_change')
      .innerJoin('asset', 'asset.id', 'definition_change.asset_id')
      .selectAll('definition_change')
      .select('asset.draft')
      .where('definition_change.state', '=', 'approved')
      .where('definition_change.asset_id', '=', (eb) => eb.fn.any(eb.val(ids)))
      .orderBy('definition_change.number')
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
    }
  };
}

function saysIt(draft: AssetDraft, change: DefinitionRow): boolean {
  if (change.kind === 'change') return fulfils(presentText(draft), change.proposed);
  return draft.status === 'deprecated' || draft.deprecatedOn === change.last_day;
}
