/**
 * Slack's mrkdwn as a tree. Rules from https://docs.slack.dev/messaging/formatting-message-text: three escapes, `<...>` tokens,
 * *bold* _italic_ ~strike~ `code` on one line, fenced blocks and quotes. The tree holds text only; what draws it makes React
 * nodes, so nothing in a message can become markup.
 */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; url: string; label: string | undefined }
  | { kind: 'user' | 'channel' | 'usergroup'; id: string; label: string | undefined }
  | { kind: 'broadcast'; range: string }
  | { kind: 'date'; epochSeconds: number; format: string; url: string | undefined; fallback: string }
  | { kind: 'emoji'; name: string };

export type Paragraph =
  | { kind: 'text'; children: Inline[] }
  | { kind: 'pre'; text: string }
  | { kind: 'quote'; children: Paragraph[] };

type Mark = '*' | '_' | '~';

const markKinds = { '*': 'bold', _: 'italic', '~': 'strike' } as const satisfies Record<Mark, string>;
const wordCharacter = /[\p{L}\p{N}]/u;
const bareUrl = /https?:\/\/[^\s<>"'`|]+[^\s<>"'`|.,;:!?)\]}*_~]/y;
const emojiToken = /:([a-z0-9_+-]{1,60}):(?::skin-tone-[2-6]:)?/y;

export function decodeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Plain text of a mrkdwn string, for labels and announcements. */
export function mrkdwnToPlain(source: string): string {
  return decodeEntities(source.replace(/<([^>|]*)\|([^>]*)>/g, '$2').replace(/[*_~`]/g, ''));
}

export function parseMrkdwn(source: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  const pieces = source.split('```');
  pieces.forEach((piece, index) => {
    const unclosed = index === pieces.length - 1 && index % 2 === 1;
    if (index % 2 === 1 && !unclosed) {
      paragraphs.push({ kind: 'pre', text: decodeEntities(plainTokens(piece)).replace(/^\n|\n$/g, '') });
      return;
    }
    const text = unclosed ? `\`\`\`${piece}` : piece;
    const afterFence = index > 0 && !unclosed ? text.replace(/^\n/, '') : text;
    const trimmed = index < pieces.length - 1 ? afterFence.replace(/\n$/, '') : afterFence;
    if (trimmed !== '') paragraphs.push(...parseLines(trimmed));
  });
  return paragraphs;
}

/** Inside code, tokens are shown as what they stand for. */
function plainTokens(text: string): string {
  return text.replace(
    /<([a-z][a-z0-9+.-]*:[^<>|]+)(?:\|([^<>]*))?>/gi,
    (_whole, url: string, label?: string) => label ?? url,
  );
}

function parseLines(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let plain: string[] = [];
  let quoted: string[] = [];
  const flush = (): void => {
    if (plain.length > 0) paragraphs.push({ kind: 'text', children: parseInline(plain.join('\n')) });
    if (quoted.length > 0) {
      paragraphs.push({
        kind: 'quote',
        children: [{ kind: 'text', children: parseInline(quoted.join('\n')) }],
      });
    }
    plain = [];
    quoted = [];
  };
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const rest = /^(?:&gt;|>){3}\s?/.exec(line);
    if (rest !== null) {
      flush();
      quoted = [line.slice(rest[0].length), ...lines.slice(index + 1)];
      break;
    }
    const quote = /^(?:&gt;|>)\s?/.exec(line);
    if (quote !== null) {
      if (plain.length > 0) flush();
      quoted.push(line.slice(quote[0].length));
    } else {
      if (quoted.length > 0) flush();
      plain.push(line);
    }
  }
  flush();
  return paragraphs;
}

export function parseInline(source: string): Inline[] {
  return parseRange(source, 0, source.length, new Set());
}

function parseRange(source: string, start: number, end: number, active: Set<Mark>): Inline[] {
  const out: Inline[] = [];
  // A mark that found no partner from one place finds none from a later place of the same line: remember that, so that a
  // line of ten thousand asterisks costs one scan and not ten thousand.
  const hopelessUntil = new Map<Mark, number>();
  let text = '';
  const pushText = (): void => {
    if (text !== '') out.push({ kind: 'text', text: decodeEntities(text) });
    text = '';
  };
  let at = start;
  while (at < end) {
    const found = atomAt(source, at, end);
    if (found !== undefined) {
      pushText();
      out.push(found.node);
      at = found.next;
      continue;
    }
    const character = source.charAt(at);
    if (
      isMark(character) &&
      !active.has(character) &&
      at >= (hopelessUntil.get(character) ?? 0) &&
      opens(source, at, start, end)
    ) {
      const close = closingMark(source, at, end, character);
      if (close === undefined) {
        const lineEnd = source.indexOf('\n', at);
        hopelessUntil.set(character, lineEnd === -1 ? end : lineEnd);
      } else {
        pushText();
        out.push({
          kind: markKinds[character],
          children: parseRange(source, at + 1, close, new Set([...active, character])),
        });
        at = close + 1;
        continue;
      }
    }
    text += character;
    at += 1;
  }
  pushText();
  return out;
}

function isMark(character: string): character is Mark {
  return character === '*' || character === '_' || character === '~';
}

function opens(source: string, at: number, start: number, end: number): boolean {
  const before = at === start ? '' : source.charAt(at - 1);
  const after = at + 1 < end ? source.charAt(at + 1) : '';
  return !wordCharacter.test(before) && after !== '' && !/\s/.test(after) && after !== source.charAt(at);
}

function closingMark(source: string, open: number, end: number, mark: Mark): number | undefined {
  let at = open + 1;
  while (at < end) {
    const character = source.charAt(at);
    if (character === '\n') return undefined;
    if (character === '<' || character === '`') {
      const atom = atomAt(source, at, end);
      if (atom !== undefined) {
        at = atom.next;
        continue;
      }
    }
    if (character === mark && at > open + 1 && !/\s/.test(source.charAt(at - 1))) {
      const after = at + 1 < end ? source.charAt(at + 1) : '';
      if (!wordCharacter.test(after)) return at;
    }
    at += 1;
  }
  return undefined;
}

interface Atom {
  node: Inline;
  next: number;
}

function atomAt(source: string, at: number, end: number): Atom | undefined {
  const character = source.charAt(at);
  if (character === '`') {
    const lineEnd = source.indexOf('\n', at);
    const close = source.indexOf('`', at + 1);
    if (close === -1 || close >= end || close === at + 1 || (lineEnd !== -1 && close > lineEnd))
      return undefined;
    return {
      node: { kind: 'code', text: decodeEntities(plainTokens(source.slice(at + 1, close))) },
      next: close + 1,
    };
  }
  if (character === '<') {
    const close = source.indexOf('>', at + 1);
    if (close === -1 || close >= end) return undefined;
    const inner = source.slice(at + 1, close);
    if (inner.includes('<') || inner.includes('\n')) return undefined;
    const node = tokenNode(inner);
    return node === undefined ? undefined : { node, next: close + 1 };
  }
  if (character === ':') {
    emojiToken.lastIndex = at;
    const match = emojiToken.exec(source);
    if (match?.[1] === undefined || at + match[0].length > end) return undefined;
    return { node: { kind: 'emoji', name: match[1] }, next: at + match[0].length };
  }
  if (character === 'h' && (at === 0 || !wordCharacter.test(source.charAt(at - 1)))) {
    bareUrl.lastIndex = at;
    const match = bareUrl.exec(source);
    if (match === null || at + match[0].length > end) return undefined;
    return {
      node: { kind: 'link', url: decodeEntities(match[0]), label: undefined },
      next: at + match[0].length,
    };
  }
  return undefined;
}

function tokenNode(inner: string): Inline | undefined {
  const bar = inner.indexOf('|');
  const head = bar === -1 ? inner : inner.slice(0, bar);
  const label = bar === -1 ? undefined : decodeEntities(inner.slice(bar + 1));
  if (/^@[UW][A-Z0-9]+$/.test(head)) return { kind: 'user', id: head.slice(1), label };
  if (/^#[CGD][A-Z0-9]+$/.test(head)) return { kind: 'channel', id: head.slice(1), label };
  if (/^!subteam\^[A-Z0-9]+$/.test(head))
    return { kind: 'usergroup', id: head.slice('!subteam^'.length), label };
  if (/^!(here|channel|everyone)$/.test(head)) return { kind: 'broadcast', range: head.slice(1) };
  if (head.startsWith('!date^')) {
    const [, epoch = '', format = '', ...link] = head.split('^');
    const epochSeconds = Number(epoch);
    if (!/^\d{1,11}$/.test(epoch) || !Number.isFinite(epochSeconds))
      return { kind: 'text', text: label ?? '' };
    return {
      kind: 'date',
      epochSeconds,
      format: decodeEntities(format),
      url: link.join('^') || undefined,
      fallback: label ?? '',
    };
  }
  if (head.startsWith('!')) return { kind: 'text', text: label ?? `<${head}>` };
  if (/^[a-z][a-z0-9+.-]*:/i.test(head)) return { kind: 'link', url: decodeEntities(head), label };
  return undefined;
}
