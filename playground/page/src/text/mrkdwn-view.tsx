import { Fragment, memo, type ReactNode } from 'react';
import { useDirectory } from '../blocks/host.js';
import { formatDateToken } from './dates.js';
import { emojiCharacter } from './emoji.js';
import { type Inline, type Paragraph, parseInline, parseMrkdwn } from './mrkdwn.js';
import { readPermalink } from './permalink.js';
import { safeUrl } from './safe-url.js';

/** A mrkdwn string as React nodes. */
export const Mrkdwn = memo(function Mrkdwn({ text }: { text: string }): ReactNode {
  return <span className="mrkdwn">{drawParagraphs(parseMrkdwn(text))}</span>;
});

/** A plain_text string: literal but for emoji codes. */
export function Plain({ text, emoji = true }: { text: string; emoji?: boolean | undefined }): ReactNode {
  if (!emoji || !text.includes(':')) return text;
  return text.split(/(:[a-z0-9_+-]{1,60}:)/).map((piece, index) => {
    const character = index % 2 === 1 ? emojiCharacter(piece.slice(1, -1)) : undefined;
    return character === undefined ? piece : <EmojiGlyph key={index} name={piece.slice(1, -1)} />;
  });
}

function drawParagraphs(paragraphs: Paragraph[]): ReactNode {
  return paragraphs.map((paragraph, index) => <Fragment key={index}>{drawParagraph(paragraph)}</Fragment>);
}

function drawParagraph(paragraph: Paragraph): ReactNode {
  switch (paragraph.kind) {
    case 'pre':
      return (
        <code className="pre" tabIndex={0}>
          {paragraph.text}
        </code>
      );
    case 'quote':
      return <span className="quote">{drawParagraphs(paragraph.children)}</span>;
    case 'text':
      return drawInline(paragraph.children);
  }
}

function drawInline(nodes: Inline[]): ReactNode {
  return nodes.map((node, index) => <Fragment key={index}>{drawNode(node)}</Fragment>);
}

function drawNode(node: Inline): ReactNode {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'bold':
      return <strong>{drawInline(node.children)}</strong>;
    case 'italic':
      return <em>{drawInline(node.children)}</em>;
    case 'strike':
      return <s>{drawInline(node.children)}</s>;
    case 'code':
      return <code>{node.text}</code>;
    case 'emoji':
      return <EmojiGlyph name={node.name} />;
    case 'link':
      return (
        <SafeLink url={node.url}>
          {node.label === undefined ? node.url : drawInline(withoutLinks(node.label))}
        </SafeLink>
      );
    case 'user':
      return <UserMention id={node.id} label={node.label} />;
    case 'channel':
      return <ChannelMention id={node.id} label={node.label} />;
    case 'usergroup':
      return <GroupMention id={node.id} label={node.label} />;
    case 'broadcast':
      return <span className="mention mention-me">@{node.range}</span>;
    case 'date':
      return <DateStamp {...node} />;
  }
}

/** A label may be formatted, but a link inside a link is no link. */
function withoutLinks(label: string): Inline[] {
  return parseInline(label).map((node) =>
    node.kind === 'link' ? { kind: 'text', text: node.label ?? node.url } : node,
  );
}

export function EmojiGlyph({ name }: { name: string }): ReactNode {
  const character = emojiCharacter(name);
  if (character === undefined) return `:${name}:`;
  return (
    <span className="emoji" role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`}>
      {character}
    </span>
  );
}

export function SafeLink({ url, children }: { url: string; children: ReactNode }): ReactNode {
  const directory = useDirectory();
  const href = safeUrl(url);
  // A link that may not be followed stays readable.
  if (href === undefined) return <span title="This address is not a web address">{children}</span>;
  const message = readPermalink(href, window.location.origin);
  if (message !== undefined) {
    return (
      <button type="button" className="link-in-text" onClick={() => directory.openMessage(message)}>
        {children}
      </button>
    );
  }
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

export function UserMention({ id, label }: { id: string; label?: string | undefined }): ReactNode {
  const directory = useDirectory();
  const name = directory.userName(id) ?? label ?? id;
  return (
    <button
      type="button"
      className={`mention${id === directory.me ? ' mention-me' : ''}`}
      onClick={() => directory.openPerson(id)}
    >
      @{name.replace(/^@/, '')}
    </button>
  );
}

export function ChannelMention({ id, label }: { id: string; label?: string | undefined }): ReactNode {
  const directory = useDirectory();
  const name = directory.channelName(id);
  if (name === undefined) return <span className="mention">#{label || 'private-channel'}</span>;
  return (
    <button type="button" className="mention" onClick={() => directory.openChannel(id)}>
      #{name}
    </button>
  );
}

export function GroupMention({ id, label }: { id: string; label?: string | undefined }): ReactNode {
  const handle = useDirectory().usergroupHandle(id) ?? label ?? id;
  return <span className="mention">@{handle.replace(/^@/, '')}</span>;
}

export function DateStamp(props: {
  epochSeconds: number;
  format: string;
  url?: string | undefined;
  fallback: string;
}): ReactNode {
  const { dates } = useDirectory();
  const text = formatDateToken(props.format, props.epochSeconds, dates) || props.fallback;
  const when = new Date(props.epochSeconds * 1000);
  if (Number.isNaN(when.getTime())) return props.fallback;
  const stamp = (
    <time dateTime={when.toISOString()} title={when.toUTCString()}>
      {text}
    </time>
  );
  return props.url === undefined ? stamp : <SafeLink url={props.url}>{stamp}</SafeLink>;
}
