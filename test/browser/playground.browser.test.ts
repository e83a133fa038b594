import { fileURLToPath } from 'node:url';
import type { App } from '@slack/bolt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../../playground/testing/harness.js';
import { hasChromium, launchChromium } from './chromium.js';

const pageDir = fileURLToPath(new URL('../../dist/playground/page', import.meta.url));
const plain = (text: string): { type: 'plain_text'; text: string } => ({ type: 'plain_text', text });

/** An app that does a little of everything, with Bolt, as the product does. */
function listen(app: App): void {
  app.command('/echo', async ({ ack, command }) =>
    ack({ response_type: 'ephemeral', text: `You said ${command.text}` }),
  );
  app.command('/form', async ({ ack, client, body }) => {
    await ack();
    await client.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'form',
        title: plain('Ask for access'),
        submit: plain('Ask'),
        blocks: [
          {
            type: 'input',
            block_id: 'why',
            label: plain('Why'),
            element: { type: 'plain_text_input', action_id: 'text', min_length: 3 },
          },
          {
            type: 'input',
            block_id: 'dataset',
            label: plain('Dataset'),
            element: {
              type: 'external_select',
              action_id: 'dataset',
              min_query_length: 1,
              placeholder: plain('Find one'),
            },
          },
          {
            type: 'input',
            block_id: 'until',
            label: plain('Until'),
            optional: true,
            element: { type: 'datepicker', action_id: 'day' },
          },
        ],
      },
    });
  });
  app.options('dataset', async ({ ack, payload }) =>
    ack({
      options: ['orders', 'payouts']
        .filter((name) => name.includes(payload.value))
        .map((name) => ({ text: plain(name), value: name })),
    }),
  );
  app.view('form', async ({ ack, view, client, body }) => {
    const why = view.state.values.why?.text?.value ?? '';
    if (why.includes('because'))
      return ack({ response_action: 'errors', errors: { why: 'Say what you need it for' } });
    await ack({
      response_action: 'push',
      view: {
        type: 'modal',
        callback_id: 'done',
        title: plain('Almost'),
        submit: plain('Confirm'),
        blocks: [{ type: 'section', text: plain(`For: ${why}`) }],
      },
    });
    await client.chat.postMessage({
      channel: body.user.id,
      text: `asked for ${view.state.values.dataset?.dataset?.selected_option?.value}`,
    });
  });
  app.view('done', async ({ ack }) => ack({ response_action: 'clear' }));
  app.event('app_mention', async ({ event, client }) => {
    await client.chat.postMessage({
      channel: event.channel,
      thread_ts: event.thread_ts ?? event.ts,
      text: 'Which one?',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: '*Which* one?' } },
        {
          type: 'actions',
          block_id: 'which',
          elements: [{ type: 'button', action_id: 'pick', text: plain('The first'), value: 'first' }],
        },
      ],
    });
  });
  app.action('pick', async ({ ack, body, client, action }) => {
    await ack();
    if (
      body.type !== 'block_actions' ||
      action.type !== 'button' ||
      body.channel === undefined ||
      body.message === undefined
    )
      return;
    await client.chat.update({
      channel: body.channel.id,
      ts: body.message.ts,
      text: `Chosen: ${action.value}`,
      blocks: [{ type: 'section', text: plain(`Chosen: ${action.value}`) }],
    });
  });
  app.shortcut('about_this', async ({ ack, client, shortcut }) => {
    await ack();
    await client.views.open({
      trigger_id: shortcut.trigger_id,
      view: {
        type: 'modal',
        title: plain('About this'),
        blocks: [
          {
            type: 'section',
            text: plain(shortcut.type === 'message_action' ? `On: ${shortcut.message.text}` : ''),
          },
        ],
      },
    });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'header', text: plain('Your cockpit') }] },
    });
  });
}

