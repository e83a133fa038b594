import type { KnownBlock } from '@slack/types';
import type { RequestView } from '../../approvals/approvals.js';
import { spokenDuration } from '../../approvals/plan/match-rule.js';
import { type ButtonParams, context, section } from '../blocks.js';
import type { RenderedCard } from '../card.js';
import { escapeMrkdwn, slackDate, truncate } from '../mrkdwn.js';

/** How a request's approval looks on any card: access, backfill, definition. Words first; nothing by colour or emoji alone. */

const stageMark = {
  waiting: ':black_small_square:',
  open: ':hourglass_flowing_sand:',
  passed: ':white_check_mark:',
  skipped: ':fast_forward:',
  ended: ':heavy_minus_sign:',
} as const;
const stageWord = {
  waiting: 'comes later',
  open: 'waiting',
  passed: 'approved',
  skipped: 'skipped',
  ended: 'not needed any more',
} as const;

/** `Owner: waiting for Owen or Olga`. Plain words, not escaped. */
export function stageSentence(stage: RequestView['stages'][number]): string {
  const given = stage.given
    .map((item) => (item.standingInFor === null ? item.name : `${item.name} for ${item.standingInFor}`))
    .join(', ');
  const names = listNames(stage.candidates);
  if (stage.state === 'open') {
    const left = Math.max(1, stage.needed - stage.given.length);
    const everybody = left > 1 && left === stage.candidates.length;
    const count = left > 1 && !everybody ? `${left} of ` : '';
    const waiting =
      names === ''
        ? 'nobody can decide it at the moment; an administrator is told'
        : `waiting for ${count}${everybody ? listNames(stage.candidates, { joined: 'and' }) : names}`;
    return `${stage.name}: ${given === '' ? '' : `${given} approved, `}${waiting}`;
  }
  if (stage.state === 'waiting') return `${stage.name}: comes later${names === '' ? '' : ` (${names})`}`;
  return `${stage.name}: ${stageWord[stage.state]}${given === '' ? '' : ` by ${given}`}`;
}

