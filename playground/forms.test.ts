import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActReply, ActRequest } from './protocol.js';
import { type Playground, startPlayground } from './server.js';
import { testOptions } from './testing/company.js';

let playground: Playground;
const base = (): string => playground.apiUrl.replace('/api/', '/_play/');
async function get<T>(call: string): Promise<T> {
  const response = await fetch(`${base()}${call}`, {
    headers: { authorization: `Bearer ${playground.token}` },
  });
  return (await response.json()) as T;
}
async function post<T>(call: string, body: object): Promise<T> {
  const response = await fetch(`${base()}${call}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${playground.token}` },
    body: JSON.stringify(body),
  });
  return (await response.json()) as T;
}
const act = (request: ActRequest): Promise<ActReply> => post('act', request);
async function api(method: string, args: object): Promise<unknown> {
  const response = await fetch(`${playground.apiUrl}${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${playground.botToken}` },
    body: JSON.stringify(args),
  });
  return response.json();
}

beforeAll(async () => {
  playground = await startPlayground(testOptions());
});
afterAll(() => playground.stop());

describe('a form filled in through the control API', () => {
  const plain = (text: string): object => ({ type: 'plain_text', text });
  const input = (block: string, element: object, more: object = {}): object => ({
    type: 'input',
    block_id: block,
    label: plain(block),
    element,
    ...more,
  });
  const options = ['a', 'b', 'c'].map((value) => ({ text: plain(value.toUpperCase()), value }));
  async function open(blocks: object[]): Promise<void> {
    await post('clock', { advance: '1m' });
    const trigger_id = playground.world.triggers.make({ user: 'U0TOM', fromView: false });
    const view = { type: 'modal', title: plain('T'), submit: plain('Send'), blocks };
    expect(await api('views.open', { trigger_id, view })).toMatchObject({ ok: true });
  }
  async function state(): Promise<{ [block: string]: unknown }> {
    const { views } = await get<{
      views: { state: { values: { [block: string]: { [action: string]: unknown } } } }[];
    }>('views?person=tom');
    return Object.fromEntries(
      Object.entries(views[0]?.state.values ?? {}).map(([block, actions]) => [
        block,
        Object.values(actions)[0],
      ]),
    );
  }
  const submit = (values: ActRequest['values']): Promise<ActReply> =>
    act({ as: 'tom', do: 'submit', values });

  it('takes a value for every kind of input, by action_id and by block_id', async () => {
    await open([
      input('text', { type: 'plain_text_input', action_id: 'value' }),
      input('number', { type: 'number_input', action_id: 'value', is_decimal_allowed: false }),
      input('one', { type: 'static_select', action_id: 'one_of', options }),
      input('many', { type: 'multi_static_select', action_id: 'many_of', options, max_selected_items: 2 }),
      input('checks', { type: 'checkboxes', action_id: 'checks_of', options }),
      input('radio', { type: 'radio_buttons', action_id: 'radio_of', options }),
      input('user', { type: 'users_select', action_id: 'user_of' }),
      input('users', { type: 'multi_users_select', action_id: 'users_of' }),
      input('channel', { type: 'channels_select', action_id: 'channel_of' }),
      input('conversation', { type: 'conversations_select', action_id: 'conversation_of' }),
      input('date', { type: 'datepicker', action_id: 'date_of' }),
      input('time', { type: 'timepicker', action_id: 'time_of' }),
      input('when', { type: 'datetimepicker', action_id: 'when_of' }),
      input('rich', { type: 'rich_text_input', action_id: 'rich_of' }),
      input('mail', { type: 'email_text_input', action_id: 'mail_of' }),
      input('link', { type: 'url_text_input', action_id: 'link_of' }),
    ]);
    // Nobody listens, so the submission itself fails; what was filled in stays in the form.
    const reply = await submit({
      text: 'hello',
      number: { value: '3' },
      one_of: 'b',
      many_of: ['a', 'C'],
      checks: ['a'],
      radio_of: 'c',
      user_of: 'maya',
      users_of: ['maya', 'U0TOM'],
      channel_of: '#general',
      conversation_of: 'data-questions',
      date_of: '2026-11-21',
      time_of: '09:30',
      when_of: 1_795_000_000,
      rich_of: 'rich',
      mail_of: 'a@example.com',
      link_of: 'https://example.com/',
    });
    expect(reply).toMatchObject({ ok: false, code: 'no_connection' });
    expect(await state()).toMatchObject({
      text: { value: 'hello' },
      number: { value: '3' },
      one: { selected_option: { value: 'b' } },
      many: { selected_options: [{ value: 'a' }, { value: 'c' }] },
      checks: { selected_options: [{ value: 'a' }] },
      radio: { selected_option: { value: 'c' } },
      user: { selected_user: 'U0MAYA' },
      users: { selected_users: ['U0MAYA', 'U0TOM'] },
      channel: { selected_channel: 'C0GENERAL' },
      conversation: { selected_conversation: 'C0DATAQUESTIONS' },
      date: { selected_date: '2026-11-21' },
      time: { selected_time: '09:30' },
      when: { selected_date_time: 1_795_000_000 },
      rich: { rich_text_value: { type: 'rich_text' } },
      mail: { value: 'a@example.com' },
      link: { value: 'https://example.com/' },
    });
  });

  it.each<[string, object, ActRequest['values'], string]>([
    [
      'a required field left empty',
      { type: 'plain_text_input', action_id: 'a' },
      {},
      'Please complete this required field.',
    ],
    [
      'too short a text',
      { type: 'plain_text_input', action_id: 'a', min_length: 5 },
      { a: 'abc' },
      'Please enter at least 5 characters.',
    ],
    [
      'too long a text',
      { type: 'plain_text_input', action_id: 'a', max_length: 2 },
      { a: 'abc' },
      'Please enter at most 2 characters.',
    ],
    [
      'no e-mail address',
      { type: 'email_text_input', action_id: 'a' },
      { a: 'nobody' },
      'Please enter a valid e-mail address.',
    ],
    ['no URL', { type: 'url_text_input', action_id: 'a' }, { a: 'example' }, 'Please enter a valid URL.'],
    [
      'no number',
      { type: 'number_input', action_id: 'a', is_decimal_allowed: true },
      { a: 'ten' },
      'Please enter a number.',
    ],
    [
      'a fraction',
      { type: 'number_input', action_id: 'a', is_decimal_allowed: false },
      { a: '1.5' },
      'Please enter a whole number.',
    ],
    [
      'too small a number',
      { type: 'number_input', action_id: 'a', is_decimal_allowed: false, min_value: '3' },
      { a: '1' },
      'Please enter at least 3.',
    ],
  ])('says so before anything is sent: %s', async (_what, element, values, sentence) => {
    await open([input('field', element)]);
    expect(await submit(values)).toMatchObject({ ok: false, ackMs: 0, errors: { field: sentence } });
  });

  it.each<[string, ActRequest['values'], string]>([
    ['a choice that is not offered', { one: 'z' }, 'wrong_value'],
    ['too many choices', { many: ['a', 'b', 'c'] }, 'wrong_value'],
    ['a date of another form', { date: '21.11.2026' }, 'wrong_value'],
    ['nobody', { user: 'nobody' }, 'wrong_value'],
    ['an input that is not there', { elsewhere: 'x' }, 'no_such_input'],
    ['a name that two inputs have', { value: 'x' }, 'ambiguous_input'],
  ])('refuses %s', async (_what, values, code) => {
    await open([
      input('one', { type: 'static_select', action_id: 'one_of', options }),
      input('many', { type: 'multi_static_select', action_id: 'many_of', options, max_selected_items: 2 }),
      input('date', { type: 'datepicker', action_id: 'date_of' }),
      input('user', { type: 'users_select', action_id: 'user_of' }),
      input('first', { type: 'plain_text_input', action_id: 'value' }),
      input('second', { type: 'plain_text_input', action_id: 'value' }),
    ]);
    expect(await submit(values)).toMatchObject({ ok: false, code });
  });
});
