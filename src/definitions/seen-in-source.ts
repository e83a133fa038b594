import { levelOf } from '../answers/visibility.js';
import { scheduleActor } from '../audit/record.js';
import type { Asset, AssetDraft } from '../catalog/asset.js';
import type { AssetChange } from '../catalog/store-assets.js';
import type { Trx } from '../db/database.js';
import { postCard } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { postAnnouncement } from './notices.js';
import { type DefinitionRow, moveDefinition, noteCardKind } from './record.js';
import { fulfils, presentText } from './text.js';

const askersOfDays = 90;
const askersAtMost = 500;

type Needs = Pick<Services, 'config' | 'directory'>;

/**
 * Told by a sync what changed, in its transaction: an approved change whose words the source now has is in force, and whoever asked about it in
 * the last 90 days hears so.
 */
export function noticeNewDefinitions(services: Needs, now: Date) {
  return async (trx: Trx, changes: readonly AssetChange[]): Promise<void> => {
    const ids = changes.filter(({ change }) => change !== 'removed').map(({ assetId }) => assetId);
    if (ids.length === 0) return;
    const rows = await trx
      .selectFrom('definition_change')
      .innerJoin('asset', 'asset.id', 'definition_change.asset_id')
      .selectAll('definition_change')
      .select(['asset.draft', 'asset.source'])
      .where('definition_change.state', '=', 'approved')
      .where('definition_change.asset_id', '=', (eb) => eb.fn.any(eb.val(ids)))
      .orderBy('definition_change.number')
      .execute();
    for (const { draft, source, ...change } of rows) {
      if (!saysIt(draft, change)) continue;
      await moveDefinition(trx, change, 'in-source', { actor: scheduleActor, now });
      await tellAskers(services, trx, { change, asset: { ...draft, id: change.asset_id, source }, now });
    }
  };
}

function saysIt(draft: AssetDraft, change: DefinitionRow): boolean {
  if (change.kind === 'change') return fulfils(presentText(draft), change.proposed);
  return draft.status === 'deprecated' || draft.deprecatedOn === change.last_day;
}

async function tellAskers(
  services: Needs,
  trx: Trx,
  { change, asset, now }: { change: DefinitionRow; asset: Asset; now: Date },
): Promise<void> {
  const askers = await trx
    .selectFrom('question')
    .innerJoin('person', 'person.id', 'question.person_id')
    .select('question.person_id')
    .distinct()
    .where('question.asset_id', '=', change.asset_id)
    .where('question.at', '>=', new Date(now.getTime() - askersOfDays * 86_400_000))
    .where('person.status', '=', 'active')
    .limit(askersAtMost)
    .execute();
  for (const { person_id: personId } of askers) {
    const person = personId === null ? null : await services.directory.byId(trx, personId);
    // Who asked then may not see it any more.
    if (person === null || levelOf(asset, person, services.config.catalog.visibility) !== 'open') continue;
    await postCard(trx, {
      key: `definition:${change.id}:release:${person.id}`,
      to: { personId: person.id },
      card: { kind: noteCardKind, id: change.id, variant: 'release' },
      now,
    });
  }
  await postAnnouncement(services, trx, { change, variant: 'release', now });
}
