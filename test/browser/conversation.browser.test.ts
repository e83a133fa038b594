import { expect, it } from 'vitest';
import { baseTs, channel } from './page-fixture.js';
import { describePage, eventually } from './use-page.js';

describePage('a conversation', {}, (at) => {
  it('sends a message as typed, and keeps it when it could not be sent', async () => {
    await at.open();
    const field = at.page.getByRole('textbox', { name: 'Message #general' });
    await field.fill('hello *all* <b> & co');
    await field.press('Enter');
    expect(await eventually(() => at.fixture.acts[0], 'the message')).toEqual({
      as: 'U0ANA',
      do: 'message',
      channel: 'C0GENERAL',
      text: 'hello *all* <b> & co',
    });
    expect(await field.inputValue()).toBe('');
    at.fixture.onAct = () => ({ ok: false, error: 'Steward did not answer in time.' });
    await field.fill('again');
    await field.press('Enter');
    await at.page.getByText('Steward did not answer in time.').waitFor();
    expect(await field.inputValue()).toBe('again');
  });

  it('completes commands, people, groups, channels and emoji', async () => {
    await at.open();
    const field = at.page.getByRole('textbox', { name: 'Message #general' });
    await field.pressSequentially('/me');
    await at.page.getByRole('option', { name: /\/metric/ }).waitFor();
    await field.press('Tab');
    expect(await field.inputValue()).toBe('/metric ');
    await at.page.getByText('/metric <name or question>').waitFor();
    await field.pressSequentially('mrr');
    await field.press('Enter');
    expect(await eventually(() => at.fixture.acts[0], 'the command')).toEqual({
      as: 'U0ANA',
      do: 'command',
      channel: 'C0GENERAL',
      text: '/metric mrr',
    });
    for (const typed of ['@be', '@dat', '#ran', ':rock']) {
      await field.pressSequentially(typed);
      await at.page.getByRole('listbox', { name: 'Suggestions' }).waitFor();
      await field.press('Enter');
    }
    expect(await field.inputValue()).toBe('@ben @data #random :rocket: ');
  });

  it('answers a command for its reader alone', async () => {
    at.fixture.onAct = () => ({
      reply: {
        channel: 'C0GENERAL',
        ts: `${baseTs + 5}.000001`,
        user: 'U0STEWARD',
        bot_id: 'B0',
        text: 'MRR is safe to use',
        ephemeral_to: 'U0ANA',
        blocks: [],
        attachments: [],
        reactions: [],
        files: [],
        pinned: false,
        pings: { users: [], usergroups: [], broadcast: [] },
      },
    });
    await at.open();
    await at.page.getByRole('textbox', { name: 'Message #general' }).fill('/metric mrr');
    await at.page.keyboard.press('Escape');
    await at.page.keyboard.press('Enter');
    const row = at.page.getByRole('listitem', { name: /Steward.*only visible to you/ });
    await row.getByText('MRR is safe to use').waitFor();
    await row.getByText('Only visible to you').waitFor();
  });

  it('groups, marks edits, adds and takes back a reaction', async () => {
    at.fixture.post({ user: 'U0BEN', text: 'first' });
    const second = at.fixture.post({
      user: 'U0BEN',
      text: 'second',
      edited: { user: 'U0BEN', ts: '1' },
      reactions: [{ name: 'eyes', count: 1, users: ['U0BEN'] }],
    });
    await at.open();
    expect(await at.page.getByText('Ben Okafor', { exact: true }).count()).toBe(1);
    await at.page.getByText('(edited)').waitFor();
    await at.page.getByRole('button', { name: /^eyes, 1/ }).click();
    expect(await eventually(() => at.fixture.acts[0], 'the reaction')).toEqual({
      as: 'U0ANA',
      do: 'react',
      channel: 'C0GENERAL',
      message: second.ts,
      value: 'eyes',
    });
    at.fixture.emit({
      type: 'message_changed',
      message: { ...second, reactions: [{ name: 'eyes', count: 2, users: ['U0BEN', 'U0ANA'] }] },
    });
    await at.page.getByRole('button', { name: /^eyes, 2/, pressed: true }).click();
    expect(await eventually(() => at.fixture.acts[1], 'its taking back')).toMatchObject({
      value: 'eyes',
      remove: true,
    });
    await at.page.getByText('second').hover();
    await at.page.getByRole('button', { name: 'Find another reaction' }).click();
    await at.page.getByRole('searchbox', { name: 'Find an emoji' }).fill('rocket');
    await at.page.keyboard.press('Enter');
    expect(await eventually(() => at.fixture.acts[2], 'the picked one')).toMatchObject({ value: 'rocket' });
  });

  it('opens a thread, answers in it, and refuses commands there', async () => {
    const head = at.fixture.post({
      text: 'the head',
      reply_count: 1,
      reply_users: ['U0BEN'],
      latest_reply: `${baseTs + 60}.000001`,
    });
    at.fixture.post({ text: 'the reply', thread_ts: head.ts });
    await at.open();
    expect(await at.page.getByText('the reply').count()).toBe(0);
    await at.page.getByRole('button', { name: /1 reply/ }).click();
    const thread = at.page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('the reply').waitFor();
    const field = thread.getByRole('textbox', { name: 'Reply…' });
    await field.fill('mine');
    await field.press('Enter');
    expect(await eventually(() => at.fixture.acts[0], 'the reply')).toMatchObject({
      do: 'message',
      thread: head.ts,
      text: 'mine',
    });
    at.fixture.post({ text: 'came live', thread_ts: head.ts });
    await thread.getByText('came live').waitFor();
    await field.fill('/metric mrr');
    await field.press('Enter');
    await at.page.getByText('/metric cannot be used in a thread').waitFor();
    expect(at.fixture.acts).toHaveLength(1);
    await field.fill('');
    await field.press('Escape');
    await thread.waitFor({ state: 'detached' });
  });

  it('runs message and global shortcuts', async () => {
    const message = at.fixture.post({ text: 'keep me' });
    await at.open();
    await at.page.getByText('keep me').hover();
    await at.page.getByRole('button', { name: 'More message actions' }).click();
    await at.page.getByRole('menuitem', { name: /Add to the timeline/ }).click();
    await at.page.getByRole('button', { name: 'Shortcuts' }).click();
    await at.page.getByRole('menuitem', { name: /Report a problem/ }).click();
    await eventually(() => (at.fixture.acts.length === 2 ? true : undefined), 'both shortcuts');
    expect(at.fixture.acts).toEqual([
      { as: 'U0ANA', do: 'shortcut', callback_id: 'add_timeline', channel: 'C0GENERAL', message: message.ts },
      { as: 'U0ANA', do: 'shortcut', callback_id: 'report_problem' },
    ]);
  });

  it('edits and deletes only one’s own messages', async () => {
    const own = at.fixture.post({ user: 'U0ANA', text: 'mine &amp; <@U0BEN>' });
    at.fixture.post({ user: 'U0BEN', text: 'theirs' });
    await at.open();
    await at.page.getByText('theirs').hover();
    await at.page.getByRole('button', { name: 'More message actions' }).click();
    expect(await at.page.getByRole('menuitem', { name: 'Edit message' }).count()).toBe(0);
    await at.page.keyboard.press('Escape');
    await at.page.getByText('mine &').hover();
    await at.page.getByRole('button', { name: 'More message actions' }).last().click();
    await at.page.getByRole('menuitem', { name: 'Edit message' }).click();
    const field = at.page.getByRole('textbox', { name: 'Edit message' });
    expect(await field.inputValue()).toBe('mine & @ben');
    await field.fill('mine, better');
    await field.press('Enter');
    expect(await eventually(() => at.fixture.acts[0], 'the edit')).toMatchObject({
      do: 'edit',
      message: own.ts,
      text: 'mine, better',
    });
  });

  it('becomes somebody else, and says who one is', async () => {
    await at.open();
    await at.page.getByRole('button', { name: /You are Ana Ruiz/ }).click();
    await at.page.getByRole('menuitemradio', { name: /Ben Okafor/ }).click();
    await at.page.getByRole('button', { name: /You are Ben Okafor/ }).waitFor();
    await at.page.getByRole('textbox', { name: 'Message #general' }).fill('as Ben');
    await at.page.keyboard.press('Enter');
    expect((await eventually(() => at.fixture.acts[0], 'the message')).as).toBe('U0BEN');
    await at.page.reload();
    await at.page.getByRole('button', { name: /You are Ben Okafor/ }).waitFor();
  });

  it('asks a suggested question as the person it names', async () => {
    await at.open();
    await at.page
      .getByRole('region', { name: 'Try asking' })
      .getByRole('button', { name: 'What is MRR?' })
      .click();
    expect(await eventually(() => at.fixture.acts[0], 'the question')).toEqual({
      as: 'U0BEN',
      do: 'command',
      channel: 'C0GENERAL',
      text: '/metric mrr',
    });
    await at.page.getByRole('button', { name: /You are Ben Okafor/ }).waitFor();
  });

  it('says that the app is at work, and stops it', async () => {
    await at.open();
    await at.page.getByRole('button', { name: 'Steward', exact: true }).first().click();
    const working = { type: 'status', channel: 'D0ANA', thread_ts: '1772400000.000100' } as const;
    at.fixture.emit({ ...working, status: 'is working on it…', loading_messages: [] });
    await at.page.getByRole('status').getByText('Steward is working on it…').waitFor();
    await at.page.getByRole('button', { name: 'Stop', exact: true }).click();
    expect(await eventually(() => at.fixture.acts.find((act) => act.do === 'stop'), 'the stop')).toEqual({
      as: 'U0ANA',
      do: 'stop',
      channel: 'D0ANA',
      thread: '1772400000.000100',
    });
    at.fixture.emit({ ...working, status: '', loading_messages: [] });
    await at.page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' });
  });

  it('marks unread channels and mentions', async () => {
    at.fixture.channels = at.fixture.channels.map((each) =>
      each.id === 'C0RANDOM' ? { ...each, unread: { count: 3, mentions: 1, last_read: '0' } } : each,
    );
    await at.open();
    const entry = at.page.getByRole('button', { name: '#random, 3 unread' });
    expect(await entry.textContent()).toContain('1');
    await entry.click();
    await at.page.getByRole('main', { name: '#random' }).waitFor();
  });

  it('offers to join a channel one is not in', async () => {
    at.fixture.channels = [...at.fixture.channels, channel('C0OTHER', 'other', { members: ['U0BEN'] })];
    await at.open();
    await at.page.getByRole('button', { name: '1 more to join' }).click();
    await at.page.getByRole('button', { name: '#other' }).click();
    await at.page.getByRole('button', { name: 'Join channel' }).click();
    expect(await eventually(() => at.fixture.acts[0], 'the join')).toEqual({
      as: 'U0ANA',
      do: 'join',
      channel: 'C0OTHER',
    });
    expect(await at.page.getByRole('textbox', { name: /Message/ }).count()).toBe(0);
  });

  it('shows what happened behind, with its details, and runs the story and the clock', async () => {
    await at.open();
    await at.page.getByRole('button', { name: 'Behind this' }).click();
    const pane = at.page.getByRole('region', { name: 'Behind this' });
    const now = new Date().toISOString();
    at.fixture.emit({
      type: 'behind',
      entry: {
        id: 'p1',
        at: now,
        kind: 'delivery',
        title: 'POST /metric',
        ok: true,
        ms: 12,
        detail: { request: { text: 'mrr' } },
      },
    });
    at.fixture.emit({
      type: 'behind',
      entry: {
        id: 'p2',
        at: now,
        kind: 'sql',
        title: 'select max(loaded_at)',
        ok: false,
        detail: { statement: 'select max(loaded_at) from raw.usage' },
      },
    });
    await pane.getByRole('button', { name: /select max/ }).click();
    await pane.locator('.behind-detail').getByText('from raw.usage').waitFor();
    await pane.getByRole('button', { name: /^SQL/, pressed: true }).click();
    await pane.getByRole('button', { name: /failed/ }).waitFor({ state: 'detached' });
    await at.page.getByRole('button', { name: 'Story' }).click();
    await at.page.getByRole('button', { name: 'Run: A source is late' }).click();
    await at.page.getByText('✓ done').waitFor();
    await at.page.getByRole('dialog', { name: 'Story' }).getByRole('button', { name: 'Close' }).click();
    await at.page.getByRole('button', { name: 'Clock' }).click();
    await at.page.getByRole('menuitem', { name: '1 day' }).click();
    await at.page
      .getByRole('button', { name: 'Clock' })
      .getByText('2 Mar')
      .or(at.page.getByRole('button', { name: 'Clock' }).getByText('Mar 2'))
      .waitFor();
  });
});
