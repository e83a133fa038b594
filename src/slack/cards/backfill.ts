import type { KnownBlock } from '@slack/types';
import type { RequestView } from '../../approvals/approvals.js';
import { describeSeconds } from '../../backfills/estimate.js';
import type { BackfillRow } from '../../backfills/events.js';
import { type Progress, progressOf } from '../../backfills/progress.js';
import { referenceOf } from '../../backfills/reference.js';
import { maySeeOf } from '../../backfills/visibility.js';
import type { Services } from '../../services.js';
import { actions, type ButtonParams, context, section } from '../blocks.js';
import type { CardContext, CardRenderer, RenderedCard } from '../card.js';
import { escapeMrkdwn, mention } from '../mrkdwn.js';
import {
  approvalSentence,
  decisionButtons,
  purposeLine,
  stageSentence,
  ticketLine,
} from './approval-parts.js';
import { bar, etaWords, failureWords, paceWords, previewLines, progressWords } from './backfill-words.js';

const marks: Record<BackfillRow['state'], string> = {
  requested: ':hourglass_flowing_sand:',
  waiting: ':hourglass:',
  running: ':arrows_counterclockwise:',
  paused: ':double_vertical_bar:',
  halted: ':octagonal_sign:',
  cancelling: ':hourglass_flowing_sand:',
  verifying: ':mag:',
  succeeded: ':white_check_mark:',
  failed: ':x:',
  cancelled: ':no_entry_sign:',
  declined: ':no_entry_sign:',
  withdrawn: ':no_entry_sign:',
  expired: ':no_entry_sign:',
  joined: ':link:',
};

const stateWords: Record<BackfillRow['state'], string> = {
  requested: 'waits for approval',
  waiting: 'approved, waits for its turn',
  running: 'running',
  paused: 'paused',
  halted: 'stopped by itself',
  cancelling: 'being cancelled',
  verifying: 'being verified',
  succeeded: 'done',
  failed: 'ended with failures',
  cancelled: 'cancelled',
  declined: 'declined',
  withdrawn: 'withdrawn',
  expired: 'expired without a decision',
  joined: 'joined another backfill',
};

const openStates: readonly BackfillRow['state'][] = [
  'requested',
  'waiting',
  'running',
  'paused',
  'halted',
  'cancelling',
  'verifying',
];

/** One message through the whole life of a backfill: preview, approval, bar, result. */
export const backfillCard: CardRenderer = {
  kind: 'backfill',
  live: true,
  async render(services, id, context): Promise<RenderedCard | null> {
    const backfill = await services.db
      .selectFrom('backfill')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (backfill === undefined) return null;
    const card = await showBackfill(services, backfill, context);
    // Answers name the backfill, and lead to its card.
    return context.variant === 'channel' ? { ...card, linked: true } : card;
  },
};

/** The card of a backfill as it stands now, for this kind of reader. */
export async function showBackfill(
  services: Services,
  backfill: BackfillRow,
  { variant, reader, now }: CardContext,
): Promise<RenderedCard> {
  const progress = await progressOf(services.db, backfill, now);
  const requester =
    backfill.requested_by === null ? null : await services.directory.byId(services.db, backfill.requested_by);
  const approval =
    backfill.state === 'requested'
      ? await services.approvals.view(services.db, { kind: 'backfill', subjectId: backfill.id, now })
      : null;
  const incident =
    backfill.incident_id === null
      ? null
      : ((await services.db
          .selectFrom('incident')
          .select(['number', 'private'])
          .where('id', '=', backfill.incident_id)
          .executeTakeFirst()) ?? null);
  return renderBackfill(services, { backfill, progress, variant, reader, requester, approval, incident });
}

interface Shown {
  backfill: BackfillRow;
  progress: Progress;
  variant: string;
  reader?: string | null | undefined;
  requester: { slackId: string | null; name: string } | null;
  /** Who has to approve and who has; null once that is over. */
  approval: RequestView | null;
  /** The incident it serves. */
  incident: { number: number; private: boolean } | null;
}

