import type { KnownBlock } from '@slack/types';
import { type AccessRow, reference, requestQuery, spokenState } from '../../access/lifecycle.js';
import { leftWords } from '../../access/read-access.js';
import type { RequestView } from '../../approvals/approvals.js';
import { utcWords } from '../../utc-words.js';
import { actions, type ButtonParams, context, section } from '../blocks.js';
import type { CardRenderer, RenderedCard } from '../card.js';
import { escapeMrkdwn, escapeWithTimes, slackDate, truncate } from '../mrkdwn.js';
import {
  approvalBlocks,
  approvalSentence,
  askedWords,
  decisionButtons,
  plainCard,
  requesterButtons,
} from './approval-parts.js';

/**
 * One access request through its whole life. `requester`: with what its holder may do. `approver`: with the decision; a line
 * once it is decided. `stuck`: for administrators. `detail`: all of it, for `/access show`.
 */
export const accessRequestCard: CardRenderer = {
  kind: 'access-request',
  render: async (services, id, { variant, reader, now }) => {
    const row = await requestQuery(services.db).where('access_request.id', '=', id).executeTakeFirst();
    const view = row
      ? await services.approvals.view(services.db, { kind: 'access', subjectId: id, now })
      : null;
    if (!row || !view) return null;
    const beneficiary =
      row.beneficiary_id === row.requester_id
        ? null
        : ((await services.directory.byId(services.db, row.beneficiary_id))?.name ?? 'somebody');
    return renderAccessCard({ row, view, beneficiary, variant, reader, now });
  },
};

export interface AccessCardParams {
  row: AccessRow;
  view: RequestView;
  /** Name of the person or account it is for, when it is not whoever asked. */
  beneficiary: string | null;
  variant: string;
  /** Whose direct message it is; absent where others read it too, or where they asked for it. */
  reader?: string | null | undefined;
  now: Date;
}

export function renderAccessCard(params: AccessCardParams): RenderedCard {
  const { row, view, variant, now } = params;
  const what = whatSentence(params);
  const state = stateSentence(row, view, now);
  if (variant === 'approver' && view.state !== 'pending') {
    const line = `${what}. ${decidedSentence(row, view)}`;
    const mark = row.ended_how === 'failed' ? ':warning:' : outcomeMark(view);
    return plainCard(line, [context(`${mark} ${escapeWithTimes(line)}`)]);
  }
  if (variant === 'stuck') {
    const text = `Nobody can decide ${what} at the moment. ${approvalSentence(view)}. Change who is asked in the policy, or tell ${view.requester.name}.`;
    return plainCard(text, [section(`:warning: ${escapeMrkdwn(text)}`)]);
  }
  const blocks: KnownBlock[] = [
    section(
      `*${escapeMrkdwn(reference(row.number))}* ${escapeMrkdwn(view.requester.name)}${params.beneficiary ? ` for ${escapeMrkdwn(params.beneficiary)}` : ''}: *${escapeWithTimes(view.title)}*`,
    ),
    section(escapeWithTimes(state)),
  ];
  const over = row.state === 'ended' && variant === 'requester';
  if (over) {
    const line = `${what}. ${state}`;
    return plainCard(line, [section(escapeWithTimes(line)), ...probeBlocks(row)]);
  }
  blocks.push(...columnBlocks(row), ...approvalBlocks(view), ...probeBlocks(row));
  const buttons = buttonsFor(params);
  if (buttons.length > 0) blocks.push(actions(buttons, overflowFor(row, view, variant)));
  const asked = view.state === 'pending' ? askedWords(view) : '';
  return plainCard(`${what}. ${state}${asked === '' ? '' : ` ${asked}`}`, blocks);
}

function whatSentence({ row, view, beneficiary }: AccessCardParams): string {
  const whose = beneficiary === null ? view.requester.name : `${view.requester.name} for ${beneficiary}`;
  return `${reference(row.number)}, ${whose}: ${view.title}`;
}

