import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { ActRequest, JsonObject } from '../../playground/protocol.js';
import { actionElements, plain, shownBlocks } from './every-block.js';
import { describePage, eventually } from './use-page.js';

describePage('Block Kit in a message', {}, (at) => {
  it('shows every kind of block, and says so where it cannot', async () => {
    at.fixture.post({ user: 'U0STEWARD', bot_id: 'B0', text: 'all', blocks: shownBlocks });
    await at.open();
    const body = at.page.locator('.message-body').last();
    await body.getByRole('heading', { name: /A header/ }).waitFor();
    // biome-ignore lint/performance/useDomNodeTextContent: what is seen counts here, not what is in the document.
    const texts = await body.innerText();
    for (const words of [
      'Bold italic gone code a link @Ben Okafor #random @data @here',
      'Mar 1, 2026',
      'Plain *stays* plain',
      'quoted',
      'pre <b>formatted</b>',
      'strong and <b>html</b>',
      'a quote',
      'select 1',
      'Look it up',
      'permission denied',
      'The source is late',
      'with a subtitle',
      'Second of two',
      'A video',
    ]) {
      expect(texts).toContain(words);
    }
    const sign = body.getByRole('img', { name: 'the sign' });
    // Pictures load when they come near.
    await sign.scrollIntoViewIfNeeded();
    const width = (): Promise<number> =>
      sign.evaluate((image: { naturalWidth: number }) => image.naturalWidth);
    await expect.poll(width).toBeGreaterThan(0);
    expect(await body.getByRole('img', { name: 'bar chart' }).count()).toBe(1);
    expect(await body.getByRole('img', { name: 'pie chart' }).count()).toBe(1);
    expect(await body.getByRole('img', { name: 'In progress' }).count()).toBe(1);
    expect(await body.getByRole('cell', { name: '12 k' }).count()).toBe(1);
    expect(await body.getByText('This part of the message cannot be shown here.').count()).toBe(2);
    expect(await body.locator('a[href^="javascript"]').count()).toBe(0);
    expect(at.complaints).toEqual([]);
  });

  it('sorts, narrows and pages a data table', async () => {
    at.fixture.post({
      bot_id: 'B0',
      user: 'U0STEWARD',
      text: 't',
      blocks: shownBlocks.filter((block) => block.type === 'data_table'),
    });
    await at.open();
    const table = at.page.getByRole('table', { name: 'GPU hours' });
    const regions = (): Promise<string[]> => table.getByRole('rowheader').allInnerTexts();
    expect(await regions()).toEqual(['eu', 'us']);
    await table.getByRole('button', { name: /Hours/ }).click();
    expect(await regions()).toEqual(['us', 'eu']);
    await table.getByRole('button', { name: /Hours/ }).click();
    expect(await regions()).toEqual(['ap', 'eu']);
    await at.page.getByRole('button', { name: 'Next page' }).click();
    expect(await regions()).toEqual(['us']);
    await at.page.getByRole('searchbox', { name: 'Filter GPU hours' }).fill('ap');
    expect(await regions()).toEqual(['ap']);
  });

  it('opens a container and long text only when asked', async () => {
    at.fixture.post({
      text: 't',
      blocks: [
        ...shownBlocks.filter((block) => block.type === 'container'),
        { type: 'section', text: plain(`${'long '.repeat(300)}end`) },
      ],
    });
    await at.open();
    expect(await at.page.getByText('inside the container').count()).toBe(0);
    await at.page.getByRole('button', { name: 'Expand' }).click();
    await at.page.getByText('inside the container').waitFor();
    await at.page.getByRole('button', { name: 'See more' }).click();
    await at.page.getByRole('button', { name: 'See less' }).waitFor();
  });
});

/** How a person works each element, and what the app must be told. */
const operations: Record<
  string,
  { work: (page: Page, element: JsonObject) => Promise<void>; value: unknown }