export function renderBackfill(services: Services, shown: Shown): RenderedCard {
  const { backfill, variant } = shown;
  // A channel is read by anybody: only what everybody may see is named there.
  const openToAll = maySeeOf(services.config, { teams: [] });
  const isOpen = (assetId: string): boolean => {
    const asset = services.catalog.current().view.get(assetId);
    return asset !== undefined && openToAll(asset);
  };
  const inChannel = variant === 'channel';
  const name = inChannel && !isOpen(backfill.asset_id) ? 'a restricted dataset' : backfill.asset_name;
  const reference = referenceOf(backfill);
  const state = wordsOf(backfill);
  const title = `${reference} ${name}: ${state.words}`;
  const blocks: KnownBlock[] = [
    section(`${state.mark} *${reference}* · *${escapeMrkdwn(name)}* · ${state.words}`),
  ];
  const words =
    variant === 'downstream' ? [downstreamWords(backfill, name)] : bodyWords(shown, isOpen, inChannel);
  if (words.length > 0) blocks.push(section(words.join('\n')));
  const buttons = buttonsOf(shown);
  const stages = shown.approval?.stages.map((stage) => escapeMrkdwn(stageSentence(stage))) ?? [];
  const rule = shown.approval === null ? '' : ` by rule “${escapeMrkdwn(shown.approval.rule)}”`;
  if (stages.length > 0) blocks.push(section(`*Approval*${rule}\n${stages.join('\n')}`));
  if (buttons.length > 0) blocks.push(actions(buttons));
  blocks.push(context(footer(shown, inChannel && !isOpen(backfill.asset_id))));
  const approval = shown.approval === null ? [] : [approvalSentence(shown.approval)];
  const text = sentences([title, ...approval, ...words.map(plainOf)]).slice(0, 2_500);
  return { text, blocks };
}

function bodyWords(shown: Shown, isOpen: (assetId: string) => boolean, inChannel: boolean): string[] {
  const { backfill, progress, variant } = shown;
  const lines: string[] = [];
  const begun = backfill.started_at !== null;
  if (!begun && openStates.includes(backfill.state)) {
    if (!inChannel || isOpen(backfill.asset_id)) lines.push(`*Why:* ${escapeMrkdwn(backfill.reason)}`);
    const ticket = shown.approval === null ? null : ticketLine(shown.approval);
    if (ticket !== null) lines.push(ticket);
    const purpose = shown.approval === null ? null : purposeLine(shown.approval);
    if (purpose !== null) lines.push(purpose);
    lines.push(...previewLines(backfill.preview, variant === 'requester' ? () => true : isOpen));
    lines.push(
      `*Run:* ${backfill.direction === 'forward' ? 'oldest' : 'newest'} first, ${backfill.concurrency} at once, stops after ${backfill.stop_after} failures`,
    );
  }
  if (begun) {
    lines.push(`*Partitions:* ${escapeMrkdwn(backfill.preview.readBack)}`);
    // Whoever approved sees how it ends; a bar that moves in every approver's messages would use up the updates of all.
    if (variant !== 'approver' || backfill.finished_at !== null)
      lines.push(
        `\`${bar(backfill.state === 'succeeded' ? 100 : progress.percent)}\`  ${progressWords(progress)}${tookWords(backfill)}`,
      );
    if (backfill.state === 'running' && variant !== 'approver') {
      const pace = paceWords(progress);
      lines.push(`${pace === null ? '' : `${pace}, `}${etaWords(progress.eta)}`);
    }
    if (progress.lastFailure !== null) lines.push(failureWords(progress.lastFailure));
  }
  if (backfill.hold !== null) lines.push(`:point_right: ${escapeMrkdwn(backfill.hold)}`);
  for (const check of backfill.verification?.checks ?? []) {
    const mark =
      check.result === 'pass' ? ':white_check_mark:' : check.result === 'fail' ? ':x:' : ':grey_question:';
    lines.push(`${mark} ${escapeMrkdwn(check.words)}`);
  }
  return lines;
}

/** Ended well and seen to be wrong later, or not seen to be right yet, is not simply done. */
function wordsOf(backfill: BackfillRow): { mark: string; words: string } {
  const verdict = backfill.verification?.verdict;
  if (backfill.state === 'succeeded' && verdict === 'failed')
    return { mark: ':x:', words: 'done, and found wrong later' };
  if (backfill.state === 'succeeded' && verdict === 'unverified')
    return {
      mark: ':heavy_check_mark:',
      words: rightSoFar(backfill) ? 'done, not verified yet' : 'done, could not be verified',
    };
  if (backfill.state === 'succeeded') return { mark: marks.succeeded, words: 'done and verified' };
  return { mark: marks[backfill.state], words: stateWords[backfill.state] };
}

