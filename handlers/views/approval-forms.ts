import type { KnownBlock, ModalView } from '@slack/types';
import { lookAtRevoke, revokeAccess } from '../../src/access/end-access.js';
import type { WantedAct } from '../../src/approvals/engine/look-before.js';
import { spokenDuration } from '../../src/approvals/plan/match-rule.js';
import { parseDurationMs } from '../../src/config/schema-values.js';
import { InvalidInputError } from '../../src/errors.js';
import type { Services } from '../../src/services.js';
import { plain, section } from '../../src/slack/blocks.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { Caller, Submission, ViewHandler, ViewState } from '../../src/slack/surface.js';
import { utcWords } from '../../src/utc-words.js';
import { decidedReply } from '../decided.js';
import { said } from '../said.js';
import { shortDuration } from './access-form-state.js';

/** The small forms around a decision. Each carries one id and says what will happen before it is sent. */

function form(params: {
  id: string;
  callbackId: string;
  title: string;
  submit: string;
  intro: string;
  blocks: KnownBlock[];
}): ModalView {
  return {
    type: 'modal',
    callback_id: params.callbackId,
    title: plain(params.title, 24),
    submit: plain(params.submit, 24),
    close: plain('Cancel', 24),
    private_metadata: params.id,
    blocks: [section(escapeMrkdwn(params.intro)), ...params.blocks],
  };
}

function reasonBlock(label: string, optional = false): KnownBlock {
  return {
    type: 'input',
    block_id: 'reason',
    optional,
    label: plain(label, 150),
    element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: 2000 },
  };
}

function textOf(state: ViewState, block: string): string {
  return state[block]?.[block]?.value?.trim() ?? '';
}

function requireReason(submission: Submission, words: string): Record<string, string> | null {
  return textOf(submission.state, 'reason') === '' ? { reason: words } : null;
}

const by = (submission: Submission) => ({
  personId: submission.caller.person.id,
  actor: submission.caller.actor,
  now: submission.caller.now,
});

/** A form that could only be refused is not opened: who may not hears it before writing anything. */
const lookBefore = (services: Services, caller: Caller, requestId: string, act: WantedAct) =>
  services.approvals.lookBefore({ requestId, personId: caller.person.id, act, now: caller.now });

export const approvalDenyView: ViewHandler = {
  callbackId: 'approval:deny',
  build: async (services, caller, { id = '' }) => {
    await lookBefore(services, caller, id, 'deny');
    return form({
      id,
      callbackId: 'approval:deny',
      title: 'Deny this request',
      submit: 'Deny',
      intro: 'A denial ends the request. Whoever asked reads your reason, so say what they can do instead.',
      blocks: [reasonBlock('Why not?')],
    });
  },
  validate: async (_services, submission) =>
    requireReason(submission, 'Say why: whoever asked will read it.'),
  submit: async (services, submission) => {
    const decided = await services.approvals.decide({
      requestId: submission.privateMetadata,
      verdict: 'deny',
      reason: textOf(submission.state, 'reason'),
      ...by(submission),
    });
    return { reply: said(decided.text) };
  },
};

export const approvalShortenView: ViewHandler = {
  callbackId: 'approval:shorten',
  build: async (services, caller, { id = '' }) => {
    const { durationMs } = await lookBefore(services, caller, id, 'shorten');
    return form({
      id,
      callbackId: 'approval:shorten',
      title: 'Approve, but shorter',
      submit: 'Approve',
      intro: 'You approve, and the access ends earlier than was asked for.',
      blocks: [
        {
          type: 'input',
          block_id: 'duration',
          label: plain('For how long?'),
          element: {
            type: 'static_select',
            action_id: 'duration',
            options: shorterThan(durationMs).map((ms) => ({
              text: plain(spokenDuration(ms)),
              value: shortDuration(ms),
            })),
          },
        },
        reasonBlock('A word to whoever asked', true),
      ],
    });
  },
  validate: async () => null,
  submit: async (services, submission) => {
    const chosen = submission.state.duration?.duration?.selected_option?.value ?? '';
    const decided = await services.approvals.decide({
      requestId: submission.privateMetadata,
      verdict: 'approve',
      reason: textOf(submission.state, 'reason') || null,
      shortenToMs: durationOf(chosen),
      ...by(submission),
    });
    return { reply: decidedReply(decided) };
  },
};

const shorter = ['15m', '1h', '4h', '1d', '3d', '7d', '14d', '30d', '90d'].map(parseDurationMs);

/** What may be chosen in place of this time. Of one that is shorter than all of them, half. */
function shorterThan(durationMs: number | null): number[] {
  const fitting = shorter.filter((ms) => durationMs === null || ms < durationMs);
  return fitting.length > 0 ? fitting : [Math.max(60_000, Math.floor((durationMs ?? 0) / 120_000) * 60_000)];
}

function durationOf(text: string): number {
  try {
    return parseDurationMs(text);
  } catch {
    throw new InvalidInputError('Choose how long. Nothing was changed.', { duration: 'Choose how long.' });
  }
}

export const approvalReassignView: ViewHandler = {
  callbackId: 'approval:reassign',
  build: async (services, caller, { id = '' }) => {
    await lookBefore(services, caller, id, 'reassign');
    return form({
      id,
      callbackId: 'approval:reassign',
      title: 'Hand it on',
      submit: 'Hand on',
      intro:
        'A colleague decides in your place, for this request only. It cannot be somebody who gains by it.',
      blocks: [
        {
          type: 'input',
          block_id: 'person',
          label: plain('Colleague'),
          element: { type: 'users_select', action_id: 'person' },
        },
        reasonBlock('Why them?'),
      ],
    });
  },
  validate: async (_services, submission) => requireReason(submission, 'Say why you hand it on.'),
  submit: async (services, submission) => {
    const to = await services.directory.bySlackId(
      services.db,
      submission.state.person?.person?.selected_user ?? '',
    );
    if (!to)
      throw new InvalidInputError(
        'I do not know that person, so nothing was changed. Choose an active colleague.',
      );
    await services.approvals.reassign({
      requestId: submission.privateMetadata,
      toPersonId: to.id,
      reason: textOf(submission.state, 'reason'),
      ...by(submission),
    });
    return { reply: said(`${to.name} is asked now, in your place.`) };
  },
};

