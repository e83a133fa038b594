import type { Registrations } from '../slack/registrations.js';
import { openFormActionId, shareActionId } from '../slack/replies.js';

/** Members of a family that is registered as `name:*`, so that each stands in the list. */
const familyMembers: Record<string, readonly string[]> = {
  'backfill:*': [
    'backfill:pause',
    'backfill:resume',
    'backfill:cancel',
    'backfill:retry',
    'backfill:watch',
    'backfill:accept-change',
    'backfill:start-again',
  ],
};

/** Inputs of each form by `block_id`: the names that a submission's `values` may use. */
export const formInputs: Record<string, readonly string[]> = {
  'access:request': [
    'dataset',
    'level',
    'columns',
    'duration',
    'reason',
    'purpose',
    'terms',
    'ticket',
    'for',
    'for-service',
    'start',
    'end',
    'more-datasets',
  ],
  'access:review-page': ['revoke-0', 'revoke-1', 'rest'],
  'access:revoke': ['reason'],
  'approval:deny': ['reason'],
  'approval:shorten': ['duration', 'reason'],
  'approval:reassign': ['person', 'reason'],
  'approval:break-glass': ['minutes', 'reason', 'confirm'],
  'approval:delegate': ['person', 'start', 'end'],
  'backfill-request': [
    'pipeline',
    'window',
    'reprocess',
    'direction',
    'concurrency',
    'stop-after',
    'incident',
    'reason',
    'ticket',
    'purpose',
    'terms',
  ],
  'definition:deprecate': ['successor', 'reason', 'last-day'],
  'definition:propose': ['description', 'label', 'synonyms', 'caveats', 'reason', 'effective'],
  'gap:close': ['asset', 'alias', 'words'],
  'gap:plan': ['owner', 'stage', 'promised'],
  'gap:wish': ['wish'],
  'incident:declare': ['title', 'assets', 'severity', 'flags'],
  'incident:update': ['wrong', 'do_not_use', 'use_instead', 'eta', 'next'],
  'incident:close': ['cause', 'started'],
  'incident:reopen': ['reason'],
  'incident:severity': ['severity', 'reason'],
  'incident:timeline': [],
  'incident:timeline-entry': ['text', 'at', 'out'],
  'incident:key-times': ['started', 'detected', 'acknowledged', 'mitigated', 'resolved'],
  'incident:suspend': ['datasets', 'reason'],
  'release:edit': ['words', 'kept-0', 'kept-1', 'kept-2', 'kept-3', 'kept-4', 'kept-5', 'kept-6', 'kept-7'],
};

const edgeActions: readonly { id: string; what: string }[] = [
  { id: shareActionId, what: 'Posts a private answer where it was asked, for everyone there.' },
  { id: openFormActionId, what: 'Opens a form where words alone cannot: mentions, direct messages.' },
];

/** docs/contract/action-ids.md, from what is registered. */
export function actionIdsPage(registrations: Registrations): string {
  const code = (text: string): string => `\`${text}\``;
  const actions = [...registrations.actions]
    .sort((a, b) => a.actionId.localeCompare(b.actionId))
    .map(({ actionId, mode }) => {
      const members = familyMembers[actionId];
      return `| ${code(actionId)} | ${mode} | ${members ? members.map(code).join(', ') : ''} |`;
    });
  const views = [...registrations.views]
    .sort((a, b) => a.callbackId.localeCompare(b.callbackId))
    .map(
      ({ callbackId }) => `| ${code(callbackId)} | ${(formInputs[callbackId] ?? []).map(code).join(', ')} |`,
    );
  const shortcuts = [...registrations.shortcuts]
    .sort((a, b) => a.callbackId.localeCompare(b.callbackId))
    .map(({ callbackId, type, name }) => `| ${code(callbackId)} | ${type} | ${name} |`);
  const options = [...registrations.options].map(({ actionId }) => `- ${code(actionId)}`).sort();
  const events = [...new Set(registrations.events.map(({ event }) => `- ${code(event)}`))].sort();
  return `# Action and callback ids

Made from what is registered, by \`node scripts/docs.mjs\`; do not edit by hand. These names are stable: a script that clicks and submits may rely on
them. A value carries ids only, and who may press is decided when it is pressed.

## Buttons, selects and overflows (\`action_id\`)

*read*: answered before the ack, changes nothing. *act*: stored, acked, worked; survives a crash. A name that ends in \`:*\` is a family.

| action_id | mode | members |
|---|---|---|
${actions.join('\n')}

Of every reply:

${edgeActions.map(({ id, what }) => `- ${code(id)}: ${what}`).join('\n')}

An overflow's entry carries \`<action_id>|<value>\` and is handled like a button of that \`action_id\`.

## Forms (\`callback_id\`)

Inputs are named by their \`block_id\`. Which of them a form shows depends on policy and on what was chosen.

| callback_id | inputs |
|---|---|
${views.join('\n')}

## Shortcuts (\`callback_id\`)

| callback_id | type | name |
|---|---|---|
${shortcuts.join('\n')}

## External selects (\`action_id\`)

${options.join('\n')}

## Events that do something

${events.join('\n')}
`;
}
