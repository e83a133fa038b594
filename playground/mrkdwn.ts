import type { JsonObject, PlayPings } from './protocol.js';

/**
 * Live syntax in message text, as Slack parses it (docs.slack.dev/messaging/formatting-message-text): whoever posts `<!channel>`
 * unescaped notifies the channel, wherever the words came from.
 */

/** A plain object out of JSON. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const token = /<(@[UW][A-Z0-9]+|!(?:channel|here|everyone)|!subteam\^S[A-Z0-9]+)(?:\|[^>]*)?>/g;

export function emptyPings(): PlayPings {
  return { users: [], usergroups: [], broadcast: [] };
}

function addText(text: string, pings: PlayPings): void {
  for (const [, found = ''] of text.matchAll(token)) {
    if (found.startsWith('@')) addOnce(pings.users, found.slice(1));
    else if (found.startsWith('!subteam^')) addOnce(pings.usergroups, found.slice('!subteam^'.length));
    else addBroadcast(found.slice(1), pings);
  }
}
function addBroadcast(range: unknown, pings: PlayPings): void {
  if (range === 'channel' || range === 'here' || range === 'everyone') addOnce(pings.broadcast, range);
}
function addOnce<T>(list: T[], item: T): void {
  if (!list.includes(item)) list.push(item);
}

/** Parts of a block whose text is literal, or never notifies. */
const literalTypes = new Set(['plain_text', 'raw_text', 'raw_number', 'option', 'text', 'link']);

function addNode(node: unknown, pings: PlayPings): void {
  if (Array.isArray(node)) {
    for (const item of node) addNode(item, pings);
    return;
  }
  if (!isObject(node)) return;
  const { type } = node;
  if (typeof type === 'string' && literalTypes.has(type)) return;
  if ((type === 'mrkdwn' || type === 'markdown') && typeof node.text === 'string') addText(node.text, pings);
  if (type === 'user' && typeof node.user_id === 'string') addOnce(pings.users, node.user_id);
  if (type === 'usergroup' && typeof node.usergroup_id === 'string')
    addOnce(pings.usergroups, node.usergroup_id);
  if (type === 'broadcast') addBroadcast(node.range, pings);
  for (const key of [
    'text',
    'fields',
    'elements',
    'rows',
    'child_blocks',
    'title',
    'subtitle',
    'body',
    'tasks',
    'details',
    'output',
    'rich_text_title',
  ]) {
    if (typeof node[key] === 'object') addNode(node[key], pings);
  }
}

/** Everyone and everything a message with this text and these blocks notifies. */
export function findPings(text: string, blocks: readonly JsonObject[]): PlayPings {
  const pings = emptyPings();
  addText(text, pings);
  addNode(blocks, pings);
  return pings;
}

/** `&`, `<` and `>` as Slack stores what people type. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export interface TypedNames {
  /** Id of the person with this handle, or undefined. */
  user(handle: string): string | undefined;
  usergroup(handle: string): string | undefined;
  channel(name: string): string | undefined;
  isUser(id: string): boolean;
}

/**
 * What Slack's composer makes of what a person types: everything is escaped, then known `@handles`, `#channels`, `@channel` and bare
 * links become live tokens. `<@U…>` or `<@handle>` of a known person counts as picked
 * from the completion.
 */
export function composeTyped(typed: string, names: TypedNames): string {
  let text = escapeText(typed);
  text = text.replace(/&lt;@([\w.-]+)&gt;/g, (whole, ref: string) => {
    const id = names.isUser(ref) ? ref : names.user(ref.toLowerCase());
    return id === undefined ? whole : `<@${id}>`;
  });
  text = text.replace(
    /(^|[\s(])@([a-z0-9][a-z0-9._-]*[a-z0-9]|[a-z0-9])/gi,
    (whole, before: string, handle: string) => {
      const lower = handle.toLowerCase();
      if (lower === 'channel' || lower === 'here' || lower === 'everyone') return `${before}<!${lower}>`;
      const user = names.user(lower);
      if (user !== undefined) return `${before}<@${user}>`;
      const group = names.usergroup(lower);
      return group === undefined ? whole : `${before}<!subteam^${group}>`;
    },
  );
  text = text.replace(/(^|[\s(])#([a-z0-9][a-z0-9_-]*)/g, (whole, before: string, name: string) => {
    const channel = names.channel(name);
    return channel === undefined ? whole : `${before}<#${channel}|${name}>`;
  });
  return text.replace(
    /(^|[\s(])(https?:\/\/[^\s<>|)]+)/g,
    (_, before: string, url: string) => `${before}<${url}>`,
  );
}

/** URLs in stored text. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(/<(https?:\/\/[^|>\s]+)(?:\|[^>]*)?>/g)].map((match) =>
    (match[1] ?? '').replaceAll('&amp;', '&'),
  );
}
