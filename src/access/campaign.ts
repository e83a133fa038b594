import { matchWhen } from '../approvals/plan/match-rule.js';
import { currentPolicy } from '../approvals/policy/policy-store.js';
import { type Actor, recordAudit, scheduleActor } from '../audit/record.js';
import type { Db, Trx } from '../db/database.js';
import { NotFoundError } from '../errors.js';
import { postCard, refreshCards } from '../jobs/outgoing.js';
import { ownersOf } from '../people/owners-of.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { standingRoles } from './authority.js';
import { accessFacts } from './facts.js';
import { reference, requestQuery } from './lifecycle.js';
import { maskedAsset } from './masked.js';
import { plannedReviews } from './planned-reviews.js';
import { settleItem } from './review.js';
import { lastUsedAt } from './usage.js';

/** Starts the campaigns whose time has come, and closes those past their deadline. Run by schedule; harmless to repeat. */
export async function runCampaigns(
  services: Services,
  now: Date,
): Promise<{ started: number; closed: number }> {
  let started = 0;
  for (const { name, dueAt } of await plannedReviews(services.db, now)) {
    if (dueAt === null || dueAt > now) continue;
    const campaignStarted = await startCampaign(services, { name, actor: scheduleActor, now });
    if (campaignStarted !== null) started += 1;
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

export interface StartedCampaign {
  id: string;
  /** How many people got a list. */
  owners: number;
  /** References of grants on no list: who holds or asked for them is all that is left of owners and administrators. */
  unreviewed: string[];
}

/**
 * One list per owner of the live grants that the policy's conditions cover. Null when one runs already. Where nothing is covered
 * it is over at once.
 */
export async function startCampaign(
  services: Services,
  params: { name: string; actor: Actor; now: Date },
): Promise<StartedCampaign | null> {
  const { now, actor } = params;
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
    const unreviewed: string[] = [];
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
      if (!reviewer) {
        unreviewed.push(reference(grant.number));
        continue;
      }
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
      actor,
      action: 'access.review_start',
      subject: { kind: 'access-campaign', id: campaign.id },
      now,
      after: { name: definition.name, owners: owners.size, onSilence: definition.onSilence, unreviewed },
    });
    for (const ownerId of owners) {
      await postCard(trx, {
        key: `access-review:${campaign.id}:${ownerId}`,
        to: { personId: ownerId },
        card: { kind: 'access-review', id: campaign.id, variant: ownerId },
        now,
      });
    }
    if (owners.size === 0)
      await trx
        .updateTable('access_campaign')
        .set({ closed_at: now })
        .where('id', '=', campaign.id)
        .execute();
    if (unreviewed.length > 0)
      services.log.warn({ campaign: definition.name, unreviewed }, unreviewedWords(unreviewed));
    return { id: campaign.id, owners: owners.size, unreviewed };
  });
}

/** What to do about grants that nobody may look at. */
function unreviewedWords(references: readonly string[]): string {
  return `Nobody may confirm ${references.join(', ')}: its dataset has no owner and Steward no administrator but whoever holds or asked for it. Name another, and begin the review again when this one is over.`;
}

async function firstAdmin(services: Services, db: Db | Trx, barred: readonly string[]) {
  for (const email of services.config.authority.admins) {
    const admin = await services.directory.byEmail(db, email);
    if (admin?.status === 'active' && !barred.includes(admin.id)) return admin;
  }
  return null;
}

/** Ahead of its time, by those who look after access. Says what came of it. */
export async function startReview(
  services: Services,
  params: { name: string; person: Person; actor: Actor; now: Date },
): Promise<string> {
  services.authority.require('access.review-start', standingRoles(services, params.person));
  const { recertification } = await currentPolicy(services.db);
  if (!recertification.some(({ name }) => name === params.name)) {
    const names = recertification.map(({ name }) => name);
    throw new NotFoundError(
      names.length === 0
        ? 'The policy names no review. Nothing was started; write one under `recertification` in the policy files.'
        : `The policy names no review “${params.name}”. Nothing was started. There ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ')}.`,
    );
  }
  const started = await startCampaign(services, params);
  if (started === null) return `The review “${params.name}” runs already. Nothing was changed.`;
  const { owners, unreviewed } = started;
  const left = unreviewed.length === 0 ? '' : ` ${unreviewedWords(unreviewed)}`;
  if (owners === 0)
    return unreviewed.length === 0
      ? `No grant is covered by the review “${params.name}” now, so it is over already.`
      : `The review “${params.name}” is over already.${left}`;
  return `The review “${params.name}” has begun: ${owners} ${owners === 1 ? 'owner is' : 'owners are'} asked.${left}`;
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
      .orderBy('request_id')
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
