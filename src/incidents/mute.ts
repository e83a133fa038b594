import { sql } from 'kysely';
import { recordAudit } from '../audit/record.js';
import { mayKnowOf, type Viewer } from '../catalog/visibility.js';
import type { Db, Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';
import { utcWords } from '../utc-words.js';
import { type ActOn, changeIncident } from './change.js';
import { type Incident, referenceOf, rolesIn } from './incident.js';
import { endPlannedNotice } from './planned-work.js';
import { addEntry } from './timeline.js';

const longestMuteMs = 30 * 86_400_000;
const mostChecks = 20;

export interface MuteParams extends Omit<ActOn, 'incidentId'> {
  assetId?: string;
  fingerprint?: string;
  label: string;
  until: Date;
  reason: string;
}

/**
 * Silences one asset or one alert for a while, with a reason: visible to everybody, and over by itself. One that lasts already is replaced;
 * says until when that one would have lasted.
 */
export async function mute(
  services: Services,
  params: MuteParams,
): Promise<{ id: string; replaced: Date | null }> {
  requireSound(params);
  return services.db.transaction().execute(async (trx) => {
    services.authority.require('incident.mute', await rolesIn(services, trx, null, params.actor, params.now));
    return insertMute(trx, params);
  });
}

/**
 * Silences the alerts that an incident came from, each check by itself: what else is wrong with the same data is still heard. Says how many.
 * Their names stand in a list that everybody reads, so that those of a private incident are not named.
 */
export async function muteAlertsOf(
  services: Services,
  params: ActOn & { until: Date; reason: string },
): Promise<{ incident: Incident; checks: number }> {
  requireSound(params);
  return changeIncident(services, params, 'incident.mute', async (trx, incident) => {
    const checks = await trx
      .selectFrom('alert')
      .innerJoin('alert_group', 'alert_group.id', 'alert.group_id')
      .select(['alert.fingerprint', 'alert.title', 'alert.asset_id'])
      .distinctOn('alert.fingerprint')
      .where('alert_group.incident_id', '=', incident.id)
      .orderBy('alert.fingerprint')
      .orderBy('alert.at', 'desc')
      .limit(mostChecks)
      .execute();
    if (checks.length === 0)
      throw new InvalidInputError(
        `${referenceOf(incident)} came from no alert. Name what is to be muted, for example \`/incident mute orders for 2h because …\`. Nothing was muted.`,
      );
    for (const check of checks)
      await insertMute(trx, {
        ...params,
        fingerprint: check.fingerprint,
        label: incident.private ? 'an alert' : check.title,
        ...(check.asset_id === null ? {} : { assetId: check.asset_id }),
      });
    await addEntry(trx, {
      incidentId: incident.id,
      at: params.now,
      kind: 'action',
      text: `${checks.length === 1 ? 'Its alert' : `Its ${checks.length} alerts`} muted until ${utcWords(params.until)}: ${params.reason.trim()}`,
      actorId: params.actor.personId,
      now: params.now,
    });
    return { incident, checks: checks.length };
  });
}

function requireSound(params: Pick<MuteParams, 'until' | 'reason' | 'now'>): void {
  if (params.reason.trim() === '')
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
}

/** Whoever mutes the same thing again means it from now on: the earlier mute ends where the new one begins. */
async function endEarlier(trx: Trx, params: MuteParams): Promise<{ id: string; until: Date }[]> {
  const { assetId, fingerprint, now } = params;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`mute:${fingerprint ?? assetId}`}, 0))`.execute(
    trx,
  );
  let earlier = trx
    .updateTable('mute')
    .set({ ended_at: now })
    .where('planned', '=', false)
    .where('ended_at', 'is', null)
    .where('until', '>', now);
  earlier =
    fingerprint === undefined
      ? earlier.where('fingerprint', 'is', null).where('asset_id', '=', assetId ?? null)
      : earlier.where('fingerprint', '=', fingerprint);
  return earlier.returning(['id', 'until']).execute();
}

async function insertMute(trx: Trx, params: MuteParams): Promise<{ id: string; replaced: Date | null }> {
  const reason = params.reason.trim();
  const [replaced] = await endEarlier(trx, params);
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
    ...(replaced === undefined ? {} : { before: { mute: replaced.id, until: replaced.until.toISOString() } }),
    after: {
      asset: params.assetId ?? null,
      fingerprint: params.fingerprint ?? null,
      until: params.until.toISOString(),
    },
    text: { reason, label: params.label },
  });
  return { id: row.id, replaced: replaced?.until ?? null };
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
    await endPlannedNotice(trx, params.muteId, params.now);
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
        // A mute of one check names the asset too, and silences nothing else of it.
        ...(subject.assetId === null
          ? []
          : [eb.and([eb('fingerprint', 'is', null), eb('asset_id', '=', subject.assetId)])]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** Mutes in force, the first that ends first, without those of assets that this reader may not know of. */
export async function mutesFor(services: Services, viewer: Viewer, now: Date) {
  const { view } = services.catalog.current();
  const live = await services.db
    .selectFrom('mute')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('until', '>', now)
    .orderBy('until')
    .limit(50)
    .execute();
  return live.filter(({ asset_id: assetId }) => {
    const asset = assetId === null ? undefined : view.get(assetId);
    return asset === undefined || mayKnowOf(asset, viewer, services.config.catalog.visibility);
  });
}
