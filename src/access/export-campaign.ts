import type { Db } from '../db/database.js';
import { reference } from './lifecycle.js';

/** One grant in a recertification campaign, as an auditor reads it: who was asked, what they said, or that they said nothing. */
export interface CampaignRecord {
  campaign: string;
  startedAt: string;
  deadline: string;
  closedAt: string | null;
  onSilence: string;
  policyVersion: string;
  reviewer: string;
  reference: string;
  holder: string;
  dataset: string;
  level: string;
  endsAt: string | null;
  lastUsedAt: string | null;
  decision: string | null;
  decidedBy: string | null;
  decidedAt: string | null;
  bySilence: boolean;
}

const pageSize = 500;

/** Every grant of every campaign of this name, oldest campaign first, page by page. Nothing where there never was one. */
export async function* exportCampaign(db: Db, params: { name: string }): AsyncGenerator<CampaignRecord> {
  const campaigns = await db
    .selectFrom('access_campaign')
    .selectAll()
    .where('name', '=', params.name)
    .orderBy('started_at')
    .execute();
  for (const campaign of campaigns) {
    let after = 0;
    for (;;) {
      const rows = await db
        .selectFrom('access_campaign_item')
        .innerJoin('access_request', 'access_request.id', 'access_campaign_item.request_id')
        .innerJoin('person as holder', 'holder.id', 'access_request.beneficiary_id')
        .innerJoin('person as reviewer', 'reviewer.id', 'access_campaign_item.owner_id')
        .leftJoin('person as decider', 'decider.id', 'access_campaign_item.decided_by')
        .select(['access_request.number', 'access_request.asset_name', 'access_request.level'])
        .select(['access_request.ends_at', 'access_campaign_item.last_used_at', 'decision', 'decided_at'])
        .select([
          'by_silence',
          'holder.name as holder',
          'reviewer.name as reviewer',
          'decider.name as decider',
        ])
        .where('campaign_id', '=', campaign.id)
        .where('access_request.number', '>', after)
        .orderBy('access_request.number')
        .limit(pageSize)
        .execute();
      for (const row of rows) {
        yield {
          campaign: campaign.name,
          startedAt: campaign.started_at.toISOString(),
          deadline: campaign.deadline.toISOString(),
          closedAt: campaign.closed_at?.toISOString() ?? null,
          onSilence: campaign.on_silence,
          policyVersion: campaign.policy_hash,
          reviewer: row.reviewer,
          reference: reference(row.number),
          holder: row.holder,
          dataset: row.asset_name,
          level: row.level,
          endsAt: row.ends_at?.toISOString() ?? null,
          lastUsedAt: row.last_used_at?.toISOString() ?? null,
          decision: row.decision,
          decidedBy: row.decider,
          decidedAt: row.decided_at?.toISOString() ?? null,
          bySilence: row.by_silence,
        };
      }
      const last = rows.at(-1);
      if (!last || rows.length < pageSize) break;
      after = last.number;
    }
  }
}

export interface CampaignProgress {
  name: string;
  deadline: Date;
  total: number;
  decided: number;
  revoked: number;
}

/** How far the running campaigns are, soonest deadline first. */
export async function campaignProgress(db: Db): Promise<CampaignProgress[]> {
  const rows = await db
    .selectFrom('access_campaign')
    .leftJoin('access_campaign_item', 'access_campaign_item.campaign_id', 'access_campaign.id')
    .select(['access_campaign.name', 'access_campaign.deadline'])
    .select((select) => [
      select.fn.count<string>('access_campaign_item.request_id').as('total'),
      select.fn.count<string>('access_campaign_item.decision').as('decided'),
      select.fn
        .count<string>('access_campaign_item.decision')
        .filterWhere('access_campaign_item.decision', '=', 'revoke')
        .as('revoked'),
    ])
    .where('access_campaign.closed_at', 'is', null)
    .groupBy(['access_campaign.id', 'access_campaign.name', 'access_campaign.deadline'])
    .orderBy('access_campaign.deadline')
    .execute();
  return rows.map((row) => ({
    name: row.name,
    deadline: row.deadline,
    total: Number(row.total),
    decided: Number(row.decided),
    revoked: Number(row.revoked),
  }));
}
