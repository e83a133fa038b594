import type { RichTextBlock, RichTextElement } from '@slack/types';
import { Fragment, type ReactNode } from 'react';
import { ChannelMention, DateStamp, EmojiGlyph, GroupMention, SafeLink, UserMention } from './mrkdwn-view.js';

type Part = RichTextBlock['elements'][number];

/** A rich_text block: every element is typed, text is literal. */
export function RichText({ elements }: { elements: readonly Part[] }): ReactNode {
  return (
    <div className="rich-text">
      {elements.map((part, index) => (
        <RichPart key={index} part={part} index={index} all={elements} />
      ))}
    </div>
  );
}

function RichPart({ part, index, all }: { part: Part; index: number; all: readonly Part[] }): ReactNode {
  switch (part.type) {
    case 'rich_text_section':
      return <div className="rich-section">{drawElements(part.elements)}</div>;
    case 'rich_text_preformatted':
      return (
        <pre className="pre" tabIndex={0}>
          {drawElements(part.elements)}
        </pre>
      );
    case 'rich_text_quote':
      return <blockquote className="quote">{drawElements(part.elements)}</blockquote>;
    case 'rich_text_list': {
      const indent = Math.min(part.indent ?? 0, 8);
      const className = `rich-list indent-${indent}`;
      const rows = part.elements.map((row, at) => <li key={at}>{drawElements(row.elements)}</li>);
      if (part.style === 'bullet') return <ul className={className}>{rows}</ul>;
      return (
        <ol className={className} start={orderedStart(all, index)}>
          {rows}
        </ol>
      );
    }
    default:
      return null;
  }
}

/** An indented list splits its outer one into several parts: numbering goes on where the same level left off. */
function orderedStart(all: readonly Part[], index: number): number {
  const own = all[index];
  if (own?.type !== 'rich_text_list') return 1;
  const offset = 'offset' in own && typeof own.offset === 'number' ? own.offset : undefined;
  if (offset !== undefined) return offset + 1;
  const indent = own.indent ?? 0;
  let count = 1;
  for (let at = index - 1; at >= 0; at -= 1) {
    const before = all[at];
    if (before?.type !== 'rich_text_list' || (before.indent ?? 0) < indent) break;
    if ((before.indent ?? 0) === indent) {
      if (before.style !== 'ordered') break;
      count += before.elements.length;
    }
  }
  return count;
}

function drawElements(elements: readonly RichTextElement[]): ReactNode {
  return elements.map((element, index) => (
    <Fragment key={index}>{styled(element, drawElement(element))}</Fragment>
  ));
}

function drawElement(element: RichTextElement): ReactNode {
  switch (element.type) {
    case 'text':
      return element.text;
    case 'link':
      return <SafeLink url={element.url}>{element.text || element.url}</SafeLink>;
    case 'emoji':
      return <EmojiGlyph name={element.name} />;
    case 'user':
      return <UserMention id={element.user_id} />;
    case 'usergroup':
      return <GroupMention id={element.usergroup_id} />;
    case 'channel':
      return <ChannelMention id={element.channel_id} />;
    case 'broadcast':
      return <span className="mention mention-me">@{element.range}</span>;
    case 'date':
      return (
        <DateStamp
          epochSeconds={element.timestamp}
          format={element.format}
          url={element.url}
          fallback={element.fallback ?? ''}
        />
      );
    case 'color':
      return <ColorChip value={element.value} />;
    case 'team':
      return <span className="mention">@{element.team_id}</span>;
    default:
      return null;
  }
}

function ColorChip({ value }: { value: string }): ReactNode {
  const known = /^#?[0-9a-f]{3,8}$/i.test(value);
  return (
    <span className="color-chip">
      {known && (
        <span
          className="swatch"
          style={{ backgroundColor: value.startsWith('#') ? value : `#${value}` }}
          aria-hidden="true"
        />
      )}
      {value}
    </span>
  );
}

function styled(element: RichTextElement, node: ReactNode): ReactNode {
  const style = element.style;
  if (style === undefined) return node;
  let out = node;
  if ('code' in style && style.code === true) out = <code>{out}</code>;
  if ('bold' in style && style.bold === true) out = <strong>{out}</strong>;
  if ('italic' in style && style.italic === true) out = <em>{out}</em>;
  if ('strike' in style && style.strike === true) out = <s>{out}</s>;
  if ('underline' in style && style.underline === true) out = <u>{out}</u>;
  return out;
}