> = {
  button: { work: (page) => page.getByRole('button', { name: 'Press me' }).click(), value: undefined },
  careful: {
    work: async (page) => {
      await page.getByRole('button', { name: 'Careful' }).click();
      await page.getByRole('alertdialog', { name: 'Really?' }).getByRole('button', { name: 'Do it' }).click();
    },
    value: undefined,
  },
  overflow: {
    work: async (page) => {
      await page.getByRole('button', { name: 'More actions', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Option b' }).click();
    },
    value: 'b',
  },
  static_select: { work: (page) => choose(page, 'Pick one', '', ['Option b']), value: 'b' },
  multi_static_select: { work: (page) => choose(page, 'Pick some', 'option', ['Option c']), value: ['c'] },
  external_select: { work: (page) => choose(page, 'Find one', 'mr', ['Found mr']), value: 'mr' },
  multi_external_select: { work: (page) => choose(page, 'Find some', 'arr', ['Found arr']), value: ['arr'] },
  users_select: { work: (page) => choose(page, 'A person', 'ben', ['Ben Okafor']), value: 'U0BEN' },
  multi_users_select: { work: (page) => choose(page, 'Some people', 'ana', ['Ana Ruiz']), value: ['U0ANA'] },
  conversations_select: {
    work: (page) => choose(page, 'A conversation', 'rand', ['#random']),
    value: 'C0RANDOM',
  },
  multi_conversations_select: {
    work: (page) => choose(page, 'Some conversations', 'gen', ['#general']),
    value: ['C0GENERAL'],
  },
  channels_select: { work: (page) => choose(page, 'A channel', 'rand', ['#random']), value: 'C0RANDOM' },
  multi_channels_select: {
    work: (page) => choose(page, 'Some channels', '', ['#random']),
    value: ['C0RANDOM'],
  },
  checkboxes: { work: (page) => page.getByRole('checkbox', { name: 'Option c' }).check(), value: ['a', 'c'] },
  radio_buttons: { work: (page) => page.getByRole('radio', { name: 'Option b' }).check(), value: 'b' },
  datepicker: {
    work: async (page) => {
      await page.getByLabel('Date', { exact: true }).fill('2026-04-15');
      await page.getByLabel('Date', { exact: true }).blur();
    },
    value: '2026-04-15',
  },
  timepicker: {
    work: async (page) => {
      await page.getByLabel('Time', { exact: true }).fill('09:30');
      await page.getByLabel('Time', { exact: true }).blur();
    },
    value: '09:30',
  },
  datetimepicker: {
    // The person's own zone, Berlin: two hours ahead of UTC in April.
    work: async (page) => {
      await page.getByLabel('Date and time').fill('2026-04-15T09:30');
      await page.getByLabel('Date and time').blur();
    },
    value: Date.parse('2026-04-15T07:30:00Z') / 1000,
  },
};

async function choose(page: Page, label: string, typed: string, options: string[]): Promise<void> {
  const field = page.getByRole('combobox', { name: label });
  await field.click();
  if (typed !== '') await field.pressSequentially(typed);
  for (const option of options) await page.getByRole('option', { name: option }).click();
}

describePage('an element in a message', {}, (at) => {
  for (const element of actionElements) {
    const action = String(element.action_id);
    it(`${action} tells the app what was chosen`, async () => {
      at.fixture.onOptions = (asked) => ({
        options: [{ text: plain(`Found ${asked.value}`), value: asked.value }],
      });
      const message = at.fixture.post({
        user: 'U0STEWARD',
        bot_id: 'B0',
        text: 'x',
        blocks: [{ type: 'actions', block_id: 'block', elements: [element] }],
      });
      await at.open();
      const operation = operations[action];
      expect(operation, `a way to work ${action}`).toBeDefined();
      await operation?.work(at.page, element);
      const act = await eventually(
        () => at.fixture.acts.find((each) => each.do === 'click'),
        `${action} to be sent`,
      );
      expect(act).toMatchObject({
        as: 'U0ANA',
        do: 'click',
        channel: 'C0GENERAL',
        message: message.ts,
        block_id: 'block',
        action_id: action,
      } satisfies ActRequest);
      expect(act.value).toEqual(operation?.value);
      expect(at.complaints).toEqual([]);
    });
  }

  it('asks the app for options only once enough was typed, and says so before', async () => {
    at.fixture.post({
      text: 'x',
      blocks: [
        {
          type: 'actions',
          block_id: 'block',
          elements: actionElements.filter((element) => element.action_id === 'external_select'),
        },
      ],
    });
    await at.open();
    const field = at.page.getByRole('combobox', { name: 'Find one' });
    await field.click();
    await field.pressSequentially('m');
    await at.page.getByText('Type at least 2 letters').waitFor();
    expect(at.fixture.optionRequests).toEqual([]);
  });

  it('sends nothing when the confirmation is denied, and gives a select its old value back', async () => {
    const confirm = {
      title: plain('Sure?'),
      text: plain('Really'),
      confirm: plain('Yes'),
      deny: plain('No'),
    };
    const [button] = actionElements.filter((element) => element.action_id === 'careful');
    const [select] = actionElements.filter((element) => element.action_id === 'static_select');
    at.fixture.post({ text: 'x', blocks: [{ type: 'actions', elements: [button, { ...select, confirm }] }] });
    await at.open();
    await at.page.getByRole('button', { name: 'Careful' }).click();
    await at.page.getByRole('button', { name: 'No', exact: true }).click();
    await choose(at.page, 'Pick one', '', ['Option b']);
    await at.page.getByRole('button', { name: 'No', exact: true }).click();
    expect(await at.page.getByRole('combobox', { name: 'Pick one' }).inputValue()).toBe('');
    expect(at.fixture.acts).toEqual([]);
  });

  it('takes at most as many as the select allows', async () => {
    at.fixture.post({
      text: 'x',
      blocks: [
        {
          type: 'actions',
          elements: actionElements.filter((element) => element.action_id === 'multi_static_select'),
        },
      ],
    });
    await at.open();
    await choose(at.page, 'Pick some', '', ['Option a', 'Option b', 'Option c']);
    await at.page.getByText('At most 2 can be chosen').waitFor();
    const last = await eventually(
      () => (at.fixture.acts.length >= 2 ? at.fixture.acts.at(-1) : undefined),
      'two choices',
    );
    expect(last.value).toEqual(['a', 'b']);
  });

  it('gives feedback, deletes by icon and works an accessory', async () => {
    at.fixture.post({
      text: 'x',
      blocks: [
        {
          type: 'context_actions',
          block_id: 'ca',
          elements: [
            {
              type: 'feedback_buttons',
              action_id: 'feedback',
              positive_button: { text: plain('Good'), value: 'up' },
              negative_button: { text: plain('Bad'), value: 'down' },
            },
            { type: 'icon_button', action_id: 'remove', icon: 'trash', text: plain('Remove') },
          ],
        },
        {
          type: 'section',
          block_id: 'sec',
          text: plain('words'),
          accessory: { type: 'button', action_id: 'accessory', text: plain('Beside') },
        },
      ],
    });
    await at.open();
    await at.page.getByRole('button', { name: 'Bad' }).click();
    await at.page.getByRole('button', { name: 'Remove' }).click();
    await at.page.getByRole('button', { name: 'Beside' }).click();
    await eventually(() => (at.fixture.acts.length === 3 ? true : undefined), 'three presses');
    expect(at.fixture.acts.map((act) => [act.block_id, act.action_id, act.value])).toEqual([
      ['ca', 'feedback', 'down'],
      ['ca', 'remove', undefined],
      ['sec', 'accessory', undefined],
    ]);
    expect(await at.page.getByRole('button', { name: 'Bad' }).getAttribute('aria-pressed')).toBe('true');
  });
});
