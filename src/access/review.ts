import { matchWhen } from '../approvals/plan/match-rule.js';
import { currentPolicy } from '../approvals/policy/policy-store.js';
import { type Actor, recordAudit, scheduleActor } from '../audit/record.js';
import type { Db, Trx } from '../db/database.js';
import { NotAllowedError } from '../errors.js';
import { postCard, refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { ownersOf } from './authority.js';
import { startEnding } from './end-access.js';
import { accessFacts } from './facts.js';
import { isUuid, readRequest, reference, requestQuery } from './lifecycle.js';
import { maskedAsset } from './masked.js';
import { lastUsedAt } from './usage.js';

/** Starts the campaigns whose time has come, and closes those past their deadline. Run by schedule; harmless to repeat. */
export async function runCampaigns(
  services: Services,
  now: Date,
): Promise<{ started: number; closed: number }> {
  const policy = await currentPolicy(services.db).catch(() => null);
  let started = 0;
  for (const campaign of policy?.recertification ?? []) {
    const last = await services.db
      .selectFrom('access_campaign')
      .select(['started_at', 'closed_at'])
      .where('name', '=', campaign.name)
      .orderBy('started_at', 'desc')
      .executeTakeFirst();
    if (last && (last.closed_at === null || last.started_at.getTime() + campaign.every > now.getTime()))
      continue;
    const id = await startCampaign(services, { name: campaign.name, now });
    if (id !== null) started += 1;
  }
  const due = await services.db
    .selectFrom('access_campaign')
    .select('id')
    .where('closed_at', 'is', null)
    .where('deadline', '<=', now)
    .execute();
  for (const { id } of due) await closeCampaign(services, { campaignId: id, now });
  return { started, closed: due.length };
}

/** One list per owner of the live grants that the policy's conditions cover. Null when one runs already. */
export async function startCampaign(
  services: Services,
  params: { name: string; now: Date },
): Promise<string | null> {
  const { now } = params;
  const policy = await currentPolicy(services.db);
  const definition = policy.recertification.find((item) => item.name === params.name);
  if (!definition) return null;
  const { view } = services.catalog.current();
  return services.db.transaction().execute(async (trx) => {
    const campaign = await trx
      .insertInto('access_campaign')
      .values({
        name: definition.name,
        policy_hash: policy.hash,
        started_at: now,
        deadline: new Date(now.getTime() + definition.deadline),
        on_silence: definition.onSilence,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!campaign) return null;
    const owners = new Set<string>();
    for (const grant of await requestQuery(trx).where('access_request.state', '=', 'active').execute()) {
      const asset = view.get(grant.asset_id);
      if (!asset) continue;
      const facts = accessFacts(
        asset,
        {
          level: grant.level,
          columns: grant.columns,
          durationMs: Number(grant.duration_ms),
          extension: false,
        },
        maskedAsset(services, asset),
      );
      const holder = await services.directory.byId(trx, grant.beneficiary_id);
      const conditions = matchWhen(definition.when, {
        facts,
        beneficiary: grant.beneficiary_kind,
        requesterTeams: holder?.teams ?? [],
        businessHours: true,
        requesterOnCallFor: [],
      });
      if (conditions.some((condition) => !condition.holds)) continue;
      const owner = (await ownersOf(services, trx, asset)).find(
        (person) => person.id !== grant.beneficiary_id && person.id !== grant.requester_id,
      );
      const reviewer = owner ?? (await firstAdmin(services, trx, [grant.beneficiary_id, grant.requester_id]));
      if (!reviewer) continue;
      await trx
        .insertInto('access_campaign_item')
        .values({
          campaign_id: campaign.id,
          request_id: grant.id,
          owner_id: reviewer.id,
          last_used_at: lastUsedAt(services, grant.asset_id, grant.login),
        })
        .execute();
      owners.add(reviewer.id);
    }
    await recordAudit(trx, {
      actor: scheduleActor,
      action: 'access.review_start',
      subject: { kind: 'access-campaign', id: campaign.id },
      now,
      after: { name: definition.name, owners: owners.size, onSilence: definition.onSilence },
    });
    for (const ownerId of owners) {
      await postCard(trx, {
        key: `access-review:${campaign.id}:${ownerId}`,
        to: { personId: ownerId },
        card: { kind: 'access-review', id: campaign.id, variant: ownerId },
        now,
      });
    }
    return campaign.id;
  });
}

async function firstAdmin(services: Services, db: Db | Trx, barred: readonly string[]) {
  for (const email of services.config.authority.admins) {
    const admin = await services.directory.byEmail(db, email);
    if (admin?.status === 'active' && !barred.includes(admin.id)) return admin;
  }
  return null;
}

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
  const { now } = params;
  if (!isUuid(params.campaignId) || !isUuid(params.requestId)) throw notYours();
  await services.db.transaction().execute(async (trx) => {
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
    await refreshCards(trx, { kind: 'access-review', id: params.campaignId }, now);
  });
}

function notYours(): NotAllowedError {
  return new NotAllowedError('This grant is not yours to review. Nothing was changed.');
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

async function settleItem(
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

/** At the deadline, silence means what the policy says. */
export async function closeCampaign(
  services: Services,
  params: { campaignId: string; now: Date },
): Promise<void> {
  const { campaignId, now } = params;
  await services.db.transaction().execute(async (trx) => {
    const campaign = await trx
      .updateTable('access_campaign')
      .set({ closed_at: now })
      .where('id', '=', campaignId)
      .where('closed_at', 'is', null)
      .returningAll()
      .executeTakeFirst();
    if (!campaign) return;
    const silent = await trx
      .selectFrom('access_campaign_item')
      .select('request_id')
      .where('campaign_id', '=', campaignId)
      .where('decision', 'is', null)
      .execute();
    for (const { request_id } of silent) {
      await settleItem(services, trx, {
        campaignId,
        requestId: request_id,
        decision: campaign.on_silence,
        personId: null,
        actor: scheduleActor,
        now,
        bySilence: true,
        campaign: campaign.name,
      });
    }
    await recordAudit(trx, {
      actor: scheduleActor,
      action: 'access.review_close',
      subject: { kind: 'access-campaign', id: campaignId },
      now,
      after: { silent: silent.length, onSilence: campaign.on_silence },
    });
    await refreshCards(trx, { kind: 'access-review', id: campaignId }, now);
  });
}

/** An owner's list in a campaign: undecided first. */
export async function readReview(
  db: Db | Trx,
  params: { campaignId: string; ownerId: string; offset: number; limit: number },
) {
  const campaign = await db
    .selectFrom('access_campaign')
    .selectAll()
    .where('id', '=', params.campaignId)
    .executeTakeFirst();
  if (!campaign) return null;
  const items = await db
    .selectFrom('access_campaign_item')
    .innerJoin('access_request', 'access_request.id', 'access_campaign_item.request_id')
    .innerJoin('person', 'person.id', 'access_request.beneficiary_id')
    .select([
      'access_request.id',
      'access_request.number',
      'access_request.asset_name',
      'access_request.level',
      'access_request.ends_at',
      'person.name',
      'access_campaign_item.decision',
      'access_campaign_item.by_silence',
      'access_campaign_item.last_used_at',
    ])
    .where('campaign_id', '=', params.campaignId)
    .where('owner_id', '=', params.ownerId)
    .orderBy((order) => order('access_campaign_item.decision', 'is', null), 'desc')
    .orderBy('access_request.number')
    .execute();
  return {
    campaign,
    items: items.slice(params.offset, params.offset + params.limit),
    total: items.length,
    open: items.filter((item) => item.decision === null).length,
    kept: items.filter((item) => item.decision === 'keep').length,
    silent: items.filter((item) => item.by_silence).length,
  };
}

/** Running campaigns in which this person has a list. */
export async function openReviews(db: Db | Trx, ownerId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('access_campaign_item')
    .innerJoin('access_campaign', 'access_campaign.id', 'access_campaign_item.campaign_id')
    .select('campaign_id')
    .distinct()
    .where('owner_id', '=', ownerId)
    .where('closed_at', 'is', null)
    .execute();
  return rows.map((row) => row.campaign_id);
}
