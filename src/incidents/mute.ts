import { recordAudit } from '../audit/record.js';
import type { Db, Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';
import type { ActOn } from './change.js';
import { rolesIn } from './incident.js';

const longestMuteMs = 30 * 86_400_000;

export interface MuteParams extends Omit<ActOn, 'incidentId'> {
  assetId?: string;
  fingerprint?: string;
  label: string;
  until: Date;
  reason: string;
}

/** Silences one asset or one alert for a while, with a reason: visible to everybody, and over by itself. */
export async function mute(services: Services, params: MuteParams): Promise<string> {
  const reason = params.reason.trim();
  if (reason === '')
    throw new InvalidInputError(
      'Say why: `/incident mute orders for 2h because the loader is being replaced`. Nothing was muted.',
      { reason: 'say why' },
    );
  const length = params.until.getTime() - params.now.getTime();
  if (length <= 0 || length > longestMuteMs)
    throw new InvalidInputError(
      'A mute lasts between a minute and 30 days, for example `for 2h`. Nothing was muted.',
      { until: 'between a minute and 30 days' },
    );
  return services.db.transaction().execute(async (trx) => {
    services.authority.require('incident.mute', await rolesIn(services, trx, null, params.actor, params.now));
    const row = await trx
      .insertInto('mute')
      .values({
        asset_id: params.assetId ?? null,
        fingerprint: params.fingerprint ?? null,
        label: params.label.slice(0, 200),
        reason: reason.slice(0, 500),
        by: params.actor.personId,
        starts_at: params.now,
        until: params.until,
        created_at: params.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await recordAudit(trx, {
      actor: params.actor,
      action: 'incident.mute',
      subject: { kind: 'mute', id: row.id },
      now: params.now,
      after: {
        asset: params.assetId ?? null,
        fingerprint: params.fingerprint ?? null,
        until: params.until.toISOString(),
      },
      text: { reason, label: params.label },
    });
    return row.id;
  });
}

export async function endMute(
  services: Services,
  params: Omit<ActOn, 'incidentId'> & { muteId: string },
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    services.authority.require('incident.mute', await rolesIn(services, trx, null, params.actor, params.now));
    const ended = await trx
      .updateTable('mute')
      .set({ ended_at: params.now })
      .where('id', '=', params.muteId)
      .where('ended_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (ended === undefined) throw new InvalidInputError('That mute is over already. Nothing was changed.');
    await recordAudit(trx, {
      actor: params.actor,
      action: 'incident.unmute',
      subject: { kind: 'mute', id: params.muteId },
      now: params.now,
    });
  });
}

/** Whether an alert of that time falls into a mute or a window of planned work. */
export async function mutedBy(
  db: Db | Trx,
  subject: { assetId: string | null; fingerprint: string; at: Date },
): Promise<boolean> {
  const found = await db
    .selectFrom('mute')
    .select('id')
    .where('ended_at', 'is', null)
    .where('starts_at', '<=', subject.at)
    .where('until', '>', subject.at)
    .where((eb) =>
      eb.or([
        eb('fingerprint', '=', subject.fingerprint),
        ...(subject.assetId === null ? [] : [eb('asset_id', '=', subject.assetId)]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

export async function liveMutes(db: Db | Trx, now: Date) {
  return db
    .selectFrom('mute')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('until', '>', now)
    .orderBy('until')
    .limit(50)
    .execute();
}
