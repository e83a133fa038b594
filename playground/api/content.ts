import { checkBlocks, checkView, wordOf } from '../block-kit/validate.js';
import { withIds } from '../block-kit/walk.js';
import { isObject } from '../mrkdwn.js';
import type { JsonObject } from '../protocol.js';
import type { World } from '../world.js';
import { refuse, SlackRefusal } from './refusal.js';

/** What a message may contain, checked as strictly as Slack documents it anywhere. */

/** Longer texts are cut by Slack; here they are refused (docs.slack.dev/reference/methods/chat.postMessage). */
export const messageTextMax = 40_000;
export const markdownTextMax = 12_000;
const attachmentsMax = 100;
/** Slack names no number; eight thousand characters of JSON have always been taken. */
const metadataMax = 8000;

/** Words with which `checkContent` refuses, beside those for empty text and wrong blocks. */
export const contentRefusals = ['msg_too_long', 'markdown_text_conflict', 'too_many_attachments'];
export const metadataRefusals = ['invalid_metadata_format', 'invalid_metadata_schema', 'metadata_too_large'];

export interface ContentInput {
  text?: string | undefined;
  blocks?: JsonObject[] | undefined;
  attachments?: JsonObject[] | undefined;
  markdown_text?: string | undefined;
  metadata?: unknown;
}
export interface Content {
  text: string;
  blocks: JsonObject[];
  attachments: JsonObject[];
  metadata?: { event_type: string; event_payload: JsonObject };
}

export function checkContent(
  world: World,
  input: ContentInput,
  allowEmpty = false,
  textMax = messageTextMax,
): Content {
  const { markdown_text: markdown } = input;
  if (markdown !== undefined && (input.text !== undefined || input.blocks !== undefined))
    refuse('markdown_text_conflict');
  if (markdown !== undefined && markdown.length > markdownTextMax) refuse('msg_too_long');
  const blocks = markdown === undefined ? (input.blocks ?? []) : [{ type: 'markdown', text: markdown }];
  const text = input.text ?? markdown ?? '';
  const attachments = input.attachments ?? [];
  if (text.length > textMax) refuse('msg_too_long');
  if (attachments.length > attachmentsMax) refuse('too_many_attachments');
  if (!allowEmpty && text.trim() === '' && blocks.length === 0 && attachments.length === 0) refuse('no_text');
  for (const attachment of attachments) {
    if (Array.isArray(attachment.blocks)) checkedBlocks(world, attachment.blocks.filter(isObject));
  }
  const metadata = input.metadata === undefined ? undefined : checkMetadata(input.metadata);
  return {
    text: text === '' ? fallbackOf(blocks) : text,
    blocks: checkedBlocks(world, blocks),
    attachments,
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Without `text` Slack makes one out of the blocks' own text. */
function fallbackOf(blocks: readonly JsonObject[]): string {
  const parts: string[] = [];
  for (const block of blocks) {
    if (isObject(block.text) && typeof block.text.text === 'string') parts.push(block.text.text);
    else if (typeof block.text === 'string') parts.push(block.text);
  }
  return parts.join(' ').slice(0, messageTextMax);
}

function checkedBlocks(world: World, blocks: JsonObject[]): JsonObject[] {
  const problems = checkBlocks(blocks, 'message').map(wordOf);
  if (problems.length > 0) {
    throw new SlackRefusal('invalid_blocks', {
      errors: problems,
      response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) },
    });
  }
  return withIds(blocks, () => blockIdOf(world));
}

/** A view that Slack would take, ids filled in. */
export function checkedView(world: World, view: JsonObject): JsonObject & { blocks: JsonObject[] } {
  const problems = checkView(view).map(wordOf);
  if (problems.length > 0) {
    throw new SlackRefusal('invalid_arguments', {
      response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) },
    });
  }
  if (JSON.stringify(view).length > 250_000) refuse('view_too_large');
  const blocks = Array.isArray(view.blocks) ? view.blocks.filter(isObject) : [];
  return { ...view, blocks: withIds(blocks, () => blockIdOf(world)) };
}

export function blockIdOf(world: World): string {
  return world.state.nextId('b').slice(-5);
}

export function checkMetadata(given: unknown): { event_type: string; event_payload: JsonObject } {
  if (!isObject(given)) refuse('invalid_metadata_format');
  const { event_type: type, event_payload: payload, entities: _entities, ...rest } = given;
  if (typeof type !== 'string' || type === '' || !isObject(payload) || Object.keys(rest).length > 0) {
    refuse('invalid_metadata_schema', '[ERROR] metadata is {event_type, event_payload}');
  }
  if (JSON.stringify(given).length > metadataMax) refuse('metadata_too_large');
  return { event_type: type, event_payload: payload };
}
