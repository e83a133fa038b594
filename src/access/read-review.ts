import type { Db, Trx } from '../db/database.js';

/** The first `limit` of an owner's list in a campaign: undecided first. */
export async function readReview(
  db: Db | Trx,
  params: { campaignId: string; ownerId: string; limit: number },
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
    items: items.slice(0, params.limit),
    total: items.length,
    open: items.filter((item) => item.decision === null).length,
    kept: items.filter((item) => item.decision === 'keep').length,
    silent: items.filter((item) => item.by_silence).length,
  };
}

export type ReviewItem = NonNullable<Awaited<ReturnType<typeof readReview>>>['items'][number];

/** Running campaigns in which something waits for this person, the nearest deadline first. */
export async function openReviews(
  db: Db | Trx,
  ownerId: string,
): Promise<{ id: string; name: string; open: number }[]> {
  const rows = await db
    .selectFrom('access_campaign_item')
    .innerJoin('access_campaign', 'access_campaign.id', 'access_campaign_item.campaign_id')
    .select(['access_campaign.id', 'access_campaign.name'])
    .select((select) => select.fn.countAll<string>().as('open'))
    .where('owner_id', '=', ownerId)
    .where('decision', 'is', null)
    .where('closed_at', 'is', null)
    .groupBy(['access_campaign.id', 'access_campaign.name', 'access_campaign.deadline'])
    .orderBy('access_campaign.deadline')
    .execute();
  return rows.map((row) => ({ ...row, open: Number(row.open) }));
}
