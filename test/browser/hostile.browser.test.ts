import { expect, it } from 'vitest';
import type { JsonObject } from '../../playground/protocol.js';
import { actionElements, inputBlock, inputElements, plain, shownBlocks } from './every-block.js';
import { channel, modal, person } from './page-fixture.js';
import { describePage } from './use-page.js';

/** Each would set `window.pwned` if it ran anywhere. */
const payloads = [
  '<img src=x onerror="window.pwned=1">',
  '<script>window.pwned=2</script>',
  '"><svg/onload=window.pwned=3>',
  'javascript:window.pwned=4',
  '<javascript:window.pwned=5|click me>',
  '<https://x" onmouseover="window.pwned=6|hover me>',
  '[click](javascript:window.pwned=7) ![x](javascript:window.pwned=8)',
  '<a href="javascript:window.pwned=9">raw</a>',
  '{{window.pwned=11}}',
  '<data:text/html,<script>window.pwned=12</script>|data>',
];
const all = payloads.join('\n');

/** Puts the text into every string of a block that is shown or followed; keeps types, ids and numbers. */
function poison(node: unknown, key = ''): unknown {
  if (Array.isArray(node)) return node.map((item) => poison(item, key));
  if (typeof node === 'object' && node !== null)
    return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, poison(value, name)]));
  if (
    typeof node !== 'string' ||
    ['type', 'style', 'level', 'block_id', 'action_id', 'initial_date', 'width', 'status'].includes(key)
  )
    return node;
  return key.endsWith('url') || key === 'value' ? 'javascript:window.pwned=20' : all;
}

describePage('hostile text', {}, (at) => {
  it('runs nowhere: names, topics, messages, every block, modals, and what is behind', async () => {
    const { fixture, page } = at;
    fixture.people = [
      person('U0ANA', 'ana', all, all),
      { ...person('U0BEN', 'ben', all, all), status_text: all, status_emoji: all },
    ];
    fixture.info.team.name = all;
    fixture.info.commands = [{ command: '/metric', description: all, usage_hint: all }];
    fixture.info.shortcuts = [{ name: all, type: 'message', callback_id: 'm', description: all }];
    fixture.info.questions = [{ title: all, as: 'U0ANA', do: 'message', channel: 'C0GENERAL', text: all }];
    fixture.info.story = [{ step: 's', title: all, description: all, done: false }];
    fixture.channels = [
      channel('C0GENERAL', 'general', { topic: all, purpose: all }),
      channel('C0OTHER', all),
    ];
    const blocks = [
      ...shownBlocks,
      ...actionElements.map((element) => ({ type: 'actions', elements: [element] })),
    ].map((block) => poison(block) as JsonObject);
    for (const text of payloads) fixture.post({ text });
    fixture.post({
      text: all,
      username: all,
      reactions: [{ name: all, count: 1, users: ['U0BEN'] }],
      attachments: [
        {
          text: all,
          title: all,
          title_link: 'javascript:window.pwned=21',
          color: all,
          fields: [{ title: all, value: all }],
        },
      ],
      unfurls: { 'https://x': { title: all, text: all } },
      files: [
        {
          id: 'F1',
          name: all,
          title: all,
          mimetype: 'image/svg+xml',
          size: 1,
          alt_txt: all,
          play_url: '/_play/file?id=F1',
        },
      ],
      chunks: [
        {
          type: 'task_update',
          id: 't',
          title: all,
          details: all,
          sources: [{ url: 'javascript:window.pwned=22', text: all }],
        },
      ],
    });
    fixture.post({ user: 'U0STEWARD', bot_id: 'B0', text: all, blocks });
    fixture.behind = [
      {
        id: 'p1',
        at: new Date().toISOString(),
        kind: 'sql',
        title: all,
        ok: true,
        detail: { statement: all, reply: { text: all } },
      },
    ];
    await at.open();
    await page.locator('.message').last().waitFor();
    await page.getByRole('button', { name: 'Behind this' }).click();
    await page.locator('.behind-row').first().click();
    await page.getByRole('button', { name: 'Story' }).click();
    await page.keyboard.press('Escape');
    fixture.setViews([
      modal(
        'V1',
        all,
        [
          ...blocks,
          ...inputElements.map((element) =>
            inputBlock(poison(element) as JsonObject, { label: plain(all), hint: plain(all) }),
          ),
        ],
        { errors: { b_line: all } },
      ),
    ]);
    await page.getByRole('dialog').waitFor();
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    const links = await page
      .locator('a')
      .evaluateAll((found: { href: string }[]) => found.map((link) => link.href));
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(link).toMatch(/^(https?|mailto):/);
    expect(
      await page
        .locator('script:not([src]), iframe, object, embed, [onerror], [onload], [onmouseover]')
        .count(),
    ).toBe(0);
    // Pictures with a bad address do not even ask for it.
    expect(await page.locator('img[src^="javascript"]').count()).toBe(0);
    expect(at.complaints).toEqual([]);
  });

  it('does not hang on text made to be slow', async () => {
    for (const text of [
      '*a '.repeat(13_000),
      '_'.repeat(40_000),
      '<'.repeat(40_000),
      ':a'.repeat(20_000),
      '`'.repeat(20_000),
      '> '.repeat(20_000),
      '*_~'.repeat(13_000),
      'http://'.repeat(5_000),
    ])
      at.fixture.post({ text });
    at.fixture.post({
      text: 'm',
      blocks: [
        { type: 'markdown', text: '*_['.repeat(4_000) },
        { type: 'markdown', text: '> '.repeat(5_000) },
        { type: 'markdown', text: `${'[a]('.repeat(3_000)}` },
      ],
    });
    const began = Date.now();
    await at.open();
    await at.page.locator('.message').last().waitFor();
    expect(Date.now() - began).toBeLessThan(8_000);
  });
});
