import { teamName } from '../../people/team-name.js';
import { utcWords } from '../../utc-words.js';
import { actions, section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn, escapeWithTimes } from '../mrkdwn.js';
import { approvalSentence, plainCard } from './approval-parts.js';

/** "Still waiting for you", in the thread of the approver's card. */
export const approvalReminderCard: CardRenderer = {
  kind: 'approval-reminder',
  render: async (services, id, { variant, now }) => {
    const row = await services.db
      .selectFrom('approval_request')
      .select(['kind', 'subject_id', 'state'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (row?.state !== 'pending') return null;
    const view = await services.approvals.view(services.db, {
      kind: row.kind,
      subjectId: row.subject_id,
      now,
    });
    if (!view) return null;
    const what =
      variant === 'next' ? 'has come to a stage that you can decide' : `still waits (reminder ${variant})`;
    const text = `${view.reference} ${what}. ${approvalSentence(view)}. It ends undecided ${utcWords(view.expiresAt)}.`;
    return plainCard(text, [section(escapeWithTimes(text))]);
  },
};

/** It was not approved, and why: in the thread of the card of whoever asked. */
export const approvalOutcomeCard: CardRenderer = {
  kind: 'approval-outcome',
  render: async (services, id, { now }) => {
    const row = await services.db
      .selectFrom('approval_request')
      .select(['kind', 'subject_id'])
      .where('id', '=', id)
      .executeTakeFirst();
    const view = row
      ? await services.approvals.view(services.db, { kind: row.kind, subjectId: row.subject_id, now })
      : null;
    if (view?.requestId !== id) return null;
    const text = `${view.reference} (${view.title}) was not approved. ${approvalSentence(view)}.`;
    return plainCard(text, [section(escapeWithTimes(text))]);
  },
};

/** Told to everybody who was skipped, and to whoever reviews it (variant `review`), who alone is asked what they found. */
export const breakGlassCard: CardRenderer = {
  kind: 'approval-break-glass',
  render: async (services, id, { variant }) => {
    const row = await services.db
      .selectFrom('approval_break_glass')
      .innerJoin('approval_request', 'approval_request.id', 'approval_break_glass.request_id')
      .innerJoin('person', 'person.id', 'approval_break_glass.person_id')
      .leftJoin('person as reviewer', 'reviewer.id', 'approval_break_glass.reviewed_by')
      .select([
        'approval_request.reference',
        'approval_request.title',
        'approval_break_glass.minutes',
        'approval_break_glass.reason',
        'approval_break_glass.skipped',
        'approval_break_glass.review_team',
        'approval_break_glass.verdict',
        'approval_break_glass.note',
        'person.name',
        'reviewer.name as reviewer_name',
      ])
      .where('approval_break_glass.request_id', '=', id)
      .executeTakeFirst();
    if (!row) return null;
    const team = teamName(services.config, row.review_team);
    const what = `Break-glass: ${row.name} took what ${row.reference} asks for (${row.title}) without approval, for ${row.minutes} minutes. Reason: ${row.reason}. ${row.skipped} ${row.skipped === 1 ? 'approver was' : 'approvers were'} skipped.`;
    if (row.verdict !== null) {
      const found = row.verdict === 'justified' ? 'justified' : 'not justified';
      const text = `${what} ${row.reviewer_name ?? 'The reviewer'} found it ${found}${row.note ? `: ${row.note}` : ''}.`;
      return plainCard(text, [section(escapeMrkdwn(text))]);
    }
    if (variant === 'skipped') {
      const text = `${what} ${team} reviews it; you need not do anything.`;
      return plainCard(text, [section(`:rotating_light: ${escapeMrkdwn(text)}`)]);
    }
    return plainCard(`${what} It is reviewed by ${team}.`, [
      section(`:rotating_light: ${escapeMrkdwn(what)}`),
      section(`To be reviewed by ${escapeMrkdwn(team)}:`),
      actions([
        { text: 'It was justified', actionId: 'approval:review-justified', value: id },
        { text: 'It was not', actionId: 'approval:review-not-justified', value: id, style: 'danger' },
      ]),
    ]);
  },
};

/** For administrators: the policy files are broken, the last good policy goes on. */
export const policyBrokenCard: CardRenderer = {
  kind: 'approval-policy-broken',
  render: async (services, id) => {
    const row = await services.db
      .selectFrom('setting')
      .select('value')
      .where('key', '=', 'policy.broken')
      .executeTakeFirst();
    const mistakes = row ? String((row.value as { mistakes?: string }).mistakes ?? '') : '';
    const text = row
      ? `The policy files cannot be used, so the last good policy (${id.slice(0, 8)}) stays in force. Mend: ${mistakes}`
      : 'The policy files are good again.';
    return plainCard(text, [section(escapeMrkdwn(text))]);
  },
};
