import { describe, expect, it } from 'vitest';
import { readPermalink } from './permalink.js';
import { escapeTyped, richTextFromTyped, typedFromRichText } from './rich-text-from-mrkdwn.js';

const mentions = {
  user: (handle: string) => (handle === 'ana' ? 'U0ANA' : undefined),
  channel: (name: string) => (name === 'general' ? 'C0GENERAL' : undefined),
  group: (handle: string) => (handle === 'data' ? 'S0DATA' : undefined),
};

describe('typed text as rich_text', () => {
  it('escapes what is typed and knows mentions', () => {
    expect(escapeTyped('<b> & @ana, @data @nobody #general a@ana.com @channel', mentions)).toBe(
      '&lt;b&gt; &amp; <@U0ANA>, <!subteam^S0DATA> @nobody <#C0GENERAL> a@ana.com <!channel>',
    );
  });

  it('makes sections, lists, quotes and code, and reads them back', () => {
    const typed = '*bold* and `code`\n- one\n- two\n  - inner\n1. first\n> quoted\n```select 1```';
    const block = richTextFromTyped(typed, mentions);
    expect(block.elements.map((part) => part.type)).toEqual([
      'rich_text_section',
      'rich_text_list',
      'rich_text_list',
      'rich_text_list',
      'rich_text_quote',
      'rich_text_preformatted',
    ]);
    expect(typedFromRichText(block)).toBe(typed);
  });

  it('makes hostile text nothing but text', () => {
    expect(richTextFromTyped('<script>alert(1)</script>', mentions)).toEqual({
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: [{ type: 'text', text: '<script>alert(1)</script>' }] },
      ],
    });
  });
});

describe('a permalink', () => {
  it('is read from this stand-in only, whatever port it had when the link was kept', () => {
    const origin = 'http://127.0.0.1:4000';
    expect(readPermalink(`${origin}/archives/C0A/p1772400000000100`, origin)).toEqual({
      channel: 'C0A',
      ts: '1772400000.000100',
      thread: undefined,
    });
    expect(
      readPermalink(`${origin}/archives/C0A/p1772400000000100?thread_ts=1772300000.000100`, origin)?.thread,
    ).toBe('1772300000.000100');
    expect(readPermalink('http://127.0.0.1:4001/archives/C0A/p1772400000000100', origin)?.channel).toBe(
      'C0A',
    );
    expect(readPermalink('https://127.0.0.1:4000/archives/C0A/p1772400000000100', origin)).toBeUndefined();
    expect(readPermalink('https://evil.example/archives/C0A/p1772400000000100', origin)).toBeUndefined();
    expect(readPermalink(`${origin}/archives/C0A`, origin)).toBeUndefined();
  });
});
