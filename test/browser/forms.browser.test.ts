import { expect, it } from 'vitest';
import { actionElements, inputBlock, inputElements, plain } from './every-block.js';
import { modal } from './page-fixture.js';
import { describePage, eventually } from './use-page.js';

describePage('a modal', {}, (at) => {
  it('sends what stands in every kind of input', async () => {
    at.fixture.views = [
      modal(
        'V1',
        'All inputs',
        inputElements.map((element) => inputBlock(element)),
      ),
    ];
    await at.open();
    const dialog = at.page.getByRole('dialog', { name: 'All inputs' });
    await dialog.getByLabel(/Field line \(/).fill('one line');
    await dialog.getByLabel(/Field lines/).fill('two\nlines');
    await dialog.getByLabel(/Field email/).fill('ana@example.com');
    await dialog.getByLabel(/Field url/).fill('https://example.com');
    await dialog.getByLabel(/Field number/).fill('12.5');
    await dialog.getByLabel(/Field rich/).fill('*bold* and @ben\n- first');
    await dialog.getByLabel(/Field select/).click();
    await at.page.getByRole('option', { name: 'Option b' }).click();
    await dialog.getByLabel(/Field people/).click();
    await at.page.getByRole('option', { name: 'Ben Okafor' }).click();
    await at.page.keyboard.press('Escape');
    await dialog
      .getByRole('group', { name: /Field checks/ })
      .getByLabel('Option a')
      .check();
    await dialog
      .getByRole('radiogroup', { name: /Field radios/ })
      .getByLabel('Option c')
      .check();
    await dialog.getByLabel(/Field date/).fill('2026-05-01');
    await dialog.getByLabel(/Field time/).fill('08:00');
    await dialog.getByLabel(/Field moment/).fill('2026-05-01T08:00');
    await dialog
      .getByLabel(/Field files/)
      .setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('abc') });
    await dialog.getByText('note.txt').waitFor();
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    const act = await eventually(
      () => at.fixture.acts.find((each) => each.do === 'submit'),
      'the submission',
    );
    expect(act.values).toEqual({
      b_line: { line: 'one line' },
      b_lines: { lines: 'two\nlines' },
      b_email: { email: 'ana@example.com' },
      b_url: { url: 'https://example.com' },
      b_number: { number: '12.5' },
      b_rich: {
        rich: {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'text', text: 'bold', style: { bold: true } },
                { type: 'text', text: ' and ' },
                { type: 'user', user_id: 'U0BEN' },
              ],
            },
            {
              type: 'rich_text_list',
              style: 'bullet',
              indent: 0,
              elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'first' }] }],
            },
          ],
        },
      },
      b_select: { select: 'b' },
      b_people: { people: ['U0BEN'] },
      b_checks: { checks: ['a'] },
      b_radios: { radios: 'c' },
      b_date: { date: '2026-05-01' },
      b_time: { time: '08:00' },
      b_moment: { moment: Date.parse('2026-05-01T06:00:00Z') / 1000 },
      b_files: { files: ['F0UPLOADED'] },
    });
    expect(at.complaints).toEqual([]);
  });

  it('shows refusals at their fields and puts the focus on the first', async () => {
    at.fixture.onAct = (act) => {
      if (act.do !== 'submit') return undefined;
      const errors = { b_email: 'That is no address of ours' };
      at.fixture.setViews(at.fixture.views.map((view) => ({ ...view, errors })));
      return { ok: false, errors, error: 'refused' };
    };
    at.fixture.views = [
      modal(
        'V1',
        'Ask',
        inputElements.slice(0, 3).map((element) => inputBlock(element)),
      ),
    ];
    await at.open();
    await at.page.getByLabel(/Field line \(/).fill('kept');
    await at.page.getByRole('button', { name: 'Send', exact: true }).click();
    await at.page.getByRole('alert').getByText('That is no address of ours').waitFor();
    const email = at.page.getByLabel(/Field email/);
    expect(await email.getAttribute('aria-invalid')).toBe('true');
    expect(
      await email.evaluate(
        (field: { ownerDocument: { activeElement: unknown } }) => field.ownerDocument.activeElement === field,
      ),
    ).toBe(true);
    expect(await at.page.getByLabel(/Field line \(/).inputValue()).toBe('kept');
  });

  it('keeps what was typed over a reload, and what was typed while the app updates the view', async () => {
    const blocks = [inputBlock({ type: 'plain_text_input', action_id: 'line' })];
    at.fixture.views = [modal('V1', 'Half filled', blocks)];
    await at.open();
    await at.page.getByLabel(/Field line/).fill('half a sen');
    await at.page.reload();
    await at.page.getByRole('dialog', { name: 'Half filled' }).waitFor();
    expect(await at.page.getByLabel(/Field line/).inputValue()).toBe('half a sen');
    at.fixture.setViews([
      modal('V1', 'Updated', [{ type: 'section', text: plain('new words') }, ...blocks], { hash: '2' }),
    ]);
    await at.page.getByRole('dialog', { name: 'Updated' }).waitFor();
    expect(await at.page.getByLabel(/Field line/).inputValue()).toBe('half a sen');
  });

  it('shows values that the server knows after a reload', async () => {
    at.fixture.views = [
      modal(
        'V1',
        'Known',
        [
          inputBlock({ type: 'external_select', action_id: 'asset', placeholder: plain('Find') }),
          inputBlock({ type: 'datepicker', action_id: 'day', initial_date: '2026-01-01' }),
        ],
        {
          state: {
            values: {
              b_asset: {
                asset: { type: 'external_select', selected_option: { text: plain('MRR'), value: 'm1' } },
              },
              b_day: { day: { type: 'datepicker', selected_date: '2026-02-02' } },
            },
          },
        },
      ),
    ];
    await at.open();
    expect(await at.page.getByLabel(/Field asset/).inputValue()).toBe('MRR');
    expect(await at.page.getByLabel(/Field day/).inputValue()).toBe('2026-02-02');
  });

  it('stacks views, goes back, and closes all by the X', async () => {
    const first = modal('V1', 'First', [inputBlock({ type: 'plain_text_input', action_id: 'line' })]);
    const second = modal('V2', 'Second', [{ type: 'section', text: plain('on top') }], {
      root_view_id: 'V1',
      previous_view_id: 'V1',
    });
    at.fixture.onAct = (act) => {
      if (act.do === 'close') at.fixture.setViews(act.all === true ? [] : at.fixture.views.slice(0, -1));
      return undefined;
    };
    at.fixture.views = [first];
    await at.open();
    await at.page.getByLabel(/Field line/).fill('stays');
    at.fixture.setViews([first, second]);
    await at.page.getByText('on top').waitFor();
    await at.page.getByRole('button', { name: 'Back' }).click();
    expect(await at.page.getByLabel(/Field line/).inputValue()).toBe('stays');
    at.fixture.setViews([first, second]);
    await at.page.getByText('on top').waitFor();
    await at.page.getByRole('button', { name: 'Close' }).click();
    await at.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(at.fixture.acts.map((act) => [act.do, act.all])).toEqual([
      ['close', undefined],
      ['close', true],
    ]);
  });

  it('lets Esc close a list first and the modal only then', async () => {
    at.fixture.views = [modal('V1', 'Escaping', [inputBlock(inputElements[6] ?? {})])];
    await at.open();
    await at.page.getByLabel(/Field select/).click();
    await at.page.getByRole('option', { name: 'Option a' }).waitFor();
    await at.page.keyboard.press('Escape');
    await at.page.getByRole('option', { name: 'Option a' }).waitFor({ state: 'detached' });
    expect(at.fixture.acts).toEqual([]);
    await at.page.keyboard.press('Escape');
    await eventually(() => at.fixture.acts.find((act) => act.do === 'close'), 'the modal to be closed');
  });

  it('speaks at once where an input or an actions block says so', async () => {
    at.fixture.views = [
      modal('V1', 'Dispatching', [
        inputBlock(
          {
            type: 'plain_text_input',
            action_id: 'line',
            dispatch_action_config: { trigger_actions_on: ['on_character_entered'] },
          },
          { dispatch_action: true },
        ),
        inputBlock({ type: 'plain_text_input', action_id: 'quiet' }),
        {
          type: 'actions',
          block_id: 'acts',
          elements: actionElements.filter((element) => element.action_id === 'radio_buttons'),
        },
      ]),
    ];
    await at.open();
    await at.page.getByLabel(/Field quiet/).fill('silent');
    await at.page.getByLabel(/Field line/).fill('abc');
    const typed = await eventually(() => at.fixture.acts[0], 'the typed letters');
    expect(typed).toMatchObject({
      do: 'click',
      view: 'V1',
      block_id: 'b_line',
      action_id: 'line',
      value: 'abc',
      values: { b_quiet: { quiet: 'silent' } },
    });
    await at.page.getByRole('radio', { name: 'Option a' }).check();
    expect(await eventually(() => at.fixture.acts[1], 'the choice')).toMatchObject({
      block_id: 'acts',
      action_id: 'radio_buttons',
      value: 'a',
    });
  });

  it('works the Home tab', async () => {
    at.fixture.home = {
      ...modal('VH', '', []),
      type: 'home',
      blocks: [
        {
          type: 'actions',
          block_id: 'h',
          elements: [{ type: 'button', action_id: 'refresh', text: plain('Refresh') }],
        },
      ],
    };
    await at.open();
    await at.page.getByRole('button', { name: 'Steward', exact: true }).click();
    await at.page.getByRole('navigation', { name: 'App tabs' }).getByRole('button', { name: 'Home' }).click();
    await at.page.getByRole('button', { name: 'Refresh' }).click();
    const act = await eventually(() => at.fixture.acts.find((each) => each.do === 'click'), 'the press');
    expect(act).toMatchObject({ view: 'home', block_id: 'h', action_id: 'refresh' });
    expect(at.fixture.acts.filter((each) => each.do === 'home').map((each) => each.tab)).toEqual([
      'messages',
      'home',
    ]);
  });
});
