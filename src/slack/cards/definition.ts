import type { KnownBlock } from '@slack/types';
import type { RequestView } from '../../approvals/approvals.js';
import { isHidden, mayRead } from '../../catalog/visibility.js';
import { brokenReferences } from '../../definitions/check-text.js';
import { todayIn } from '../../definitions/freeze.js';
import { cardKind, type DefinitionRow, referenceOf } from '../../definitions/record.js';
import type { Services } from '../../services.js';
import { actions, type ButtonParams, context, section } from '../blocks.js';
import type { CardRenderer, RenderedCard } from '../card.js';
import { escapeMrkdwn, link, mention, truncate } from '../mrkdwn.js';
import {
  approvalBlocks,
  approvalSentence,
  decisionButtons,
  plainCard,
  requesterButtons,
} from './approval-parts.js';
import { changeBlocksText, changesOf, impactLines } from './definition-words.js';

const stateWords: Record<DefinitionRow['state'], string> = {
  proposed: 'waits for approval',
  approved: 'approved, not yet in the source',
  'in-source': 'in the source',
  denied: 'denied',
  withdrawn: 'withdrawn',
  expired: 'expired without a decision',
  cancelled: 'cancelled',
};
const marks: Record<DefinitionRow['state'], string> = {
  proposed: ':hourglass_flowing_sand:',
  approved: ':ballot_box_with_check:',
  'in-source': ':white_check_mark:',
  denied: ':no_entry_sign:',
  withdrawn: ':no_entry_sign:',
  expired: ':no_entry_sign:',
  cancelled: ':no_entry_sign:',
};

/** One message through the life of a change: both texts, who is affected, who decides, the patch, and when the source has it. */
export const definitionCard: CardRenderer = {
  kind: cardKind,
  async render(services, id, { variant, reader, now }): Promise<RenderedCard | null> {
    const change = await services.db
      .selectFrom('definition_change')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (change === undefined) return null;
    const approval = await services.approvals.view(services.db, {
      kind: 'definition',
      subjectId: id,
      now,
    });
    const requester =
      change.requested_by === null ? null : await services.directory.byId(services.db, change.requested_by);
    return renderDefinition(services, { change, approval, requester, variant, reader });
  },
};

interface Shown {
  change: DefinitionRow;
  approval: RequestView | null;
  requester: { slackId: string | null; name: string } | null;
  variant: string;
  reader?: string | null | undefined;
}

function renderDefinition(services: Services, shown: Shown): RenderedCard | null {
  const { change, approval, requester, variant } = shown;
  const openToAll = isOpenToAll(services, change.asset_id);
  // It may have been closed since it was posted: a channel is read by anybody.
  if (variant === 'channel' && !openToAll)
    return plainCard(`${referenceOf(change)}: ${stateWords[change.state]}.`, [
      section(`*${referenceOf(change)}* · ${stateWords[change.state]}`),
    ]);
  const reference = referenceOf(change);
  const waits = waitingSentence(services, change, variant);
  const mayWithdraw = change.state === 'approved' && (variant === 'requester' || variant === 'keeper');
  const what = change.kind === 'change' ? 'New definition of' : 'Deprecation of';
  const blocks: KnownBlock[] = [
    section(
      `${marks[change.state]} *${reference}* · ${what} *${escapeMrkdwn(change.asset_name)}* · ${stateWords[change.state]}`,
    ),
  ];
  const changes = changesOf(change);
  const broken = change.state === 'proposed' ? brokenIn(services, change) : [];
  for (const field of changes) blocks.push(section(changeBlocksText(field, change.state === 'in-source')));
  if (change.kind === 'deprecate') blocks.push(section(escapeMrkdwn(deprecationSentence(change))));
  if (change.state === 'proposed') {
    // Whoever proposed it may know of more than whoever decides, or reads along in a channel.
    const maySee = variant === 'requester' ? () => true : (id: string) => isOpenToAll(services, id);
    blocks.push(section(impactLines(change.impact, maySee)));
    if (broken.length > 0) blocks.push(section(`:warning: ${escapeMrkdwn(brokenSentence(broken))}`));
  }
  if (approval !== null) {
    blocks.push(...approvalBlocks(approval));
    const buttons =
      variant === 'approver'
        ? decisionButtons(approval, shown.reader)
        : variant === 'requester'
          ? requesterButtons(approval)
          : [];
    if (buttons.length > 0) blocks.push(actions(buttons));
  }
  blocks.push(...pullRequestBlocks(change), ...patchBlocks(change));
  if (waits !== null) blocks.push(section(escapeMrkdwn(waits)));
  if (mayWithdraw) blocks.push(actions([withdrawButton(change)]));
  const who = requester === null ? '' : `proposed by ${mention(requester)} · `;
  const log = change.thread_permalink === null ? '' : ` · ${link(change.thread_permalink, 'decision log')}`;
  blocks.push(
    context(`${who}${change.kind === 'change' ? 'holds from' : 'last day'} ${change.effective_date}${log}`),
  );
  const text = [
    `${reference}: ${what.toLowerCase()} ${change.asset_name}, ${stateWords[change.state]}.`,
    ...changes.map(({ name, to }) => `${name}: ${truncate(to, 600).replace(/[.]$/, '')}.`),
    ...(change.kind === 'deprecate' ? [deprecationSentence(change)] : []),
    ...(broken.length === 0 ? [] : [brokenSentence(broken)]),
    ...(change.state === 'proposed' ? [`Why: ${change.reason.replace(/[.]$/, '')}.`] : []),
    ...(approval === null ? [] : [`${approvalSentence(approval)}.`]),
    ...(change.state !== 'approved' || change.pull_request_url === null
      ? []
      : ['Its pull request is in the source’s repository.']),
    ...(change.state === 'withdrawn' && change.pull_request_url !== null ? [closeItSentence] : []),
    ...(waits === null ? [] : [waits]),
  ].join(' ');
  return plainCard(text, blocks);
}

