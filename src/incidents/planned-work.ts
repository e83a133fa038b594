import { createHash } from 'node:crypto';
import { recordAudit, scheduleActor } from '../audit/record.js';
import type { Asset } from '../catalog/asset.js';
import type { PlannedWork } from '../config/incidents-schema.js';
import type { Trx } from '../db/database.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { meantBy } from './known-assets.js';

/** Told to whoever keeps Steward running where a window silences nothing. */
export const plannedWorkCard = 'planned-work';

/**
 * Windows of planned work (`incidents.plannedWork` in steward.yml): their alerts open nothing, and answers say that something is going on.
 * What was taken out of the file or changed in it ends here too.
 */
export async function syncPlannedWork(services: Services, now: Date): Promise<void> {
  const kept: string[] = [];
  for (const entry of services.config.incidents.plannedWork) {
    const asset = plannedAsset(services, entry.asset);
    if (asset === undefined) continue;
    const key = plannedKey(asset.id, entry);
    kept.push(key);
    await openWindow(services, { asset, entry, key, now });
  }
  await endOthers(services, kept, now);
}

/** Assets that a name in planned work may mean: the same that can be muted by hand. */
export function plannedAssets(services: Pick<Services, 'catalog'>, name: string): Asset[] {
  const kinds = ['model', 'source', 'metric', 'exposure', 'pipeline'] as const;
  return services.catalog.current().view.resolve(name, { kinds });
}

/** The asset that planned work means, where it means one. */
export function plannedAsset(services: Pick<Services, 'catalog'>, name: string): Asset | undefined {
  return meantBy(plannedAssets(services, name));
}

/** One window of one asset, by its id or by what steward.yml calls it. */
export function plannedKey(asset: string, { from, to, reason }: PlannedWork): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([asset, new Date(from), new Date(to), reason]))
    .digest('hex')
    .slice(0, 32);
  return `planned:${digest}`;
}

async function openWindow(
  services: Services,
  params: { asset: { id: string; name: string }; entry: PlannedWork; key: string; now: Date },
): Promise<void> {
  const { asset, entry, key, now } = params;
  const [from, to] = [new Date(entry.from), new Date(entry.to)];
  await services.db.transaction().execute(async (trx) => {
    const mute = await trx
      .insertInto('mute')
      .values({
        asset_id: asset.id,
        label: asset.name,
        reason: entry.reason,
        planned: true,
        source_key: key,
        starts_at: from,
        until: to,
        created_at: now,
      })
      .onConflict((conflict) => conflict.column('source_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (mute === undefined) return;
    await refreshCards(trx, { kind: plannedWorkCard, id: plannedKey(entry.asset, entry) }, now);
    await recordAudit(trx, {
      actor: scheduleActor,
      action: 'incident.mute',
      subject: { kind: 'mute', id: mute.id },
      now,
      after: { asset: asset.id, planned: true, from: from.toISOString(), until: to.toISOString() },
      text: { reason: entry.reason, label: asset.name },
    });
    await trx
      .insertInto('asset_notice')
      .values({
        asset_id: asset.id,
        kind: 'planned',
        subject_id: mute.id,
        reference: 'planned work',
        relation: 'direct',
        level: 'info',
        private: false,
        summary: entry.reason,
        use_instead: null,
        starts_at: from,
        ends_at: to,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.columns(['kind', 'subject_id', 'asset_id']).doNothing())
      .execute();
  });
}

/** Ends the windows that steward.yml does not name any more. Written there again, they open again. */
async function endOthers(services: Services, kept: readonly string[], now: Date): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    let dropped = trx
      .updateTable('mute')
      .set({ ended_at: now, source_key: null })
      .where('planned', '=', true)
      .where('source_key', 'is not', null)
      .where('ended_at', 'is', null)
      .where('until', '>', now);
    if (kept.length > 0) dropped = dropped.where('source_key', 'not in', [...kept]);
    for (const { id } of await dropped.returning('id').execute()) {
      await endPlannedNotice(trx, id, now);
      await recordAudit(trx, {
        actor: scheduleActor,
        action: 'incident.unmute',
        subject: { kind: 'mute', id },
        now,
      });
    }
  });
}

/** Answers say nothing of a window any more that is over before its time. */
export async function endPlannedNotice(trx: Trx, muteId: string, now: Date): Promise<void> {
  await trx
    .deleteFrom('asset_notice')
    .where('kind', '=', 'planned')
    .where('subject_id', '=', muteId)
    .where('starts_at', '>=', now)
    .execute();
  await trx
    .updateTable('asset_notice')
    .set({ ends_at: now, updated_at: now })
    .where('kind', '=', 'planned')
    .where('subject_id', '=', muteId)
    .where('ends_at', '>', now)
    .execute();
}
