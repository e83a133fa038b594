import type { App, BlockAction, SlackViewAction } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActRequest, JsonObject } from './protocol.js';
import { actionElements, messageBlocks } from './testing/block-samples.js';
import { type Harness, startHarness } from './testing/harness.js';
import type { Rules } from './testing/refusal-rules.js';
import { showsRefusal } from './testing/shows-refusal.js';
import { eventually } from './testing/wait.js';

/** What an app is sent for each element that a person operates, and what becomes of each way to answer a form. */
const actions: BlockAction[] = [];
const closed: SlackViewAction[] = [];
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const view = (callbackId: string, more: object = {}) => ({
  type: 'modal' as const,
  callback_id: callbackId,
  title: plain('T'),
  submit: plain('Send'),
  notify_on_close: true,
  blocks: [
    {
      type: 'input',
      block_id: 'field',
      optional: true,
      label: plain('L'),
      element: { type: 'plain_text_input', action_id: 'text' },
    },
    {
      type: 'actions',
      block_id: 'more',
      elements: [
        { type: 'button', action_id: 'push_button', text: plain('Push') },
        { type: 'button', action_id: 'update_button', text: plain('Update') },
      ],
    },
  ],
  ...more,
});

function bot(app: App): void {
  app.action({ type: 'block_actions' }, async ({ ack, body, client }) => {
    actions.push(body);
    const [action] = body.actions;
    if (action?.action_id === 'push_button')
      await client.views.push({ trigger_id: body.trigger_id, view: view('second') });
    if (action?.action_id === 'update_button') {
      await client.views.update({
        view_id: body.view?.id ?? '',
        hash: body.view?.hash ?? '',
        view: view('first', { title: plain('Updated') }),
      });
    }
    await ack();
  });
  app.options('too_long', async ({ ack }) =>
    ack({ options: [{ text: plain('x'.repeat(76)), value: 'one' }] }),
  );
  app.command('/echo', async ({ ack, command }) => {
    const answers: { [wish: string]: object } = {
      nonsense: { text: 'x', colour: 'red' },
      nothing: { text: ' ' },
      blocks: { text: 'x', blocks: [{ type: 'nope' }] },
    };
    await ack(answers[command.text] as never);
  });
  app.options('external_select', async ({ ack }) => ack({ options: [{ text: plain('One'), value: 'one' }] }));
  app.options('multi_external_select', async ({ ack }) =>
    ack({
      option_groups: [
        {
          label: plain('G'),
          options: [
            { text: plain('One'), value: 'one' },
            { text: plain('Two'), value: 'two' },
          ],
        },
      ],
    }),
  );
  app.command('/form', async ({ ack, client, body }) => {
    await client.views.open({ trigger_id: body.trigger_id, view: view('first') });
    await ack();
  });
  app.view('first', async ({ ack, view: submitted }) => {
    const wish = submitted.state.values.field?.text?.value;
    if (wish === 'update')
      await ack({ response_action: 'update', view: view('first', { title: plain('Second page') }) });
    else if (wish === 'push') await ack({ response_action: 'push', view: view('second') });
    else if (wish === 'clear') await ack({ response_action: 'clear' });
    else if (wish === 'wrong block') await ack({ response_action: 'errors', errors: { nowhere: 'x' } });
    else if (wish === 'bad action') await ack({ response_action: 'dance' } as never);
    else if (wish === 'bad view')
      await ack({ response_action: 'update', view: view('first', { title: plain('x'.repeat(30)) }) });
    else await ack();
  });
  app.view('second', async ({ ack, view: submitted }) => {
    const again = submitted.state.values.field?.text?.value === 'push';
    await (again ? ack({ response_action: 'push', view: view('second') }) : ack());
  });
  app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack, body }) => {
    closed.push(body);
    await ack();
  });
}

let play: Harness;
beforeAll(async () => {
  play = await startHarness(bot);
});
afterAll(() => play.stop());

const lastAction = (): { [key: string]: unknown } => ({ ...actions.at(-1)?.actions[0] });
const openForm = async (): Promise<void> => {
  while ((await play.views('maya')).length > 0) await play.act({ as: 'maya', do: 'close' });
  expect(await play.act({ as: 'maya', do: 'command', text: '/form' })).toMatchObject({
    ok: true,
    view: { callback_id: 'first' },
  });
};

