import { tierCallsPerMinute } from '../api/method.js';
import { makeRegistry } from '../api/registry.js';
import { blockSurfaces } from '../block-kit/blocks.js';
import { elementRules } from '../block-kit/elements.js';
import { knownEvents } from '../manifest.js';

/** The part of docs/playground.md that is made from the code, so that it cannot fall behind. */

const begin = '<!-- generated: begin -->';
const end = '<!-- generated: end -->';

export const interactions = [
  'slash command',
  'block_actions (message, modal, Home)',
  'block_suggestion',
  'view_submission (errors, update, push, clear)',
  'view_closed',
  'shortcut',
  'message_action',
];

/** Refusals that do not belong to one method; each is brought about by a test of the playground. */
export const otherRefusals = [
  'A missing, wrong or app-level token (`not_authed`, `invalid_auth`, `not_allowed_token_type`), another workspace (`team_access_not_granted`), an unknown method (`unknown_method`), a body that is no JSON (`invalid_json`).',
  'A scope that the manifest does not ask for: `missing_scope` with `needed` and `provided`, for each method that needs one.',
  'An unknown argument of any method: `invalid_arguments`, naming it.',
  "More calls than a method's tier allows in a minute, more than one message a second into a channel after a burst of three, or more than 300 a minute in all: HTTP 429 with Retry-After.",
  'Any unknown field, wrong type, exceeded length or count in blocks and views; a block or element where it may not stand; two tables, three charts, two equal `block_id`s, a plan beside task cards, an initial option that is not offered: `invalid_blocks` (views: `invalid_arguments`) with a JSON pointer.',
  'A trigger used twice (`exchanged_trigger_id`) or after three seconds (`expired_trigger_id`); a fourth modal on the stack (`push_limit_reached`); an old hash (`hash_conflict`).',
  "A response address used a sixth time (`used_url`) or after thirty minutes (`expired_url`); deleting a command's answer through it (`cant_delete_message`); an unknown field (`invalid_payload`).",
  'An ack after three seconds: the person sees a time-out; an event comes again at once, after one and after five minutes, with `x-slack-retry-num` and `x-slack-retry-reason`.',
  'An envelope acked on another Socket Mode connection than the one it was sent to; a Socket Mode ticket used twice; an eleventh connection.',
  'An ephemeral message in history, replies, pins, reactions or updates: it does not exist there, and nobody but its reader sees it.',
  '`chat.update` with text alone keeps no blocks.',
  "A command's reply, a submission's answer or select options that Slack would not show: the act fails and says why.",
  'Acting through the control API on what a person cannot see or do: channels they are not in, buttons that are not there, forms with required inputs empty.',
];

export function generatedPart(): string {
  const methods = [...makeRegistry(null).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = methods.map((m) => {
    const rate = m.tier === 'special' ? 'special' : `${tierCallsPerMinute[m.tier]}/min`;
    return `| \`${m.name}\` | ${rate} | ${m.refusals.map((word) => `\`${word}\``).join(' ') || '–'} |`;
  });
  const surfaces = Object.entries(blockSurfaces).map(([type, where]) => `\`${type}\` (${where.join(', ')})`);
  return [
    begin,
    '',
    '## Web API methods',
    '',
    'Any other method answers `unknown_method`. Each word is a refusal that a test brings about.',
    '',
    '| method | rate | refuses with |',
    '|---|---|---|',
    ...rows,
    '',
    '## Events',
    '',
    'Sent only where the manifest subscribes to them and holds a scope for them; from channels only where the app is a member.',
    '',
    knownEvents
      .map((event) => `\`${event}\``)
      .sort()
      .join(', '),
    '',
    '## Interactions',
    '',
    interactions.join(', '),
    '',
    '## Blocks and elements',
    '',
    `Blocks, and where they may stand: ${surfaces.join(', ')}.`,
    '',
    `Elements: ${Object.keys(elementRules)
      .sort()
      .map((type) => `\`${type}\``)
      .join(', ')}, \`image\`.`,
    '',
    '## What else is refused',
    '',
    ...otherRefusals.map((rule) => `- ${rule}`),
    '',
    end,
  ].join('\n');
}

export function withGeneratedPart(page: string): string {
  const [before = '', rest = ''] = page.split(begin);
  const after = rest.slice(rest.indexOf(end) + end.length);
  return `${before}${generatedPart()}${after}`;
}
