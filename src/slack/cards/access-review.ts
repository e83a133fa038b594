import type { KnownBlock } from '@slack/types';
import { standingRoles } from '../../access/authority.js';
import { campaignProgress } from '../../access/export-campaign.js';
import { reference } from '../../access/lifecycle.js';
import { plannedReviews } from '../../access/planned-reviews.js';
import { openReviews, type ReviewItem, readReview } from '../../access/read-review.js';
import type { Services } from '../../services.js';
import { utcWords } from '../../utc-words.js';
import { actions, context, section } from '../blocks.js';
import type { CardRenderer, RenderedCard } from '../card.js';
import { escapeMrkdwn, escapeWithTimes, slackDate } from '../mrkdwn.js';
import type { Caller, Reply } from '../surface.js';
import { plainCard } from './approval-parts.js';

const pageSize = 12;

/** One owner's list in a recertification campaign. Variant: the owner's id. */
export const accessReviewCard: CardRenderer = {
  kind: 'access-review',
  render: (services, id, { variant }) => renderReview(services, id, variant),
};

async function renderReview(
  services: Services,
  campaignId: string,
  ownerId: string,
): Promise<RenderedCard | null> {
  const review = await readReview(services.db, { campaignId, ownerId, limit: pageSize });
  if (!review) return null;
  const { campaign, items, total, open } = review;
  const done = total - open;
  if (campaign.closed_at !== null || open === 0) {
    const words = overWords(review);
    return plainCard(words, [context(escapeMrkdwn(words))]);
  }
  const silence =
    campaign.on_silence === 'revoke'
      ? 'what you do not confirm is revoked'
      : 'what you do not decide is kept';
  const intro = `Review "${campaign.name}": do these people still need access to your datasets? ${done} of ${total} decided`;
  const blocks: KnownBlock[] = [
    section(`*${escapeMrkdwn(intro)}*. Deadline ${slackDate(campaign.deadline)}: then ${silence}.`),
    actions([
      {
        text: 'Keep all unchanged',
        actionId: 'access:review-keep-all',
        value: campaign.id,
        confirm: {
          title: 'Keep all of them?',
          text: `${open === 1 ? '1 grant stays' : `${open} grants stay`} as they are. Your name is recorded.`,
          confirm: 'Keep all',
          deny: 'Cancel',
        },
      },
      ...(open > pageSize
        ? [{ text: `All ${open}, page by page`, actionId: 'access:review-page', value: `${campaign.id}|1` }]
        : []),
    ]),
  ];
  const words: string[] = [];
  for (const item of items) {
    if (item.decision !== null) continue;
    const line = `${item.name}: ${grantWords(item)}`;
    words.push(line);
    blocks.push(
      section(escapeMrkdwn(line)),
      actions([
        {
          text: 'Keep',
          actionId: 'access:review-keep',
          value: `${campaign.id}|${item.id}`,
          label: `Keep ${reference(item.number)}`,
        },
        {
          text: 'Revoke',
          actionId: 'access:review-revoke',
          value: `${campaign.id}|${item.id}`,
          style: 'danger',
          label: `Revoke ${reference(item.number)}`,
        },
      ]),
    );
  }
  if (open > words.length) blocks.push(context(`${open - words.length} more are on further pages.`));
  return plainCard(`${intro}; then ${silence}. ${words.join('. ')}`, blocks);
}

/** `read on payouts (ACC-3), last used 2026-10-02`. Plain words. */
export function grantWords(item: ReviewItem): string {
  const used = item.last_used_at
    ? `last used ${item.last_used_at.toISOString().slice(0, 10)}`
    : 'last use not known';
  return `${item.level} on ${item.asset_name} (${reference(item.number)}), ${used}`;
}

/** What became of the list: what nobody decided is told apart from what somebody did. */
function overWords({
  campaign,
  total,
  kept,
  silent,
}: NonNullable<Awaited<ReturnType<typeof readReview>>>): string {
  const outcome = `${kept} kept, ${total - kept} revoked`;
  if (campaign.closed_at === null)
    return `Review "${campaign.name}": ${total === 1 ? 'the 1 grant on your datasets is' : `all ${total} grants on your datasets are`} decided: ${outcome}.`;
  const left = silent === 0 ? '' : `, ${silent} of them because nobody decided`;
  return `Review "${campaign.name}" is over: ${outcome}${left}.`;
}

/** How far the running campaigns are and when the next begin, for those who look after them. Plain words. */
async function progressWords(services: Services, caller: Caller): Promise<string[]> {
  if (!services.authority.can('access.review-start', standingRoles(services, caller.person))) return [];
  const running = await campaignProgress(services.db);
  const words = running.map(
    ({ name, total, decided, revoked, deadline }) =>
      `Campaign "${name}": ${decided} of ${total} decided, ${revoked} of them revoked, until ${utcWords(deadline)}.`,
  );
  const next = (await plannedReviews(services.db, caller.now)).flatMap(({ name, dueAt }) =>
    dueAt === null ? [] : [`${name} (by itself ${dueAt > caller.now ? utcWords(dueAt) : 'soon'})`],
  );
  if (next.length > 0)
    words.push(`To come: ${next.join(', ')}. \`/access review start <name>\` begins one now.`);
  return words;
}

export async function reviewReply(services: Services, caller: Caller): Promise<Reply> {
  const [first, ...others] = await openReviews(services.db, caller.person.id);
  const card = first === undefined ? null : await renderReview(services, first.id, caller.person.id);
  const words = 'No grants on your datasets wait for your review.';
  const own = card ?? plainCard(words, [section(words)]);
  const more = [
    ...others.map(({ name, open }) => `Review "${name}" waits for you too: ${open} to decide.`),
    ...(await progressWords(services, caller)),
  ];
  return {
    text: [own.text, ...more.map(escapeMrkdwn)].join(' '),
    blocks: [...own.blocks, ...more.map((line) => context(escapeWithTimes(line)))].slice(-50),
    visibility: 'asker',
  };
}
