import { tierCallsPerMinute } from '../api/method.js';
import { makeRegistry } from '../api/registry.js';
import { blockSurfaces } from '../block-kit/blocks.js';
import { elementRules } from '../block-kit/elements.js';
import { knownEvents } from '../manifest.js';
import { onlyAsFault } from './documented-errors.js';
import { blockRules, callRules, controlRules, deliveryRules } from './refusal-rules.js';

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

const listed = (rules: { [rule: string]: string }): string[] =>
  Object.entries(rules).map(([rule, when]) => `- \`${rule}\`: ${when}`);

/** What is refused beyond a method's own words: testing/refusal-rules.ts, where each rule has a test. */
function otherRefusals(): string[] {
  return [
    '## What else is refused',
    '',
    'Of every call of the Web API:',
    '',
    ...listed(callRules),
    '',
    'In blocks and views (`invalid_blocks`; views: `invalid_arguments`; each with a JSON pointer), beside an unknown field, a missing one, a wrong type or an exceeded length anywhere, and a block or element where it may not stand:',
    '',
    ...Object.values(blockRules).map((rule) => `- ${rule}`),
    '',
    'In deliveries, in what the app answers, in what it may see:',
    '',
    ...Object.values(deliveryRules).map((rule) => `- ${rule}`),
    '',
    'By the control API; the word is in `code`:',
    '',
    ...listed(controlRules),
    '',
    "## Slack's words that come only when asked for",
    '',
    'Every other word that Slack documents for these methods can be had with `fault` (`{"target":"slack","kind":"fatal_error"}`). They do not come by themselves:',
    '',
    ...onlyAsFault.map(({ why, words }) => `- ${words.map((word) => `\`${word}\``).join(' ')}: ${why}.`),
    '',
  ];
}

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
    ...otherRefusals(),
    end,
  ].join('\n');
}

export function withGeneratedPart(page: string): string {
  const [before = '', rest = ''] = page.split(begin);
  const after = rest.slice(rest.indexOf(end) + end.length);
  return `${before}${generatedPart()}${after}`;
}