describe.skipIf(!hasChromium)('the page before the stand-in itself', () => {
  let harness: Harness;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    harness = await startHarness(listen, { pageDir, hooks: { startAs: 'maya' } });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await harness?.stop();
  });
  beforeEach(async () => {
    for (const context of browser.contexts()) await context.close();
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    page.setDefaultTimeout(8_000);
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(harness.playground.url);
    await page.getByRole('button', { name: '#data-questions' }).click();
    await page.getByRole('textbox', { name: 'Message #data-questions' }).waitFor();
  });

  const write = async (text: string): Promise<void> => {
    const field = page.getByRole('textbox', { name: 'Message #data-questions' });
    await field.fill(text);
    await page.keyboard.press('Escape');
    await field.press('Enter');
  };

  it('runs a command whose answer only its asker sees', async () => {
    await write('/echo hello <b>&</b>');
    await page
      .getByRole('listitem', { name: /only visible to you/ })
      .getByText('You said hello <b>&</b>')
      .waitFor();
    const toms = await harness.messages('channel=data-questions&person=tom');
    expect(toms.filter((message) => message.text.startsWith('You said'))).toEqual([]);
    const mayas = await harness.messages('channel=data-questions&person=maya');
    expect(mayas.filter((message) => message.text.startsWith('You said'))).toHaveLength(1);
  });

  it('mentions the app, sees its thread open with the answer, presses its button and sees the card change', async () => {
    await write('@tester what is MRR?');
    await page.getByRole('button', { name: /1 reply/ }).waitFor();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByRole('button', { name: 'The first' }).click();
    await thread.getByText('Chosen: first').waitFor();
    expect(await thread.getByRole('button', { name: 'The first' }).count()).toBe(0);
  });

  it('fills a form: required fields, the app’s own refusal, options asked for, a view pushed, all cleared', async () => {
    await write('/form');
    const dialog = page.getByRole('dialog', { name: 'Ask for access' });
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
    await dialog.getByText('Please complete this required field.').first().waitFor();
    await dialog.getByLabel('Why').fill('just because');
    await dialog.getByLabel('Dataset').click();
    await page.keyboard.type('pay');
    await page.getByRole('option', { name: 'payouts' }).click();
    await dialog.getByLabel(/Until/).fill('2027-01-31');
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
    await dialog.getByText('Say what you need it for').waitFor();
    await page.reload();
    expect(await dialog.getByLabel('Why').inputValue()).toBe('just because');
    expect(await dialog.getByLabel('Dataset').inputValue()).toBe('payouts');
    await dialog.getByLabel('Why').fill('the month close');
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByText('For: the month close').waitFor();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await harness.views('maya')).toEqual([]);
    const direct = await harness.messages('person=maya');
    expect(direct.at(-1)?.text).toBe('asked for payouts');
  });

  it('runs a message shortcut on the message it was chosen on', async () => {
    await write('a message to keep');
    await page.getByText('a message to keep').hover();
    await page.getByRole('button', { name: 'More message actions' }).click();
    await page.getByRole('menuitem', { name: /About this/ }).click();
    await page.getByRole('dialog').getByText('On: a message to keep').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('shows the Home tab that the app publishes when it is opened', async () => {
    await page.getByRole('button', { name: 'Tester', exact: true }).click();
    await page.getByRole('navigation', { name: 'App tabs' }).getByRole('button', { name: 'Home' }).click();
    await page.getByRole('heading', { name: 'Your cockpit' }).waitFor();
  });

  it('reacts, edits, and marks what somebody else says as unread', async () => {
    await write('first draft');
    const row = page.getByRole('listitem').filter({ hasText: 'first draft' }).last();
    await row.hover();
    await row.getByRole('button', { name: 'React with eyes' }).click();
    await row.getByRole('button', { name: /^eyes, 1: Maya/, pressed: true }).click();
    await row.getByRole('button', { name: /^eyes, 1/ }).waitFor({ state: 'detached' });
    await row.getByRole('button', { name: 'More message actions' }).click();
    await page.getByRole('menuitem', { name: 'Edit message' }).click();
    await page.getByRole('textbox', { name: 'Edit message' }).fill('second draft');
    await page.keyboard.press('Enter');
    await page.getByText('second draft').waitFor();
    await page.getByText('(edited)').waitFor();
    await harness.act({ as: 'tom', do: 'message', channel: 'general', text: 'look @maya' });
    await page.getByRole('button', { name: /^#general, 1 unread/ }).click();
    await page.getByText('look').waitFor();
    await page.getByRole('button', { name: '#general', exact: true }).waitFor();
  });

  it('shows requests, replies and calls behind what was done', async () => {
    await page.getByRole('button', { name: 'Behind this' }).click();
    await write('/echo behind');
    const pane = page.getByRole('region', { name: 'Behind this' });
    const line = pane.locator('.behind-row', { hasText: '/echo' }).last();
    await line.click();
    await pane
      .getByText(/behind/)
      .last()
      .waitFor();
    await page.keyboard.press('Escape');
  });

  it('lets a guest see only their channels', async () => {
    await page.getByRole('button', { name: /You are/ }).click();
    await page.getByRole('menuitemradio', { name: /Gil Guest/ }).click();
    await page.getByRole('button', { name: /You are Gil Guest/ }).waitFor();
    await page
      .getByRole('navigation', { name: /^Channels and/ })
      .getByRole('button', { name: '#data-questions' })
      .waitFor();
    expect(await page.getByRole('button', { name: '#general' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: '#war-room, private' }).count()).toBe(0);
  });

  it('had nothing to complain about', () => {
    expect(complaints).toEqual([]);
  });
});
