import type { KnownBlock } from '@slack/types';
import type { Purpose } from '../../approvals/policy/schema.js';
import { plain, section } from '../blocks.js';
import { escapeMrkdwn } from '../mrkdwn.js';

/**
 * A purpose to choose, the terms of each in full, and the box that accepts them; nothing where policy asks for none.
 *
 * @param family of the form: `access`, `backfill`. Begins the action ids.
 */
export function purposeInputs(
  family: string,
  purposes: readonly Purpose[],
  params: { chosen?: string | null; accepted?: boolean; optional?: boolean } = {},
): KnownBlock[] {
  if (purposes.length === 0) return [];
  const options = purposes.map((purpose) => ({ text: plain(purpose.title), value: purpose.id }));
  const initial = options.find(({ value }) => value === params.chosen);
  const accept = { text: plain('I accept the terms of the purpose I chose'), value: 'accepted' };
  const optional = params.optional === true ? { optional: true } : {};
  return [
    {
      type: 'input',
      block_id: 'purpose',
      label: plain('Purpose'),
      element: {
        type: 'static_select',
        action_id: `${family}:purpose`,
        options,
        ...(initial === undefined ? {} : { initial_option: initial }),
      },
      ...optional,
    },
    section(
      purposes
        .map((purpose) => `*${escapeMrkdwn(purpose.title)}:* ${escapeMrkdwn(purpose.terms)}`)
        .join('\n'),
    ),
    {
      type: 'input',
      block_id: 'terms',
      label: plain('Terms of use'),
      element: {
        type: 'checkboxes',
        action_id: `${family}:terms`,
        options: [accept],
        ...(params.accepted === true ? { initial_options: [accept] } : {}),
      },
      ...optional,
    },
  ];
}