const chosen: { [type: string]: { value?: ActRequest['value']; sent: object } } = {
  button: { sent: { type: 'button', value: 'v', style: 'primary' } },
  checkboxes: { value: ['one', 'two'], sent: { selected_options: [{ value: 'one' }, { value: 'two' }] } },
  datepicker: { value: '2026-12-24', sent: { selected_date: '2026-12-24' } },
  datetimepicker: { value: 1_800_000_000, sent: { selected_date_time: 1_800_000_000 } },
  timepicker: { value: '08:15', sent: { selected_time: '08:15' } },
  overflow: { value: 'two', sent: { selected_option: { value: 'two' } } },
  radio_buttons: { value: 'two', sent: { selected_option: { value: 'two' } } },
  workflow_button: { sent: { type: 'workflow_button' } },
  static_select: { value: 'Two', sent: { selected_option: { value: 'two' } } },
  external_select: { value: 'one', sent: { selected_option: { value: 'one' } } },
  users_select: { value: 'tom', sent: { selected_user: 'U0TOM' } },
  conversations_select: { value: '#general', sent: { selected_conversation: 'C0GENERAL' } },
  channels_select: { value: '#general', sent: { selected_channel: 'C0GENERAL' } },
  multi_static_select: { value: ['two'], sent: { selected_options: [{ value: 'two' }] } },
  multi_external_select: {
    value: ['one', 'two'],
    sent: { selected_options: [{ value: 'one' }, { value: 'two' }] },
  },
  multi_users_select: { value: ['tom', 'maya'], sent: { selected_users: ['U0TOM', 'U0MAYA'] } },
  multi_conversations_select: { value: ['#general'], sent: { selected_conversations: ['C0GENERAL'] } },
  multi_channels_select: { value: [], sent: { selected_channels: [] } },
};

describe('an element in a message', () => {
  it.each(Object.keys(actionElements))(
    '%s sends what was chosen, with message, channel and a trigger',
    async (type) => {
      await play.playground.world.clock.advance(60_000);
      const block = messageBlocks[`actions with ${type}`];
      await play.client.chat.postMessage({
        channel: 'C0DATAQUESTIONS',
        text: type,
        blocks: [block as JsonObject & { type: string }],
      });
      const { value, sent } = chosen[type] ?? { sent: {} };
      const reply = await play.act({
        as: 'maya',
        do: 'click',
        channel: '#data-questions',
        action_id: type,
        ...(value === undefined ? {} : { value }),
      });
      expect(reply).toMatchObject({ ok: true });
      expect(lastAction()).toMatchObject({ type, action_id: type, block_id: `a_${type}`, ...sent });
      expect(actions.at(-1)).toMatchObject({
        user: { id: 'U0MAYA', team_id: 'T0ACME' },
        container: { type: 'message', channel_id: 'C0DATAQUESTIONS', is_ephemeral: false },
        message: { text: type },
        response_url: expect.stringContaining('/actions/'),
        trigger_id: expect.any(String),
      });
    },
  );

  it('feedback and icon buttons, by their own values', async () => {
    await play.playground.world.clock.advance(60_000);
    await play.client.chat.postMessage({
      channel: 'C0DATAQUESTIONS',
      text: 'fb',
      blocks: [messageBlocks.context_actions as JsonObject & { type: string }],
    });
    await play.act({ as: 'maya', do: 'click', channel: '#data-questions', action_id: 'fb', value: 'bad' });
    expect(lastAction()).toMatchObject({ type: 'feedback_buttons', value: 'bad' });
    await play.act({ as: 'maya', do: 'click', channel: '#data-questions', action_id: 'ib' });
    expect(lastAction()).toMatchObject({ type: 'icon_button', value: 'v' });
    expect(
      await play.act({
        as: 'maya',
        do: 'click',
        channel: '#data-questions',
        action_id: 'fb',
        value: 'so-so',
      }),
    ).toMatchObject({ code: 'wrong_value' });
  });

  it('of two buttons with one action_id the one with that value, and a menu entry by its own name', async () => {
    await play.playground.world.clock.advance(60_000);
    const button = (value: string) => ({
      type: 'button',
      action_id: 'row',
      text: plain(value),
      value,
    });
    await play.client.chat.postMessage({
      channel: 'C0DATAQUESTIONS',
      text: 'rows',
      blocks: [
        { type: 'actions', elements: [button('x')] },
        {
          type: 'actions',
          elements: [
            button('y'),
            {
              type: 'overflow',
              action_id: 'menu',
              options: [{ text: plain('Help'), value: 'card:help|17' }],
            },
          ],
        },
      ],
    } as never);
    await play.act({ as: 'maya', do: 'click', action_id: 'row', value: 'y' });
    expect(lastAction()).toMatchObject({ value: 'y' });
    await play.act({ as: 'maya', do: 'click', action_id: 'card:help' });
    expect(lastAction()).toMatchObject({ action_id: 'menu', selected_option: { value: 'card:help|17' } });
  });

  it('is sent with what stands in the other inputs', async () => {
    await play.playground.world.clock.advance(60_000);
    await play.client.chat.postMessage({
      channel: 'C0DATAQUESTIONS',
      text: 'inputs',
      blocks: [
        {
          type: 'input',
          block_id: 'why',
          label: plain('Why'),
          element: { type: 'plain_text_input', action_id: 'why' },
        },
        { type: 'actions', elements: [{ type: 'button', action_id: 'go', text: plain('Go') }] },
      ],
    } as never);
    await play.act({ as: 'maya', do: 'click', action_id: 'go', values: { why: 'because' } });
    expect(actions.at(-1)?.state).toEqual({
      values: { why: { why: { type: 'plain_text_input', value: 'because' } } },
    });
  });

  it('hands over no ephemeral message', async () => {
    await play.client.chat.postEphemeral({
      channel: 'C0DATAQUESTIONS',
      user: 'U0MAYA',
      text: 'e',
      blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'quiet', text: plain('Q') }] }],
    });
    await play.act({ as: 'maya', do: 'click', action_id: 'quiet' });
    expect(actions.at(-1)).toMatchObject({ container: { is_ephemeral: true } });
    expect(actions.at(-1)?.message).toBeUndefined();
    expect(
      await play.act({ as: 'tom', do: 'click', channel: '#data-questions', action_id: 'quiet' }),
    ).toMatchObject({ code: 'no_such_action' });
  });
});

