import { expect, it } from 'vitest';
import { inputBlock } from './every-block.js';
import { baseTs, modal, startPageFixture } from './page-fixture.js';
import { describePage, eventually } from './use-page.js';

describePage('much and many', {}, (at) => {
  it('opens a channel of ten thousand messages at once and pages back as one scrolls', async () => {
    for (let index = 0; index < 10_000; index += 1)
      at.fixture.post({
        ts: `${baseTs - 400_000 + index * 30}.000100`,
        text: `message ${index}`,
        user: index % 3 === 0 ? 'U0ANA' : 'U0BEN',
      });
    const began = Date.now();
    await at.open();
    await at.page.getByText('message 9999', { exact: true }).waitFor();
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(await at.page.locator('.message').count()).toBeLessThanOrEqual(150);
    const scroller = at.page.locator('.message-scroll');
    for (let round = 0; round < 6; round += 1) {
      await scroller.evaluate((box: { scrollTop: number }) => {
        box.scrollTop = 0;
      });
      await at.page.waitForTimeout(150);
    }
    await at.page.getByText('message 9600', { exact: true }).waitFor({ state: 'attached' });
    await at.page.getByRole('button', { name: '↓ Newest' }).click();
    await eventually(() => true, 'a moment');
    expect(await at.page.getByText('message 9999', { exact: true }).isVisible()).toBe(true);
    expect(await at.page.locator('.message').count()).toBeLessThanOrEqual(150);
  });

  it('keeps up with a thousand messages that come live, without drawing them all', async () => {
    await at.open();
    for (let index = 0; index < 1_000; index += 1)
      at.fixture.post({ ts: `${baseTs + 10_000 + index}.000100`, text: `live ${index}` });
    await at.page.getByText('live 999', { exact: true }).waitFor();
    expect(await at.page.locator('.message').count()).toBeLessThanOrEqual(150);
  });

  it('stays where one reads while new messages come', async () => {
    for (let index = 0; index < 80; index += 1) at.fixture.post({ text: `line ${index}` });
    await at.open();
    const scroller = at.page.locator('.message-scroll');
    await at.page.getByText('line 79', { exact: true }).waitFor();
    await scroller.evaluate((box: { scrollTop: number }) => {
      box.scrollTop = 200;
    });
    await at.page.waitForTimeout(100);
    const before = await scroller.evaluate((box: { scrollTop: number }) => box.scrollTop);
    at.fixture.post({ text: 'something new' });
    await at.page.getByText('something new', { exact: true }).waitFor({ state: 'attached' });
    expect(await scroller.evaluate((box: { scrollTop: number }) => box.scrollTop)).toBe(before);
  });

  it('shows two browsers of one person the same modal, and closes it in both', async () => {
    await at.open();
    const other = await at.another();
    await other.goto(at.fixture.url);
    await other.getByRole('main', { name: '#general' }).waitFor();
    at.fixture.setViews([
      modal('V1', 'Shared', [inputBlock({ type: 'plain_text_input', action_id: 'line' })]),
    ]);
    await at.page.getByRole('dialog', { name: 'Shared' }).waitFor();
    await other.getByRole('dialog', { name: 'Shared' }).waitFor();
    at.fixture.onAct = (act) => {
      if (act.do === 'submit') at.fixture.setViews([]);
      return undefined;
    };
    await at.page.getByRole('button', { name: 'Send', exact: true }).click();
    await other.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('says that the server is away, and goes on when it is back', async () => {
    await at.open();
    const { port } = new URL(at.fixture.url);
    await at.fixture.stop();
    // A call that was on its way when the server went says so as well, in a notice of its own.
    const away = at.page.getByRole('status').getByText('The playground does not answer; trying');
    await away.waitFor();
    const again = await startPageFixture(Number(port));
    again.post({ text: 'said meanwhile' });
    await at.page.getByText('said meanwhile').waitFor({ timeout: 15_000 });
    await away.waitFor({ state: 'detached' });
    at.fixture = again;
  });

  it('says what is wrong without a token', async () => {
    await at.page.goto(at.fixture.url.replace('test-token', 'other'));
    await at.page.getByRole('alert').getByText('Wrong token.').waitFor();
  });
});

describePage('a permalink', {}, (at) => {
  it('leads to its message, far back, and into its thread', async () => {
    for (let index = 0; index < 600; index += 1)
      at.fixture.post({ ts: `${baseTs - 60_000 + index * 30}.000100`, text: `message ${index}` });
    const old = at.fixture.messages[20];
    at.fixture.post({ text: 'a reply', thread_ts: old?.ts ?? '' });
    const reply = at.fixture.messages.at(-1);
    const { origin } = new URL(at.fixture.url);
    const link = (ts = ''): string => `${origin}/archives/C0GENERAL/p${ts.replace('.', '')}`;
    at.fixture.post({
      text: `<${link(old?.ts)}|there> and <${link(reply?.ts)}?thread_ts=${old?.ts}&cid=C0GENERAL|in its thread>`,
    });
    await at.open();
    await at.page.getByRole('button', { name: 'there', exact: true }).click();
    const row = at.page.locator('.message.sought');
    await row.getByText('message 20', { exact: true }).waitFor();
    await expect
      .poll(() =>
        row.evaluate(
          (element: { getBoundingClientRect: () => { top: number } }) => element.getBoundingClientRect().top,
        ),
      )
      .toBeGreaterThan(0);
    await at.page.getByRole('button', { name: '↓ Newest' }).click();
    await at.page.getByRole('button', { name: 'in its thread' }).click();
    await at.page
      .getByRole('complementary', { name: 'Thread' })
      .locator('.message.sought')
      .getByText('a reply')
      .waitFor();
  });
});
