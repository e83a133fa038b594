import { type Actor, recordAudit } from '../audit/record.js';
import type { Trx } from '../db/database.js';
import { NotAllowedError } from '../errors.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { startEnding } from './end-access.js';
import { isUuid, readRequest, reference } from './lifecycle.js';

export interface ReviewDecision {
  campaignId: string;
  personId: string;
  actor: Actor;
  now: Date;
}

/** Keeps or revokes one grant. The last word before the deadline counts; a revoke cannot be taken back here. */
export async function reviewItem(
  services: Services,
  params: ReviewDecision & { requestId: string; decision: 'keep' | 'revoke' },
): Promise<void> {
  await services.db.transaction().execute((trx) => reviewIn(services, trx, params));
}

async function reviewIn(
  services: Services,
  trx: Trx,
  params: ReviewDecision & { requestId: string; decision: 'keep' | 'revoke' },
): Promise<void> {
  if (!isUuid(params.campaignId) || !isUuid(params.requestId)) throw notYours();
  const item = await trx
    .selectFrom('access_campaign_item')
    .innerJoin('access_campaign', 'access_campaign.id', 'access_campaign_item.campaign_id')
    .select([
      'access_campaign_item.owner_id',
      'access_campaign_item.decision',
      'access_campaign.closed_at',
      'access_campaign.name',
    ])
    .where('campaign_id', '=', params.campaignId)
    .where('request_id', '=', params.requestId)
    .forUpdate('access_campaign_item')
    .executeTakeFirst();
  if (!item || item.owner_id !== params.personId) {
    throw notYours();
  }
  if (item.closed_at !== null || item.decision === 'revoke') {
    throw new NotAllowedError('This was decided already. Nothing was changed.');
  }
  await settleItem(services, trx, { ...params, bySilence: false, campaign: item.name });
  await refreshCards(trx, { kind: 'access-review', id: params.campaignId }, params.now);
}

function notYours(): NotAllowedError {
  return new NotAllowedError('This grant is not yours to review. Nothing was changed.');
}

/** A page of the list at once: what was ticked is taken back, the others stay or wait. Another's or a decided one refuses it all. */
export async function decidePage(
  services: Services,
  params: ReviewDecision & { revoke: readonly string[]; keep: readonly string[] },
): Promise<void> {
  const { revoke, keep, ...by } = params;
  await services.db.transaction().execute(async (trx) => {
    for (const requestId of [...revoke].sort())
      await reviewIn(services, trx, { ...by, requestId, decision: 'revoke' });
    for (const requestId of keep) await reviewIn(services, trx, { ...by, requestId, decision: 'keep' });
  });
}

/** Keeps everything on this owner's list that is undecided, in one press. */
export async function keepAll(services: Services, params: ReviewDecision): Promise<number> {
  if (!isUuid(params.campaignId)) throw notYours();
  const rows = await services.db
    .selectFrom('access_campaign_item')
    .select('request_id')
    .where('campaign_id', '=', params.campaignId)
    .where('owner_id', '=', params.personId)
    .where('decision', 'is', null)
    .execute();
  for (const row of rows)
    await reviewItem(services, { ...params, requestId: row.request_id, decision: 'keep' });
  return rows.length;
}

/** Writes one decision down and, where it says so, begins to take the grant back. */
export async function settleItem(
  services: Services,
  trx: Trx,
  params: {
    campaignId: string;
    requestId: string;
    decision: 'keep' | 'revoke';
    personId: string | null;
    actor: Actor;
    now: Date;
    bySilence: boolean;
    campaign: string;
  },
): Promise<void> {
  const { now, decision } = params;
  await trx
    .updateTable('access_campaign_item')
    .set({ decision, decided_by: params.personId, decided_at: now, by_silence: params.bySilence })
    .where('campaign_id', '=', params.campaignId)
    .where('request_id', '=', params.requestId)
    .execute();
  await recordAudit(trx, {
    actor: params.actor,
    action: `access.review_${decision}`,
    subject: { kind: 'access', id: params.requestId },
    now,
    after: { campaignId: params.campaignId, bySilence: params.bySilence },
  });
  if (decision === 'keep') return;
  const request = await readRequest(trx, params.requestId, true);
  if (!['approved', 'provisioning', 'active'].includes(request.state)) return;
  const reason = params.bySilence
    ? `Nobody confirmed ${reference(request.number)} in the review "${params.campaign}".`
    : `It was not confirmed in the review "${params.campaign}".`;
  await startEnding(services, trx, request, {
    how: 'revoked',
    reason,
    by: params.personId,
    actor: params.actor,
    now,
  });
}