/** Where it stands, what the warehouse says, and until when. Plain words. */
export function stateSentence(row: AccessRow, view: RequestView, now: Date): string {
  const until = row.ends_at === null ? '' : ` until ${utcWords(row.ends_at)}`;
  switch (row.state) {
    case 'requested':
      return `Waiting for approval. ${approvalSentence(view)}.`;
    case 'approved':
      return `${approvalSentence(view)}. It starts ${row.starts_at === null ? 'later' : utcWords(row.starts_at)}.`;
    case 'provisioning':
      return row.trouble === null
        ? `${approvalSentence(view)}. It is being set up in the warehouse.`
        : `${approvalSentence(view)}, but the warehouse is not done: ${row.trouble} It is tried again by itself.`;
    case 'active':
      return `Active${until} (${leftWords(row.ends_at, now) ?? 'no end'}). ${approvalSentence(view)}.`;
    case 'suspending':
      return row.trouble === null
        ? 'It is being suspended: access to this dataset is being looked into.'
        : `It is being suspended, but the warehouse is not done: ${row.trouble} It is tried again by itself.`;
    case 'suspended':
      return `Suspended for now: access to this dataset is being looked into. It comes back by itself if that is lifted${until === '' ? '' : ` before its end (${until.trim()})`}.`;
    case 'revoking':
      if (row.remains !== null) {
        return `Steward's grant is taken back, but access is still there: ${row.trouble ?? ''}. The owner and security are told; it is looked at again by itself.`;
      }
      return row.trouble === null
        ? 'It is being taken back.'
        : `It is being taken back, but the warehouse is not done: ${row.trouble} It is tried again by itself.`;
    case 'ended':
      return endedSentence(row, view);
  }
}

/** What became of it, for whoever decided: without being told that it could not be given they believe that it was. */
export function decidedSentence(
  row: Pick<AccessRow, 'ended_how' | 'ended_reason'>,
  view: RequestView,
): string {
  const failed = row.ended_how === 'failed' ? ` Failed. ${row.ended_reason ?? ''}` : '';
  return `${approvalSentence(view)}.${failed}`;
}

function endedSentence(row: AccessRow, view: RequestView): string {
  const reason = row.ended_reason === null ? '' : ` ${row.ended_reason}`;
  switch (row.ended_how) {
    case 'expired':
      return `Over: its time ended.${reason}`;
    case 'returned':
      return `Given back.${reason}`;
    case 'revoked':
      return `Revoked:${reason}`;
    case 'failed':
      return `Failed.${reason}`;
    case 'lapsed':
      return `Ended undecided.${reason}`;
    case 'denied':
    case 'withdrawn':
    case 'cancelled':
      return `${approvalSentence(view)}.`;
    case null:
      return `It is ${spokenState(row.state)}.`;
  }
}

function outcomeMark(view: RequestView): string {
  if (view.how === 'break-glass') return ':rotating_light:';
  return view.state === 'approved' ? ':white_check_mark:' : ':no_entry_sign:';
}

/** Which columns it is about, where it is not all of them: whoever decides has to know. */
function columnBlocks(row: AccessRow): KnownBlock[] {
  if (row.columns.length === 0) return [];
  return [section(`*Columns:* ${escapeMrkdwn(truncate(row.columns.join(', '), 2_000))}`)];
}

/** What the warehouse itself said last, and when. */
function probeBlocks(row: AccessRow): KnownBlock[] {
  if (row.probe === null || row.probed_at === null || row.state === 'requested' || row.state === 'approved')
    return [];
  return [context(`Asked of the warehouse ${slackDate(row.probed_at)}: ${escapeMrkdwn(row.probe.words)}`)];
}

function buttonsFor({ row, view, variant, reader }: AccessCardParams): ButtonParams[] {
  if (variant === 'approver') return decisionButtons(view, reader);
  if (variant === 'detail-other') {
    return row.state === 'active'
      ? [
          {
            text: 'Revoke',
            actionId: 'access:revoke',
            value: row.id,
            style: 'danger',
            label: `Revoke ${reference(row.number)}`,
          },
        ]
      : [];
  }
  if (row.state === 'requested') return requesterButtons(view);
  if (row.state === 'active') {
    return [
      ...extendButton(row),
      {
        text: 'Give back',
        actionId: 'access:return',
        value: row.id,
        confirm: {
          title: 'Give this access back?',
          text: 'You lose it now. You can ask for it again.',
          confirm: 'Give back',
          deny: 'Keep it',
        },
      },
    ];
  }
  return [];
}

/** More time, where there may be more: break-glass is asked for anew, the normal way. */
export function extendButton(row: Pick<AccessRow, 'id' | 'number' | 'how'>): ButtonParams[] {
  if (row.how === 'break-glass') return [];
  return [
    { text: 'Extend', actionId: 'access:extend', value: row.id, label: `Extend ${reference(row.number)}` },
  ];
}

function overflowFor(row: AccessRow, view: RequestView, variant: string): { text: string; value: string }[] {
  if (variant === 'approver' && view.state === 'pending') {
    return [
      { text: 'Approve for a shorter time', value: `approval:shorten|${view.requestId}` },
      { text: 'Hand on to a colleague', value: `approval:reassign|${view.requestId}` },
      { text: 'Why am I asked?', value: `approval:why|${view.requestId}` },
    ];
  }
  return row.state === 'requested'
    ? [{ text: 'Why this way?', value: `approval:why|${view.requestId}` }]
    : [];
}
