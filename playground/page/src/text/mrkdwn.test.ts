import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Inline, type Paragraph, parseMrkdwn } from './mrkdwn.js';

const inline = (source: string): Inline[] =>
  parseMrkdwn(source).flatMap((paragraph) => (paragraph.kind === 'text' ? paragraph.children : []));
const text = (value: string): Inline => ({ kind: 'text', text: value });

describe('mrkdwn', () => {
  it('nests bold, italic and strike, and leaves lone marks alone', () => {
    expect(inline('a *b _c ~d~_* e')).toEqual([
      text('a '),
      {
        kind: 'bold',
        children: [
          text('b '),
          { kind: 'italic', children: [text('c '), { kind: 'strike', children: [text('d')] }] },
        ],
      },
      text(' e'),
    ]);
    expect(inline('2 * 3 * 4 and snake_case_name')).toEqual([text('2 * 3 * 4 and snake_case_name')]);
    expect(inline('*not\nover lines*')).toEqual([text('*not\nover lines*')]);
  });

  it('keeps code literal but for the three escapes and what links stand for', () => {
    expect(inline('`*x* &lt;b&gt;`')).toEqual([{ kind: 'code', text: '*x* <b>' }]);
    expect(parseMrkdwn('```a *b*\n<https://x.example|x>```')).toEqual([{ kind: 'pre', text: 'a *b*\nx' }]);
    expect(parseMrkdwn('```never closed')).toEqual([{ kind: 'text', children: [text('```never closed')] }]);
  });

  it('reads every token of Slack', () => {
    expect(inline('<@U0ANA|ana>')).toEqual([{ kind: 'user', id: 'U0ANA', label: 'ana' }]);
    expect(inline('<#C0GENERAL>')).toEqual([{ kind: 'channel', id: 'C0GENERAL', label: undefined }]);
    expect(inline('<!subteam^S0DATA|@data>')).toEqual([{ kind: 'usergroup', id: 'S0DATA', label: '@data' }]);
    expect(inline('<!here> <!everyone>')).toEqual([
      { kind: 'broadcast', range: 'here' },
      text(' '),
      { kind: 'broadcast', range: 'everyone' },
    ]);
    expect(inline('<https://x.example/?a=1&amp;b=2|two &gt; one>')).toEqual([
      { kind: 'link', url: 'https://x.example/?a=1&b=2', label: 'two > one' },
    ]);
    expect(inline('<!date^1772400000^{date} at {time}^https://x.example|then>')).toEqual([
      {
        kind: 'date',
        epochSeconds: 1_772_400_000,
        format: '{date} at {time}',
        url: 'https://x.example',
        fallback: 'then',
      },
    ]);
    expect(inline(':tada: 10:30:45')).toEqual([
      { kind: 'emoji', name: 'tada' },
      text(' 10'),
      { kind: 'emoji', name: '30' },
      text('45'),
    ]);
  });

  it('does not take for a token what is none', () => {
    expect(inline('<b>bold</b> a < b')).toEqual([text('<b>bold</b> a < b')]);
    expect(inline('<!date^soon^{date}|fallback>')).toEqual([text('fallback')]);
  });

  it('quotes lines, and all that follows three signs', () => {
    expect(parseMrkdwn('a\n&gt; b\n&gt; c\nd').map((paragraph) => paragraph.kind)).toEqual([
      'text',
      'quote',
      'text',
    ]);
    expect(parseMrkdwn('&gt;&gt;&gt; b\nc')).toEqual([
      { kind: 'quote', children: [{ kind: 'text', children: [text('b\nc')] }] },
    ]);
  });

  it('finds bare addresses without their full stop', () => {
    expect(inline('see https://x.example/a.')).toEqual([
      text('see '),
      { kind: 'link', url: 'https://x.example/a', label: undefined },
      text('.'),
    ]);
  });

  it('never throws, and never loses a letter that is not a mark', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '*',
        '_',
        '~',
        '`',
        '```',
        '<',
        '>',
        '|',
        '\n',
        ' ',
        ':',
        '&gt;',
        'a',
        'é',
        '@U1',
        '!date^1^{x}',
        'https://x.y',
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const source = parts.join('');
        const shown = parseMrkdwn(source).map(letters).join('');
        const wanted = [...source.matchAll(/é/g)].length;
        expect([...shown.matchAll(/é/g)].length).toBeLessThanOrEqual(wanted);
        if (!source.includes('<')) expect([...shown.matchAll(/é/g)].length).toBe(wanted);
      }),
    );
  });
});

function letters(node: Paragraph | Inline): string {
  if ('children' in node) return node.children.map(letters).join('');
  if ('text' in node) return node.text;
  return node.kind === 'link' ? `${node.url}${node.label ?? ''}` : '';
}
