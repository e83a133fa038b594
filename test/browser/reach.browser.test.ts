import axe from 'axe-core';
import { expect, it } from 'vitest';
import { actionElements, inputBlock, inputElements, plain, shownBlocks } from './every-block.js';
import { modal } from './page-fixture.js';
import { describePage, eventually } from './use-page.js';

const focusedName = `(() => { const at = document.activeElement; return at.getAttribute('aria-label') ?? at.innerText ?? at.tagName; })()`;

describePage('by keyboard alone', {}, (at) => {
  it('goes from writing to a message, works its button, and comes back', async () => {
    at.fixture.post({ user: 'U0BEN', text: 'older' });
    at.fixture.post({
      user: 'U0STEWARD',
      bot_id: 'B0',
      text: 'x',
      blocks: [
        { type: 'section', text: plain('A card') },
        {
          type: 'actions',
          block_id: 'b',
          elements: [{ type: 'button', action_id: 'yes', text: plain('Approve') }],
        },
      ],
    });
    await at.open();
    const { page } = at;
    await page.keyboard.press('Tab');
    expect(await page.evaluate(focusedName)).toBe('Skip to writing');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(focusedName)).toBe('Message #general');
    await page.keyboard.press('F6');
    await page.keyboard.press('F6');
    await page.keyboard.press('F6');
    expect(await page.evaluate(focusedName)).toBe('Message #general');
    // Shift+Tab from the composer leads over its surroundings to the newest message.
    for (let step = 0; step < 12 && !/Steward, /.test(String(await page.evaluate(focusedName))); step += 1)
      await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(focusedName)).toMatch(/^Steward, /);
    await page.keyboard.press('ArrowUp');
    expect(await page.evaluate(focusedName)).toMatch(/^Ben Okafor, /);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(focusedName)).toBe('Approve');
    await page.keyboard.press('Enter');
    expect(await eventually(() => at.fixture.acts[0], 'the press')).toMatchObject({
      do: 'click',
      action_id: 'yes',
    });
    await page.keyboard.press('Escape');
    expect(await page.evaluate(focusedName)).toMatch(/^Steward, /);
  });

  it('shows where the focus is', async () => {
    await at.open();
    await at.page.keyboard.press('Tab');
    await at.page.keyboard.press('Tab');
    expect(await at.page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`)).toBe('solid');
  });

  it('jumps to a channel, walks the sidebar and goes back in history', async () => {
    await at.open();
    const { page } = at;
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Channel or person' }).pressSequentially('rand');
    await page.keyboard.press('Enter');
    await page.getByRole('main', { name: '#random' }).waitFor();
    await page.getByRole('button', { name: '#random' }).focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('main', { name: '#general' }).waitFor();
    await page.goBack();
    await page.getByRole('main', { name: '#random' }).waitFor();
  });

  it('fills and sends a form, and works menus and lists in it', async () => {
    const [select] = inputElements.filter((element) => element.action_id === 'select');
    const [overflow] = actionElements.filter((element) => element.action_id === 'overflow');
    at.fixture.views = [
      modal('V1', 'Form', [
        inputBlock({ type: 'plain_text_input', action_id: 'line' }),
        inputBlock(select ?? {}),
        { type: 'section', block_id: 's', text: plain('more'), accessory: overflow },
      ]),
    ];
    await at.open();
    const { page } = at;
    await page.getByRole('dialog', { name: 'Form' }).waitFor();
    await page.keyboard.type('typed');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await page.getByLabel(/Field select/).inputValue()).toBe('Option b');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await eventually(() => at.fixture.acts[0], 'the menu')).toMatchObject({
      action_id: 'overflow',
      value: 'b',
    });
    await page.getByLabel(/Field line/).focus();
    await page.keyboard.press('Enter');
    expect(await eventually(() => at.fixture.acts[1], 'the submission')).toMatchObject({
      do: 'submit',
      values: { b_line: { line: 'typed' }, b_select: { select: 'b' } },
    });
  });

  it('keeps the focus inside an open modal and gives it back afterwards', async () => {
    await at.open();
    const { page } = at;
    await page.getByRole('textbox', { name: 'Message #general' }).focus();
    at.fixture.setViews([
      modal('V1', 'Short', [inputBlock({ type: 'plain_text_input', action_id: 'line' })]),
    ]);
    await page.getByRole('dialog').waitFor();
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press('Tab');
      expect(
        await page.evaluate(
          `document.activeElement === document.body || document.activeElement.closest('dialog') !== null`,
        ),
      ).toBe(true);
    }
    at.fixture.setViews([]);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate(focusedName)).toBe('Message #general');
  });
});

describePage('for a screen reader', {}, (at) => {
  it('has landmarks, named controls, and says aloud what others write', async () => {
    at.fixture.post({
      user: 'U0STEWARD',
      bot_id: 'B0',
      text: 'x',
      blocks: [
        ...shownBlocks,
        ...actionElements.map((element) => ({ type: 'actions', elements: [element] })),
      ],
    });
    await at.open();
    const { page } = at;
    for (const [role, name] of [
      ['banner', ''],
      ['navigation', 'Channels and direct messages'],
      ['main', '#general'],
    ] as const) {
      expect(await page.getByRole(role, name === '' ? {} : { name }).count(), role).toBe(1);
    }
    const nameless =
      await page.evaluate(`[...document.querySelectorAll('button, input, textarea, select, [role=combobox]')]
      .filter((element) => element.offsetParent !== null && !element.hidden)
      .filter((element) => {
        const label = element.getAttribute('aria-label') || element.labels?.length || element.innerText?.trim() || element.getAttribute('aria-labelledby');
        return !label;
      })
      .map((element) => element.outerHTML)`);
    expect(nameless).toEqual([]);
    at.fixture.post({ user: 'U0BEN', text: 'the *mart* is late' });
    await page
      .getByRole('log', { name: 'New messages' })
      .getByText('Ben Okafor: the mart is late')
      .waitFor({ state: 'attached' });
  });
});

describePage(
  'on a phone',
  { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  (at) => {
    const overflowing = `document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll('.channel, .thread, .dialog, .composer')].some((element) => element.getBoundingClientRect().right > innerWidth + 1)`;

    it('fits, and reaches channels, threads and forms', async () => {
      const head = at.fixture.post({
        text: 'the head',
        reply_count: 1,
        reply_users: ['U0BEN'],
        latest_reply: '1772400100.000100',
      });
      at.fixture.post({
        user: 'U0STEWARD',
        bot_id: 'B0',
        text: 'x',
        blocks: [
          ...shownBlocks,
          ...actionElements.map((element) => ({ type: 'actions', elements: [element] })),
        ],
      });
      await at.open();
      const { page } = at;
      expect(await page.evaluate(overflowing)).toBe(false);
      await page.getByText('the head').scrollIntoViewIfNeeded();
      await page.getByRole('button', { name: /1 reply/ }).tap();
      await page.getByRole('complementary', { name: 'Thread' }).waitFor();
      expect(head.ts).not.toBe('');
      expect(await page.evaluate(overflowing)).toBe(false);
      await page.getByRole('button', { name: 'Close thread' }).tap();
      await page.getByRole('button', { name: 'Channels' }).tap();
      await page
        .getByRole('navigation', { name: /^Channels and/ })
        .getByRole('button', { name: '#random' })
        .tap();
      await page.getByRole('main', { name: '#random' }).waitFor();
      at.fixture.setViews([
        modal(
          'V1',
          'On a phone',
          inputElements.map((element) => inputBlock(element)),
        ),
      ]);
      await page.getByRole('dialog', { name: 'On a phone' }).waitFor();
      expect(await page.evaluate(overflowing)).toBe(false);
      await page.getByRole('button', { name: 'Send', exact: true }).tap();
      expect(
        (await eventually(() => at.fixture.acts.find((act) => act.do === 'submit'), 'the submission')).as,
      ).toBe('U0ANA');
    });

    it('has every question that a newcomer may ask in sight, and leads behind the answers', async () => {
      const [question] = at.fixture.info.questions;
      if (question === undefined) throw new Error('no question');
      const titles = ['What is net revenue retention?', 'What is GPU utilisation?', 'What is our footprint?'];
      at.fixture.info = {
        ...at.fixture.info,
        questions: titles.map((title) => ({ ...question, title })),
      };
      await at.open();
      for (const title of titles) {
        const box = await at.page.getByRole('button', { name: title }).boundingBox();
        expect({ title, right: (box?.x ?? 999) + (box?.width ?? 0) <= 360 }).toEqual({ title, right: true });
        expect((box?.y ?? 999) + (box?.height ?? 0)).toBeLessThan(740);
      }
      await at.page.getByRole('button', { name: 'look behind the answer' }).tap();
      await at.page.getByRole('region', { name: 'Behind this' }).waitFor();
      await at.page.getByRole('button', { name: 'Close Behind this' }).tap();
    });

    it('shows what is behind over the whole screen', async () => {
      const now = new Date().toISOString();
      at.fixture.behind = Array.from({ length: 60 }, (_, n) => ({
        id: `b${n}`,
        at: now,
        kind: 'call' as const,
        title: `call ${n}.`,
        ok: true,
        detail: { request: {} },
      }));
      await at.open();
      await at.page.getByRole('button', { name: 'Behind this' }).tap();
      const line = at.page.getByRole('button', { name: /call 59\./ });
      await line.click();
      await at.page.getByRole('region', { name: 'Details of call 59.' }).waitFor();
      const [lineBox, details] = [await line.boundingBox(), at.page.getByRole('region', { name: /Details/ })];
      expect((lineBox?.y ?? 9999) + 10).toBeLessThan((await details.boundingBox())?.y ?? 0);
      const box = await at.page.getByRole('region', { name: 'Behind this' }).boundingBox();
      expect(box?.width).toBe(360);
      const close = at.page.getByRole('button', { name: 'Close Behind this' });
      const head = at.page.getByRole('heading', { name: 'Behind this' });
      const [closeBox, headBox] = [await close.boundingBox(), await head.boundingBox()];
      expect(Math.abs((closeBox?.y ?? 0) - (headBox?.y ?? 99))).toBeLessThan(20);
      expect(closeBox?.x ?? 0).toBeGreaterThan(300);
      await close.tap();
    });
  },
);

interface AxeResult {
  violations: { id: string; nodes: { html: string }[] }[];
}

for (const colorScheme of ['light', 'dark'] as const) {
  describePage(`by the rules of axe, ${colorScheme}`, { colorScheme }, (at) => {
    /** Broken rules with the elements that break them: contrast, names, roles and landmarks among some hundred rules. */
    const broken = async (): Promise<string[]> => {
      await at.page.evaluate(axe.source);
      const result: AxeResult = await at.page.evaluate(`axe.run(document, { resultTypes: ['violations'] })`);
      return result.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
      );
    };

    it('breaks none with every block, an open list, the pane behind, and a form', async () => {
      at.fixture.post({
        user: 'U0ANA',
        text: 'a <@U0BEN> <!here>',
        pinned: true,
        reactions: [{ name: 'eyes', count: 1, users: ['U0ANA'] }],
      });
      at.fixture.post({ ephemeral_to: 'U0ANA', text: '`code` <https://x.example|link>' });
      at.fixture.post({
        user: 'U0STEWARD',
        bot_id: 'B0',
        text: 'x',
        blocks: [
          ...shownBlocks,
          ...actionElements.map((element) => ({ type: 'actions', elements: [element] })),
        ],
      });
      at.fixture.behind = [
        {
          id: 'p1',
          at: new Date().toISOString(),
          kind: 'sql',
          title: 'select 1',
          ok: false,
          ms: 2,
          detail: { statement: 'select 1' },
        },
      ];
      await at.open();
      expect(await broken()).toEqual([]);
      await at.page.getByRole('combobox', { name: 'A person' }).click();
      expect(await broken()).toEqual([]);
      await at.page.keyboard.press('Escape');
      await at.page.getByRole('button', { name: 'Behind this' }).click();
      await at.page.locator('.behind-row').click();
      expect(await broken()).toEqual([]);
      const hint = { hint: plain('A hint') };
      at.fixture.setViews([
        modal(
          'V1',
          'Form',
          inputElements.map((element) => inputBlock(element, hint)),
          { errors: { b_line: 'Too short' } },
        ),
      ]);
      await at.page.getByRole('dialog').waitFor();
      expect(await broken()).toEqual([]);
    });
  });
}
