import type { InputBlock, KnownBlock, ModalView, PlainTextInput } from '@slack/types';
import type { PlanPreview } from '../../approvals/approvals.js';
import type { DefinitionText, Impact } from '../../definitions/text.js';
import { context, plain, section } from '../blocks.js';
import { escapeMrkdwn, truncate } from '../mrkdwn.js';
import { listNames, usualSentence } from './approval-parts.js';
import { impactLines } from './definition-words.js';

export const proposeFormId = 'definition:propose';
export const deprecateFormId = 'definition:deprecate';

interface Shown {
  assetId: string;
  name: string;
  present: DefinitionText;
  impact: Impact;
  plan: PlanPreview;
  /** ISO date to start from. */
  day: string;
}

/** What it says now, what it should say, who is affected and who decides. */
export function proposeForm(shown: Shown): ModalView {
  const { present } = shown;
  return form(shown, { callbackId: proposeFormId, title: 'Propose a definition' }, [
    section(
      `*${escapeMrkdwn(shown.name)}* says now:\n${escapeMrkdwn(truncate(present.description, 2_700)) || '_nothing_'}`,
    ),
    text('description', 'What should it say?', {
      multiline: true,
      max_length: 3_000,
      ...initial(truncate(present.description, 3_000)),
    }),
    text('label', 'Label', { max_length: 120, ...initial(present.label) }, true),
    text(
      'synonyms',
      'Other names, one per line',
      { multiline: true, max_length: 3_000, ...initial(present.synonyms.join('\n')) },
      true,
    ),
    text(
      'caveats',
      'Caveats, one per line',
      { multiline: true, max_length: 3_000, ...initial(present.caveats.join('\n')) },
      true,
    ),
    reason(shown),
    day('effective', 'From when does it hold?', shown.day),
  ]);
}

/** What goes away, what takes its place, until when it may be used. */
export function deprecateForm(shown: Shown): ModalView {
  return form(shown, { callbackId: deprecateFormId, title: 'Deprecate' }, [
    section(
      `*${escapeMrkdwn(shown.name)}* will be marked deprecated. Owners of what is built from it are told now, half-way and on the last day.`,
    ),
    text(
      'successor',
      'What takes its place?',
      { max_length: 200, placeholder: plain('Name of a metric or dataset', 150) },
      true,
    ),
    day('last-day', 'Last day of use', shown.day),
    reason(shown),
  ]);
}

function form(
  shown: Shown,
  { callbackId, title }: { callbackId: string; title: string },
  blocks: KnownBlock[],
): ModalView {
  return {
    type: 'modal',
    callback_id: callbackId,
    title: plain(title, 24),
    submit: plain('Propose', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify({ assetId: shown.assetId }),
    blocks: [
      ...blocks,
      section(impactLines(shown.impact, () => true, 12)),
      context(escapeMrkdwn(planWords(shown.plan))),
    ],
  };
}

function planWords({ plan, usualMs }: PlanPreview): string {
  if (plan.outcome === 'stages') {
    const stages = plan.stages.map(
      (stage) =>
        `${stage.name} (${listNames([...new Set(stage.seats.flatMap((seat) => seat.candidates.map(({ name }) => name)))])})`,
    );
    return `Has to approve: ${stages.join(', then ')}. ${usualSentence(usualMs)}`;
  }
  return plan.sentence;
}

function reason({ plan }: Shown): InputBlock {
  return text('reason', plan.rule?.reason.prompt ?? 'Why?', { multiline: true, max_length: 2_000 });
}

type TextOptions = Partial<Omit<PlainTextInput, 'type' | 'action_id'>>;

function text(id: string, label: string, options: TextOptions, optional = false): InputBlock {
  return {
    type: 'input',
    block_id: id,
    optional,
    label: plain(label, 150),
    element: { type: 'plain_text_input', action_id: id, ...options },
  };
}

/** Slack refuses an empty initial value. */
function initial(value: string): TextOptions {
  return value === '' ? {} : { initial_value: value };
}

function day(id: string, label: string, initialDate: string): InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: plain(label, 150),
    element: { type: 'datepicker', action_id: id, initial_date: initialDate },
  };
}
