import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import { readReview } from '../../src/access/read-review.js';
import { decidePage } from '../../src/access/review.js';
import { NotFoundError } from '../../src/errors.js';
import { actions, context, plain, section } from '../../src/slack/blocks.js';
import { grantWords } from '../../src/slack/cards/access-review.js';
import { escapeMrkdwn, slackDate, truncate } from '../../src/slack/mrkdwn.js';
import type { Submission, ViewHandler } from '../../src/slack/surface.js';
import { said } from '../said.js';

const formId = 'access:review-page';
/** Slack takes ten options per group of checkboxes. */
const perGroup = 10;
const groups = 2;
const perPage = perGroup * groups;

/** What the form that was sent had shown. */
const sentPage = z.object({ campaign: z.uuid(), shown: z.array(z.uuid()) });

/** One page of an owner's list in a recertification campaign: what still waits, ticked where it goes. */
export const accessReviewView: ViewHandler = {
  callbackId: formId,
  build: async (services, caller, params) => {
    const all = await readReview(services.db, {
      campaignId: params.campaign ?? '',
      ownerId: caller.person.id,
      limit: Number.POSITIVE_INFINITY,
    });
    if (all === null || all.total === 0) throw new NotFoundError('No grants wait for you in this review.');
    const pages = Math.max(1, Math.ceil(all.open / perPage));
    const page = Math.min(pages, Math.max(1, Number.parseInt(params.page ?? '', 10) || 1));
    const { campaign } = all;
    const waiting = all.items
      .slice((page - 1) * perPage, page * perPage)
      .filter(({ decision }) => decision === null);
    const options = waiting.map((item) => ({
      text: plain(item.name, 75),
      description: plain(truncate(grantWords(item), 75), 75),
      value: item.id,
    }));
    const blocks: KnownBlock[] = [
      section(
        `*${escapeMrkdwn(campaign.name)}*: ${all.open} of ${all.total} are not decided, until ${slackDate(campaign.deadline)}. Tick what is no longer needed and send the page.`,
      ),
      ...Array.from({ length: groups }, (_, group) =>
        options.slice(group * perGroup, (group + 1) * perGroup),
      ).flatMap((group, index): KnownBlock[] =>
        group.length === 0
          ? []
          : [
              {
                type: 'input',
                block_id: `revoke-${index}`,
                optional: true,
                label: plain(index === 0 ? 'Take away' : 'and', 150),
                element: { type: 'checkboxes', action_id: 'revoke', options: group },
              },
            ],
      ),
      {
        type: 'input',
        block_id: 'rest',
        label: plain('The others on this page', 150),
        element: {
          type: 'radio_buttons',
          action_id: 'rest',
          options: [restOption('keep'), restOption('wait')],
          initial_option: restOption('keep'),
        },
      },
      ...turning(campaign.id, page, pages),
    ];
    return {
      type: 'modal',
      callback_id: formId,
      private_metadata: JSON.stringify({ campaign: campaign.id, shown: waiting.map(({ id }) => id) }),
      title: plain('Review of access', 24),
      ...(waiting.length === 0
        ? { blocks: [section('Everything here is decided. Thank you.')], close: plain('Done', 24) }
        : { blocks, submit: plain('Send this page', 24), close: plain('Cancel', 24) }),
    };
  },
  validate: async () => null,
  submit: async (services, { caller, privateMetadata, state }) => {
    const { campaign, shown } = sentPage.parse(JSON.parse(privateMetadata));
    const revoke = revokeOf(state);
    const keep =
      state.rest?.rest?.selected_option?.value === 'keep' ? shown.filter((id) => !revoke.includes(id)) : [];
    await decidePage(services, {
      campaignId: campaign,
      personId: caller.person.id,
      actor: caller.actor,
      now: caller.now,
      revoke,
      keep,
    });
    return { reply: said(`${keep.length} kept.${takenWords(revoke.length)}`) };
  },
};

function takenWords(count: number): string {
  if (count === 0) return '';
  return count === 1
    ? ' 1 is being taken back; its holder is told.'
    : ` ${count} are being taken back; their holders are told.`;
}

function restOption(value: 'keep' | 'wait') {
  return { text: plain(value === 'keep' ? 'Keep them' : 'Decide later', 75), value };
}

function revokeOf(state: Submission['state']): string[] {
  return Object.entries(state)
    .filter(([block]) => block.startsWith('revoke-'))
    .flatMap(([, inputs]) => (inputs.revoke?.selected_options ?? []).map(({ value }) => value));
}

/** Turning forgets what is ticked, so it says to send the page first. */
function turning(campaignId: string, at: number, pages: number): KnownBlock[] {
  if (pages === 1) return [];
  return [
    context(`Page ${at} of ${pages}. Turning does not send what is ticked.`),
    actions([
      ...(at > 1
        ? [{ text: 'Earlier', actionId: 'access:review-earlier', value: `${campaignId}|${at - 1}` }]
        : []),
      ...(at < pages
        ? [{ text: 'Later', actionId: 'access:review-later', value: `${campaignId}|${at + 1}` }]
        : []),
    ]),
  ];
}
