import { isObject } from '../mrkdwn.js';
import type { JsonObject } from '../protocol.js';

/** Finding the interactive elements in blocks, however deep Block Kit lets them stand. */

export interface FoundElement {
  block: JsonObject;
  element: JsonObject;
  /** In an input block: part of a submission. */
  input: boolean;
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** All blocks, those inside containers too. */
export function blocksIn(blocks: readonly JsonObject[]): JsonObject[] {
  return blocks.flatMap((block) => [
    block,
    ...(block.type === 'container' ? objectsIn(block.child_blocks) : []),
  ]);
}

const interactiveTypes = new Set([
  'button',
  'icon_button',
  'feedback_buttons',
  'workflow_button',
  'checkboxes',
  'radio_buttons',
  'overflow',
  'datepicker',
  'timepicker',
  'datetimepicker',
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
  'multi_static_select',
  'multi_external_select',
  'multi_users_select',
  'multi_conversations_select',
  'multi_channels_select',
  'plain_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
  'rich_text_input',
  'file_input',
]);

function elementsOfBlock(block: JsonObject): FoundElement[] {
  const found = (element: unknown, input = false): FoundElement[] =>
    isObject(element) && interactiveTypes.has(String(element.type)) ? [{ block, element, input }] : [];
  switch (block.type) {
    case 'section':
      return found(block.accessory);
    case 'actions':
    case 'context_actions':
      return objectsIn(block.elements).flatMap((element) => found(element));
    case 'input':
      return found(block.element, true);
    case 'card':
      return objectsIn(block.actions).flatMap((element) => found(element));
    case 'carousel':
      return objectsIn(block.elements).flatMap((card) =>
        objectsIn(card.actions).flatMap((element) => found(element)),
      );
    default:
      return [];
  }
}

export function elementsOf(blocks: readonly JsonObject[]): FoundElement[] {
  return blocksIn(blocks).flatMap(elementsOfBlock);
}

/** Gives blocks and elements the ids that Slack makes up where the app gave none. Changes its own copy. */
export function withIds(blocks: readonly JsonObject[], makeId: () => string): JsonObject[] {
  const copy = structuredClone([...blocks]);
  for (const block of blocksIn(copy)) {
    if (block.type === 'markdown' || block.block_id === undefined) block.block_id = makeId();
  }
  for (const { element } of elementsOf(copy)) element.action_id ??= makeId();
  return copy;
}