/** Something was looked at and is right; more is awaited. */
function rightSoFar({ verification }: BackfillRow): boolean {
  return (verification?.checks ?? []).some(({ name, result }) => name !== 'runs' && result === 'pass');
}

function tookWords({ started_at, finished_at }: BackfillRow): string {
  if (started_at === null || finished_at === null) return '';
  return ` in ${describeSeconds((finished_at.getTime() - started_at.getTime()) / 1000)}`;
}

function downstreamWords(backfill: BackfillRow, name: string): string {
  const partitions = escapeMrkdwn(backfill.preview.readBack);
  return backfill.state === 'failed'
    ? `A backfill of *${escapeMrkdwn(name)}*, which your assets are built from, ended with failures (${partitions}). Do not rely on those partitions until it is retried.`
    : `*${escapeMrkdwn(name)}*, which a tier-1 asset of yours is built from, was rebuilt (${partitions}). Numbers of that time may have changed.`;
}

/** At most three show, the rest is in the overflow. Ids only: what may be done is asked again when pressed. */
function buttonsOf({ backfill, progress, variant, reader, approval }: Shown): ButtonParams[] {
  const value = backfill.id;
  const all: Record<string, ButtonParams> = {
    pause: { text: 'Pause', actionId: 'backfill:pause', value },
    resume: { text: 'Go on', actionId: 'backfill:resume', value, style: 'primary' },
    retry: { text: 'Retry failed', actionId: 'backfill:retry', value, style: 'primary' },
    accept: {
      text: 'Start with what is true now',
      actionId: 'backfill:accept-change',
      value,
      style: 'primary',
    },
    again: {
      text: 'Start again',
      actionId: 'backfill:start-again',
      value,
      confirm: {
        title: 'Start again?',
        text: 'Only if you have seen that no such run exists there: else it would run twice.',
        confirm: 'Start again',
      },
    },
    cancel: {
      text: 'Cancel',
      actionId: 'backfill:cancel',
      value,
      style: 'danger',
      confirm: {
        title: 'Cancel this backfill?',
        text: 'What has been rebuilt stays. What runs is stopped where that is possible.',
        confirm: 'Cancel it',
        deny: 'Keep it',
      },
    },
    withdraw: { text: 'Withdraw', actionId: 'backfill:cancel', value },
    watch: { text: 'Tell me how it ends', actionId: 'backfill:watch', value },
  };
  const pick = (...names: string[]): ButtonParams[] => names.flatMap((name) => all[name] ?? []);
  const watch = variant === 'channel' ? ['watch'] : [];
  if (variant === 'downstream') return [];
  switch (backfill.state) {
    case 'requested':
      if (variant === 'approver') return approval === null ? [] : decisionButtons(approval, reader);
      return variant === 'requester' ? pick('withdraw') : [];
    case 'waiting':
      return pick('cancel', ...watch);
    case 'running':
      return (progress.byState.unknown ?? 0) > 0
        ? pick('again', 'pause', 'cancel', ...watch)
        : pick('pause', 'cancel', ...watch);
    case 'paused':
      return pick('resume', 'cancel', ...watch);
    case 'halted':
      if (backfill.started_at === null && variant === 'requester') return pick('cancel');
      return backfill.started_at === null
        ? pick('accept', 'cancel')
        : pick(...(progress.failed > 0 ? ['retry'] : []), 'resume', 'cancel', ...watch);
    case 'failed':
      return progress.failed > 0 ? pick('retry') : [];
    default:
      return [];
  }
}

function footer({ backfill, requester, incident }: Shown, unnamed: boolean): string {
  const parts = [
    requester === null ? '' : `asked for by ${mention(requester)}`,
    unnamed ? '' : `${escapeMrkdwn(backfill.executor)} / ${escapeMrkdwn(backfill.pipeline)}`,
    escapeMrkdwn(backfill.time_zone),
    backfill.rule === null ? '' : `rule ${escapeMrkdwn(backfill.rule)}`,
    incident === null ? '' : incident.private ? 'serves an incident' : `serves INC-${incident.number}`,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** One after the other, each with one full stop. */
function sentences(parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`))
    .join(' ');
}

/** Without marks that a screen reader would spell out. */
function plainOf(line: string): string {
  return line
    .replace(/:[a-z_]+: ?/g, '')
    .replace(/[*`]/g, '')
    .replace(/[▓░]+ ?/g, '');
}
