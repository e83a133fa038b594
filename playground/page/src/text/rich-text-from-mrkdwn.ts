import type { RichTextElement } from '@slack/types';
import type { RichTextValue } from '../blocks/types.js';
import { type Inline, parseMrkdwn } from './mrkdwn.js';

type Part = RichTextValue['elements'][number];
type Style = { bold?: true; italic?: true; strike?: true };
/** What a mention typed as `@maya` or `#data` stands for; undefined leaves it text. */
export interface MentionResolver {
  user: (handle: string) => string | undefined;
  channel: (name: string) => string | undefined;
  /** A user group's id. */
  group?: (handle: string) => string | undefined;
}

/** Turns what a person typed in a rich text field (mrkdwn marks, `- ` and `1. ` lists) into the block that Slack sends. */
export function richTextFromTyped(typed: string, mentions: MentionResolver): RichTextValue {
  const elements: Part[] = [];
  for (const paragraph of parseMrkdwn(escapeTyped(typed, mentions))) {
    if (paragraph.kind === 'pre') {
      elements.push({
        type: 'rich_text_preformatted',
        elements: [{ type: 'text', text: paragraph.text || ' ' }],
      });
    } else if (paragraph.kind === 'quote') {
      const inner = paragraph.children.flatMap((child) =>
        child.kind === 'text' ? toElements(child.children, {}) : [],
      );
      elements.push({ type: 'rich_text_quote', elements: inner });
    } else {
      elements.push(...sectionsAndLists(paragraph.children));
    }
  }
  return { type: 'rich_text', elements };
}

/** The reverse, for an input's initial value. */
export function typedFromRichText(value: RichTextValue): string {
  return value.elements.map(partToTyped).join('\n');
}

/** Slack's client escapes what a person types and turns known mentions into tokens. */
export function escapeTyped(typed: string, mentions: MentionResolver): string {
  return typed
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(
      /(^|[^\w`/@])@([a-z0-9][a-z0-9._-]*[a-z0-9]|[a-z0-9])/gi,
      (whole, before: string, handle: string) => {
        if (/^(here|channel|everyone)$/.test(handle)) return `${before}<!${handle}>`;
        const id = mentions.user(handle);
        if (id !== undefined) return `${before}<@${id}>`;
        const group = mentions.group?.(handle);
        return group === undefined ? whole : `${before}<!subteam^${group}>`;
      },
    )
    .replace(/(^|[^\w`/&#])#([\p{L}\p{N}][\p{L}\p{N}_-]*)/gu, (whole, before: string, name: string) => {
      const id = mentions.channel(name);
      return id === undefined ? whole : `${before}<#${id}>`;
    });
}

function sectionsAndLists(children: Inline[]): Part[] {
  const parts: Part[] = [];
  for (const line of splitLines(children)) {
    const first = line[0];
    const marker = first?.kind === 'text' ? /^(\s*)(?:[-•*]|(\d+)[.)])\s+/.exec(first.text) : null;
    if (first?.kind === 'text' && marker !== null) {
      const rest: Inline[] = [{ kind: 'text', text: first.text.slice(marker[0].length) }, ...line.slice(1)];
      const style = marker[2] === undefined ? 'bullet' : 'ordered';
      const indent = Math.min(Math.floor((marker[1]?.length ?? 0) / 2), 8);
      const last = parts.at(-1);
      const row = { type: 'rich_text_section' as const, elements: toElements(rest, {}) };
      if (last?.type === 'rich_text_list' && last.style === style && (last.indent ?? 0) === indent)
        last.elements.push(row);
      else parts.push({ type: 'rich_text_list', style, indent, elements: [row] });
      continue;
    }
    const elements = toElements(line, {});
    const last = parts.at(-1);
    if (last?.type === 'rich_text_section') last.elements.push({ type: 'text', text: '\n' }, ...elements);
    else if (elements.length > 0) parts.push({ type: 'rich_text_section', elements });
  }
  return parts;
}

function splitLines(children: Inline[]): Inline[][] {
  const lines: Inline[][] = [[]];
  for (const node of children) {
    if (node.kind !== 'text') {
      lines.at(-1)?.push(node);
      continue;
    }
    node.text.split('\n').forEach((text, index) => {
      if (index > 0) lines.push([]);
      if (text !== '') lines.at(-1)?.push({ kind: 'text', text });
    });
  }
  return lines;
}

function toElements(nodes: Inline[], style: Style): RichTextElement[] {
  const styled = Object.keys(style).length === 0 ? {} : { style };
  return nodes.flatMap((node) => toElement(node, style, styled));
}

function toElement(node: Inline, style: Style, styled: { style?: Style }): RichTextElement[] {
  switch (node.kind) {
    case 'text':
      return node.text === '' ? [] : [{ type: 'text', text: node.text, ...styled }];
    case 'bold':
    case 'italic':
    case 'strike':
      return toElements(node.children, { ...style, [node.kind]: true });
    case 'code':
      return [{ type: 'text', text: node.text, style: { ...style, code: true } }];
    case 'link':
      return [
        {
          type: 'link',
          url: node.url,
          ...(node.label === undefined ? {} : { text: node.label }),
          ...styled,
        },
      ];
    case 'user':
      return [{ type: 'user', user_id: node.id, ...styled }];
    case 'channel':
      return [{ type: 'channel', channel_id: node.id, ...styled }];
    case 'usergroup':
      return [{ type: 'usergroup', usergroup_id: node.id }];
    case 'broadcast':
      return node.range === 'here' || node.range === 'channel' || node.range === 'everyone'
        ? [{ type: 'broadcast', range: node.range }]
        : [];
    case 'emoji':
      return [{ type: 'emoji', name: node.name }];
    case 'date':
      return [{ type: 'text', text: node.fallback, ...styled }];
  }
}

function partToTyped(part: Part): string {
  switch (part.type) {
    case 'rich_text_list':
      return part.elements
        .map(
          (row, index) =>
            `${'  '.repeat(part.indent ?? 0)}${part.style === 'ordered' ? `${index + 1}.` : '-'} ${row.elements.map(elementToTyped).join('')}`,
        )
        .join('\n');
    case 'rich_text_preformatted':
      return `\`\`\`${part.elements.map(elementToTyped).join('')}\`\`\``;
    case 'rich_text_quote':
      return `> ${part.elements.map(elementToTyped).join('').replaceAll('\n', '\n> ')}`;
    case 'rich_text_section':
      return part.elements.map(elementToTyped).join('');
  }
}

function elementToTyped(element: RichTextElement): string {
  switch (element.type) {
    case 'text': {
      const style = element.style;
      let text = element.text;
      if (style === undefined) return text;
      if (style.code === true) text = `\`${text}\``;
      if (style.strike === true) text = `~${text}~`;
      if (style.italic === true) text = `_${text}_`;
      return style.bold === true ? `*${text}*` : text;
    }
    case 'link':
      return element.url;
    case 'user':
      return `<@${element.user_id}>`;
    case 'channel':
      return `<#${element.channel_id}>`;
    case 'emoji':
      return `:${element.name}:`;
    case 'broadcast':
      return `@${element.range}`;
    case 'date':
      return element.fallback ?? '';
    default:
      return '';
  }
}