export function listNames(
  names: readonly string[],
  { most = 6, joined = 'or' }: { most?: number; joined?: 'or' | 'and' } = {},
): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} ${joined} ${rest} others`;
  return shown.length === 1
    ? (shown[0] ?? '')
    : `${shown.slice(0, -1).join(', ')} ${joined} ${shown[shown.length - 1]}`;
}

/** One sentence on where the approval stands, for `text`. Plain words. */
export function approvalSentence(view: RequestView): string {
  // Reasons of people and policies may end with a full stop of their own.
  return standing(view).replace(/[.\s]+$/, '');
}

function standing(view: RequestView): string {
  switch (view.state) {
    case 'pending':
      return view.stages
        .filter((stage) => stage.state === 'open')
        .map(stageSentence)
        .join('. ');
    case 'approved':
      if (view.how === 'policy') return `Approved by policy: ${view.outcomeReason ?? view.rule}`;
      if (view.how === 'break-glass')
        return `Break-glass by ${view.decidedBy ?? view.requester.name}: ${view.outcomeReason ?? ''}`;
      return approvedSentence(view);
    case 'denied':
      return `Denied by ${view.decidedBy ?? 'an approver'}: ${view.outcomeReason ?? ''}`;
    case 'withdrawn':
      return `Withdrawn by ${view.requester.name}`;
    case 'expired':
    case 'cancelled':
      return view.outcomeReason ?? `It was ${view.state}`;
  }
}

/** By whom, and what they said to whoever asked. */
function approvedSentence(view: RequestView): string {
  const given = view.stages.flatMap((stage) => stage.given);
  const said = given.flatMap(({ name, reason }) => (reason ? [`${name} says: ${reason}`] : []));
  return [`Approved by ${[...new Set(given.map(({ name }) => name))].join(', ')}`, ...said].join('. ');
}

const ticketWords = {
  there: ' (there when it was asked)',
  unknown: ' (could not be looked up when it was asked)',
  'not asked': '',
} as const;

/** The ticket of a request and what its system said of it; null where none was given. */
export function ticketLine(view: Pick<RequestView, 'ticket' | 'ticketSeen'>): string | null {
  if (!view.ticket) return null;
  return `*Ticket:* ${escapeMrkdwn(view.ticket)}${ticketWords[view.ticketSeen ?? 'not asked']}`;
}

/** What it is for, where policy let whoever asked choose; null where it did not. */
export function purposeLine({ purpose }: Pick<RequestView, 'purpose'>): string | null {
  return purpose ? `*Purpose:* ${escapeMrkdwn(purpose)} (terms accepted)` : null;
}

/** Why, what for and by which ticket, in plain words, for whoever reads no blocks; empty where none of it was given. */
export function askedWords(view: Pick<RequestView, 'reason' | 'purpose' | 'ticket' | 'ticketSeen'>): string {
  return [
    view.reason ? `Why: ${view.reason}` : null,
    view.purpose ? `Purpose: ${view.purpose} (terms accepted)` : null,
    view.ticket ? `Ticket: ${view.ticket}${ticketWords[view.ticketSeen ?? 'not asked']}` : null,
  ]
    .filter((one) => one !== null)
    .join('. ');
}

/** Stages, reason, ticket and purpose as blocks. */
export function approvalBlocks(view: RequestView): KnownBlock[] {
  const blocks: KnownBlock[] = [];
  if (view.stages.length > 0) {
    const lines = view.stages.map(
      (stage) => `${stageMark[stage.state]} ${escapeMrkdwn(stageSentence(stage))}`,
    );
    blocks.push(section(lines.join('\n')));
  }
  const said: string[] = [];
  if (view.reason) said.push(`*Why:* ${escapeMrkdwn(view.reason)}`);
  const purpose = purposeLine(view);
  if (purpose !== null) said.push(purpose);
  const ticket = ticketLine(view);
  if (ticket !== null) said.push(ticket);
  if (said.length > 0) blocks.push(section(said.join('\n')));
  const until = view.state === 'pending' ? `Undecided until ${slackDate(view.expiresAt)}. ` : '';
  blocks.push(context(`${until}Rule: ${escapeMrkdwn(view.rule)}`));
  return blocks;
}

/**
 * Buttons for whoever is asked now; `reader` is who alone reads it, if anybody does. Values are ids only; whether the person may is
 * checked when they press.
 */
export function decisionButtons(view: RequestView, reader: string | null | undefined): ButtonParams[] {
  if (!isAsked(view, reader)) return [];
  return [
    {
      text: 'Approve',
      actionId: 'approval:approve',
      value: view.requestId,
      style: 'primary',
      label: `Approve ${view.reference}`,
    },
    {
      text: 'Deny',
      actionId: 'approval:deny',
      value: view.requestId,
      style: 'danger',
      label: `Deny ${view.reference}, with a reason`,
    },
  ];
}

/** Whether the open stage waits for this reader; where several read along, for one of them. */
export function isAsked(view: RequestView, reader: string | null | undefined): boolean {
  return view.state === 'pending' && (reader == null || view.asked.includes(reader));
}

export function requesterButtons(view: RequestView): ButtonParams[] {
  if (view.state !== 'pending') return [];
  const buttons: ButtonParams[] = [
    {
      text: 'Withdraw',
      actionId: 'approval:withdraw',
      value: view.requestId,
      confirm: {
        title: 'Withdraw this request?',
        text: 'Nobody will decide it any more. You can ask again.',
        confirm: 'Withdraw',
        deny: 'Keep it',
      },
    },
  ];
  if (view.breakGlass)
    buttons.push({ text: 'Emergency access', actionId: 'approval:break-glass', value: view.requestId });
  return buttons;
}

/** `usually decided within 4 hours of working time`. */
export function usualSentence(usualMs: number | null): string {
  return usualMs === null
    ? 'No usual time is known yet.'
    : `Usually decided within ${spokenDuration(Math.max(60_000, usualMs))} of working time.`;
}

/** A card whose fallback text is plain words: people and catalogs wrote parts of it, so it is escaped here, once. */
export function plainCard(text: string, blocks: KnownBlock[]): RenderedCard {
  return { text: truncate(escapeMrkdwn(text.replace(/\s+/g, ' ').trim()), 3_900), blocks };
}