/** Only what everybody may know of counts as known: the card stands where others read it. */
function brokenIn(services: Services, change: DefinitionRow): string[] {
  const { view } = services.catalog.current();
  const asset = view.get(change.asset_id);
  return asset === undefined
    ? []
    : brokenReferences(view, asset, change.proposed, (one) => !isHidden(services.config, one));
}

function brokenSentence(names: readonly string[]): string {
  return `The new text points at what the catalog does not have: ${names.join(', ')}.`;
}

function deprecationSentence(change: DefinitionRow): string {
  const instead = change.successor === null ? 'Nothing takes its place.' : `Use ${change.successor} instead.`;
  return `Last day of use: ${change.last_day ?? change.effective_date}. ${instead}`;
}

/** Since when it is approved without its source having it, and for whoever looks after it what can be done. */
function waitingSentence(services: Services, change: DefinitionRow, variant: string): string | null {
  if (change.state !== 'approved' || change.approved_at === null) return null;
  const since = `Approved on ${todayIn(services.config, change.approved_at)}, and the source does not have it yet.`;
  if (variant !== 'keeper') return since;
  const how = change.pull_request_url === null ? 'Bring the patch there' : 'Have its pull request merged';
  return `${since} ${how}, or withdraw it.`;
}

const closeItSentence = 'Its pull request stays where it is: close it there.';

function withdrawButton(change: DefinitionRow): ButtonParams {
  return {
    text: 'Withdraw',
    actionId: 'definition:withdraw',
    value: change.id,
    label: `Withdraw ${referenceOf(change)}`,
    confirm: {
      title: 'Withdraw this change?',
      text: 'It stays as the source has it now. Whoever wants the change proposes it again.',
      confirm: 'Withdraw',
      deny: 'Keep it',
    },
  };
}

/** Where the repository has it, or why it does not. */
function pullRequestBlocks(change: DefinitionRow): KnownBlock[] {
  if (change.pull_request_url !== null)
    return [
      section(
        `:arrow_right: ${link(change.pull_request_url, 'Pull request in the source’s repository')}${change.state === 'withdrawn' ? `. ${closeItSentence}` : ''}`,
      ),
    ];
  if (change.pull_request_error === null || change.state !== 'approved') return [];
  return [
    section(
      `:warning: No pull request yet: ${escapeMrkdwn(truncate(change.pull_request_error, 400))} Apply the patch by hand, or mend it; it is tried every ten minutes.`,
    ),
  ];
}

/** The patch for whoever keeps the source, until the source has it or its repository was asked. */
function patchBlocks(change: DefinitionRow): KnownBlock[] {
  if (change.patch === null || change.state !== 'approved' || change.pull_request_url !== null) return [];
  const intro =
    change.patch_file === null
      ? 'Its source has no file that Steward can edit:'
      : `Patch for \`${escapeMrkdwn(change.patch_file.replaceAll('`', ''))}\` (\`git apply\`):`;
  // Three backticks would end the block early.
  const patch = escapeMrkdwn(change.patch.replaceAll('```', "'''"));
  return [section(`${intro}\n\`\`\`${truncate(patch, 2_700)}\`\`\``)];
}

function isOpenToAll(services: Services, assetId: string): boolean {
  const asset = services.catalog.current().view.get(assetId);
  return asset !== undefined && mayRead(asset, { teams: [] }, services.config.catalog.visibility);
}
