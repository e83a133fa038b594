import type { App } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './testing/harness.js';
import { eventually } from './testing/wait.js';

/** One small bot, written only with Bolt, driven only through the control API. */
function bot(app: App): void {
  app.command('/echo', async ({ command, ack }) => {
    await ack({
      text: `you said: ${command.text}`,
      blocks: [
        { type: 'section', text: { type: 'plain_text', text: `you said: ${command.text}` } },
        {
          type: 'actions',
          elements: [
            { type: 'button', action_id: 'again', text: { type: 'plain_text', text: 'Again' }, value: '42' },
          ],
        },
      ],
    });
  });
  app.command('/form', async ({ ack, client, body }) => {
    await client.views.open({ trigger_id: body.trigger_id, view: form });
    await ack();
  });
  app.action('again', async ({ ack, respond, action }) => {
    await ack();
    await respond({ text: `pressed ${'value' in action ? action.value : ''}`, replace_original: true });
  });
  app.options('dataset', async ({ ack, options }) => {
    const all = ['orders', 'order_items', 'payouts'].filter((name) => name.includes(options.value));
    await ack({ options: all.map((name) => ({ text: { type: 'plain_text', text: name }, value: name })) });
  });
  app.view('the_form', async ({ ack, view, client, body }) => {
    const state = view.state.values;
    const reason = state.reason?.text?.value ?? '';
    if (reason === 'bad') {
      await ack({ response_action: 'errors', errors: { reason: 'Say more.' } });
      return;
    }
    await ack();
    await client.chat.postMessage({
      channel: body.user.id,
      text: `got ${reason} for ${state.what?.dataset?.selected_option?.value}`,
    });
  });
  app.event('app_mention', async ({ event, say }) => {
    await say({ text: `hello <@${event.user}>`, thread_ts: event.thread_ts ?? event.ts });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    if (event.tab !== 'home') return;
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Welcome' } }] },
    });
  });
  app.message('ping', async ({ say }) => {
    await say('pong');
  });
  app.shortcut('about_this', async ({ shortcut, ack, respond }) => {
    await ack();
    if (shortcut.type === 'message_action') await respond(`about: ${shortcut.message.text}`);
  });
  app.event('reaction_added', async ({ event, client }) => {
    if (event.item.type === 'message')
      await client.reactions.add({ channel: event.item.channel, timestamp: event.item.ts, name: 'eyes' });
  });
}

const form = {
  type: 'modal' as const,
  callback_id: 'the_form',
  title: { type: 'plain_text' as const, text: 'A form' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  blocks: [
    {
      type: 'input',
      block_id: 'what',
      label: { type: 'plain_text', text: 'Dataset' },
      element: { type: 'external_select', action_id: 'dataset', min_query_length: 1 },
    },
    {
      type: 'input',
      block_id: 'reason',
      label: { type: 'plain_text', text: 'Reason' },
      element: { type: 'plain_text_input', action_id: 'text', min_length: 2 },
    },
  ],
};

describe.each(['http', 'socket'] as const)('a Bolt app over %s', (transport) => {
  let play: Harness;
  beforeAll(async () => {
    play = await startHarness(bot, {}, transport);
  });
  afterAll(() => play.stop());

  it('answers a slash command inside the ack, for the person alone', async () => {
    const reply = await play.act({
      as: 'maya',
      do: 'command',
      text: '/echo hello',
      channel: '#data-questions',
    });
    expect(reply).toMatchObject({ ok: true, reply: { text: 'you said: hello', ephemeral_to: 'U0MAYA' } });
    expect(await play.messages('channel=data-questions&person=tom')).toEqual([]);
  });

  it('replaces its reply through the response address after a click', async () => {
    const { reply } = await play.act({
      as: 'maya',
      do: 'command',
      text: '/echo once',
      channel: '#data-questions',
    });
    const clicked = await play.act({
      as: 'maya',
      do: 'click',
      channel: '#data-questions',
      action_id: 'again',
    });
    expect(clicked.ok).toBe(true);
    const changed = await eventually(async () =>
      (await play.messages('channel=data-questions&person=maya')).find(
        (m) => m.ts === reply?.ts && m.text === 'pressed 42',
      ),
    );
    expect(changed.blocks).toEqual([]);
  });

  it('carries a form from opening over a wrong and a refused submission to the end', async () => {
    const opened = await play.act({ as: 'maya', do: 'command', text: '/form' });
    expect(opened.view).toMatchObject({ callback_id: 'the_form' });
    const missing = await play.act({ as: 'maya', do: 'submit', values: { text: 'month close' } });
    expect(missing).toMatchObject({ ok: false, errors: { what: expect.stringContaining('required') } });
    const suggested = await play.post<{ options: { value: string }[] }>('options', {
      as: 'maya',
      action_id: 'dataset',
      value: 'order',
    });
    expect(suggested.options.map((o) => o.value)).toEqual(['orders', 'order_items']);
    const refused = await play.act({ as: 'maya', do: 'submit', values: { dataset: 'orders', text: 'bad' } });
    expect(refused).toMatchObject({ ok: false, errors: { reason: 'Say more.' } });
    expect((await play.views('maya'))[0]?.errors).toEqual({ reason: 'Say more.' });
    const done = await play.act({ as: 'maya', do: 'submit', values: { text: 'month close' } });
    expect(done).toMatchObject({ ok: true });
    expect(await play.views('maya')).toEqual([]);
    await eventually(async () =>
      (await play.messages('person=maya')).find((m) => m.text === 'got month close for orders'),
    );
  });

  it('answers a mention in its thread', async () => {
    const { posted } = await play.act({
      as: 'tom',
      do: 'mention',
      channel: '#data-questions',
      text: 'are you there?',
    });
    const answer = await eventually(async () =>
      (await play.messages(`channel=data-questions&thread=${posted?.ts}`)).find(
        (m) => m.text === 'hello <@U0TOM>',
      ),
    );
    expect(answer.pings.users).toEqual(['U0TOM']);
  });

  it('answers a direct message', async () => {
    await play.act({ as: 'tom', do: 'message', text: 'ping' });
    await eventually(async () => (await play.messages('person=tom')).find((m) => m.text === 'pong'));
  });

  it('publishes Home when it is opened', async () => {
    await play.act({ as: 'tom', do: 'home' });
    const view = await eventually(
      async () => (await play.get<{ view: { type: string } | null }>('home?person=tom')).view ?? undefined,
    );
    expect(view.type).toBe('home');
  });

  it('takes a message shortcut and a reaction', async () => {
    const { posted } = await play.act({
      as: 'tom',
      do: 'message',
      channel: '#data-questions',
      text: 'look at this',
    });
    const ts = posted?.ts ?? '';
    await play.act({
      as: 'tom',
      do: 'shortcut',
      callback_id: 'about_this',
      channel: '#data-questions',
      message: ts,
    });
    await eventually(async () =>
      (await play.messages('person=tom')).find((m) => m.text === 'about: look at this'),
    );
    await play.act({ as: 'tom', do: 'react', channel: '#data-questions', message: ts, value: 'tada' });
    await eventually(async () =>
      (await play.messages('channel=data-questions')).find(
        (m) => m.ts === ts && m.reactions.some((r) => r.name === 'eyes'),
      ),
    );
  });
});