export const approvalBreakGlassView: ViewHandler = {
  callbackId: 'approval:break-glass',
  build: async (services, caller, { id = '' }) => {
    const maxMinutes = (await lookBefore(services, caller, id, 'break-glass')).maxMinutes ?? 1;
    return form({
      id,
      callbackId: 'approval:break-glass',
      title: 'Emergency access',
      submit: 'Take it now',
      intro:
        'You get access at once and for a short time. Everybody who would have been asked is told, and your use is reviewed and marked in all reports.',
      blocks: [
        reasonBlock('What is the emergency?'),
        {
          type: 'input',
          block_id: 'minutes',
          label: plain(`For how many minutes? ${maxMinutes} at most`),
          element: {
            type: 'number_input',
            action_id: 'minutes',
            is_decimal_allowed: false,
            min_value: '1',
            max_value: String(maxMinutes),
          },
        },
        {
          type: 'input',
          block_id: 'confirm',
          label: plain('Confirm'),
          element: {
            type: 'checkboxes',
            action_id: 'confirm',
            options: [{ text: plain('I know that everybody who is skipped will be told'), value: 'yes' }],
          },
        },
      ],
    });
  },
  validate: async (_services, submission) =>
    textOf(submission.state, 'reason').length < 10
      ? { reason: 'Say what the emergency is, in at least 10 characters.' }
      : null,
  submit: async (services, submission) => {
    await services.approvals.breakGlass({
      requestId: submission.privateMetadata,
      reason: textOf(submission.state, 'reason'),
      minutes: Number(textOf(submission.state, 'minutes')),
      confirmed:
        submission.state.confirm?.confirm?.selected_options?.some((item) => item.value === 'yes') ?? false,
      ...by(submission),
    });
    return {
      reply: said(
        'You have emergency access now. Everybody who was skipped is told, and your use will be reviewed.',
      ),
    };
  },
};

export const approvalDelegateView: ViewHandler = {
  callbackId: 'approval:delegate',
  build: async () =>
    form({
      id: '',
      callbackId: 'approval:delegate',
      title: 'Choose a stand-in',
      submit: 'Save',
      intro:
        'From start to end, this colleague may decide what is asked of you. Never their own requests, and never yours.',
      blocks: [
        {
          type: 'input',
          block_id: 'person',
          label: plain('Colleague'),
          element: { type: 'users_select', action_id: 'person' },
        },
        {
          type: 'input',
          block_id: 'start',
          label: plain('From'),
          element: { type: 'datetimepicker', action_id: 'start' },
        },
        {
          type: 'input',
          block_id: 'end',
          label: plain('Until'),
          element: { type: 'datetimepicker', action_id: 'end' },
        },
        reasonBlock('Why (holiday, leave …)', true),
      ],
    }),
  validate: async (_services, submission) => {
    const { start, end } = times(submission.state);
    return start !== null && end !== null && end <= start ? { end: 'Choose an end after the start.' } : null;
  },
  submit: async (services, submission) => {
    const { start, end } = times(submission.state);
    const to = await services.directory.bySlackId(
      services.db,
      submission.state.person?.person?.selected_user ?? '',
    );
    if (!to || start === null || end === null) {
      throw new InvalidInputError('Choose an active colleague, a start and an end. Nothing was changed.');
    }
    const { person, actor, now } = submission.caller;
    const reason = textOf(submission.state, 'reason') || null;
    await services.approvals.delegate({
      fromPersonId: person.id,
      toPersonId: to.id,
      startsAt: start,
      endsAt: end,
      reason,
      actor,
      now,
    });
    return {
      reply: said(`${to.name} stands in for you until ${utcWords(end)}.`),
    };
  },
};

function times(state: ViewState): { start: Date | null; end: Date | null } {
  const at = (block: string): Date | null => {
    const seconds = state[block]?.[block]?.selected_date_time;
    return seconds ? new Date(seconds * 1000) : null;
  };
  return { start: at('start'), end: at('end') };
}

export const accessRevokeView: ViewHandler = {
  callbackId: 'access:revoke',
  build: async (services, { person }, { id = '' }) => {
    const numbers = await lookAtRevoke(services, { requestId: id, person });
    return form({
      id,
      callbackId: 'access:revoke',
      title: 'Revoke access',
      submit: 'Revoke',
      intro: `Takes away ${numbers.map((number) => `ACC-${number}`).join(', ')}: every live grant of the same right. Whoever loses it reads your reason.`,
      blocks: [reasonBlock('Why is it taken away?')],
    });
  },
  validate: async (_services, submission) =>
    requireReason(submission, 'Say why: whoever loses it will read it.'),
  submit: async (services, submission) => {
    const { person, actor, now } = submission.caller;
    const numbers = await revokeAccess(services, {
      requestId: submission.privateMetadata,
      reason: textOf(submission.state, 'reason'),
      person,
      actor,
      now,
    });
    return {
      reply: said(
        `${numbers.map((number) => `ACC-${number}`).join(', ')}: being taken back. The card says when the warehouse confirms it.`,
      ),
    };
  },
};