describe('a form', () => {
  it('is updated in place, keeping what was typed', async () => {
    await openForm();
    const reply = await play.act({ as: 'maya', do: 'submit', values: { text: 'update' } });
    expect(reply).toMatchObject({
      ok: true,
      view: { title: { text: 'Second page' }, state: { values: { field: { text: { value: 'update' } } } } },
    });
    expect(await play.views('maya')).toHaveLength(1);
  });
  it('gets another on top, which falls away by itself', async () => {
    await openForm();
    await play.act({ as: 'maya', do: 'submit', values: { text: 'push' } });
    expect((await play.views('maya')).map((v) => v.callback_id)).toEqual(['first', 'second']);
    await play.act({ as: 'maya', do: 'submit' });
    expect((await play.views('maya')).map((v) => v.callback_id)).toEqual(['first']);
  });
  it('is cleared as a whole', async () => {
    await openForm();
    await play.act({ as: 'maya', do: 'click', action_id: 'push_button' });
    expect(await play.views('maya')).toHaveLength(2);
    await play.act({ as: 'maya', do: 'close' });
    await play.act({ as: 'maya', do: 'submit', values: { text: 'clear' } });
    expect(await play.views('maya')).toEqual([]);
  });
  it('changes under a click, with the hash of what was seen', async () => {
    await openForm();
    expect(
      await play.act({ as: 'maya', do: 'click', action_id: 'update_button', values: { text: 'typed' } }),
    ).toMatchObject({
      view: { title: { text: 'Updated' }, state: { values: { field: { text: { value: 'typed' } } } } },
    });
  });
  it('tells the app that it was closed', async () => {
    await openForm();
    closed.length = 0;
    await play.act({ as: 'maya', do: 'close' });
    const body = await eventually(() => closed[0]);
    expect(body).toMatchObject({ type: 'view_closed', is_cleared: false, view: { callback_id: 'first' } });
  });
  it.each<[string, string, string, keyof Rules['delivery and interaction']]>([
    ['errors for a block that is no input', 'wrong block', 'invalid_errors', 'invalid_errors'],
    ['a view that Slack would refuse', 'bad view', 'invalid_arguments', 'view in an ack'],
    ['an action that is none', 'bad action', 'invalid_response_action', 'invalid_response_action'],
  ])('stays open when the app answers with %s', async (_what, wish, code, rule) => {
    showsRefusal('delivery and interaction', rule);
    await openForm();
    expect(await play.act({ as: 'maya', do: 'submit', values: { text: wish } })).toMatchObject({
      ok: false,
      code,
    });
    expect(await play.views('maya')).toHaveLength(1);
  });
  it('gets no fourth on top', async () => {
    showsRefusal('delivery and interaction', 'push_limit_reached');
    await openForm();
    await play.act({ as: 'maya', do: 'submit', values: { text: 'push' } });
    await play.act({ as: 'maya', do: 'click', action_id: 'push_button' });
    expect(await play.views('maya')).toHaveLength(3);
    expect(await play.act({ as: 'maya', do: 'submit', values: { text: 'push' } })).toMatchObject({
      ok: false,
      code: 'push_limit_reached',
    });
  });
});

describe('what an app answers', () => {
  it('to a command is refused where Slack would show nothing of it', async () => {
    showsRefusal('delivery and interaction', 'invalid_payload', 'empty answer');
    const answered = (wish: string): Promise<unknown> =>
      play.act({ as: 'maya', do: 'command', text: `/echo ${wish}` });
    expect(await answered('nonsense')).toMatchObject({ ok: false, code: 'invalid_payload' });
    expect(await answered('nothing')).toMatchObject({ ok: false, code: 'no_text' });
    expect(await answered('blocks')).toMatchObject({ ok: false, code: 'invalid_blocks' });
  });
  it('to a select that asks for options is refused where Slack would offer none of them', async () => {
    showsRefusal('delivery and interaction', 'options in an ack');
    await play.playground.world.clock.advance(60_000);
    await play.client.chat.postMessage({
      channel: 'C0DATAQUESTIONS',
      text: 'select',
      blocks: [{ type: 'actions', elements: [{ type: 'external_select', action_id: 'too_long' }] }],
    });
    const asked = { as: 'maya', channel: '#data-questions', action_id: 'too_long', value: 'ord' };
    expect(await play.post('options', asked)).toMatchObject({
      ok: false,
      options: [],
      error: expect.stringContaining('75'),
    });
  });
});
