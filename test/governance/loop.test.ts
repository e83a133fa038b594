import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeTestDatabase } from '../helpers/database.js';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';
import { syncAgain } from '../helpers/sync-again.js';
import { told, toldOneOf, until } from './until.js';

/** Finance and one hidden metric; Ana owns finance, Ben sells, Cleo is in finance too. */
const project = `
version: 2
models:
  - name: fct_fees
    description: One row per fee.
    columns: [{ name: fee_id, data_type: bigint, description: Key. }, { name: plan, data_type: text, description: Plan. }]
    config: { contract: { enforced: true }, meta: { owner: ana@acme.example, domain: finance } }
metrics:
  - name: mrr
    label: MRR
    description: Recurring fees of the month.
    type: simple
    type_params: { measure: mrr }
    config: { meta: { owner: ana@acme.example, domain: finance, tier: 1, caveats: [none known] } }
  - name: logo_churn
    label: Logo churn
    description: Share of customers lost in a month.
    type: simple
    type_params: { measure: lost }
    config: { meta: { owner: ana@acme.example, domain: growth } }
  - name: revenue_churn
    label: Revenue churn
    description: Share of fees lost in a month.
    type: simple
    type_params: { measure: lost_fees }
    config: { meta: { owner: ana@acme.example, domain: growth } }
  - name: payroll
    label: Payroll
    description: Wages of the month.
    type: simple
    type_params: { measure: wages }
    config: { tags: [hr], meta: { owner: cleo@acme.example, domain: finance } }
exposures:
  - name: board_pack
    label: Board pack
    type: dashboard
    url: https://bi.acme.example/d/board?tab=1
    owner: { name: Cleo, email: cleo@acme.example }
    depends_on: [ref('fct_fees')]
  - name: wage_board
    label: Wage board
    type: dashboard
    url: https://bi.acme.example/d/wages
    owner: { name: Cleo, email: cleo@acme.example }
    depends_on: [ref('fct_fees')]
    config: { tags: [hr] }
`;

let app: TestSteward;
const file = (): string =>
  path.join(String(app.steward.services.config.catalog.sources[0]?.path), 'models/schema.yml');

beforeAll(async () => {
  const database = await makeTestDatabase({ max: 10 });
  // Only a demo's clock may be moved.
  await database.db.updateTable('clock').set({ demo: true }).execute();
  app = await startTestSteward({
    database,
    project,
    people: [
      { email: 'ana@acme.example', name: 'Ana', slack: 'U0ANA', teams: ['finance'] },
      { email: 'ben@acme.example', name: 'Ben', slack: 'U0BEN', teams: ['sales'] },
      { email: 'cleo@acme.example', name: 'Cleo', slack: 'U0CLEO', teams: ['hr', 'finance'] },
    ],
    teams: ['{ id: finance, domains: [finance] }', '{ id: sales }', '{ id: hr }'],
    catalog: 'visibility: [{ match: { tag: hr }, teams: [hr], otherwise: hidden }]',
    channels: [{ name: 'fees', members: ['ana', 'ben', 'cleo'] }],
    config: `
slack: { channels: { announcements: general }, links: { own: "https://steward.acme.example", domains: [bi.acme.example] } }
authority: { dataTeam: [finance] }
`,
  });
});

const edit = async (change: (text: string) => string): Promise<void> => {
  await writeFile(file(), change(await readFile(file(), 'utf8')));
  await syncAgain(app);
};

const asked = (as: string, text: string) => app.act({ as, do: 'command', channel: 'general', text });

describe('a subscription', () => {
  it('is made by name, for oneself or the channel, and is refused alike for what is hidden and for what is not there', async () => {
    await asked('ben', '/metric subscribe MRR');
    await told(app, { channel: 'general' }, 'You hear from me when MRR changes');
    await app.act({ as: 'ben', do: 'mention', channel: 'fees', text: 'subscribe MRR here' });
    await told(app, { channel: 'fees' }, 'This channel hears from me when MRR changes');
    const rows = await app.database.db.selectFrom('subscription').select(['state', 'channel_id']).execute();
    expect(rows).toHaveLength(2);
    const reply = async (name: string): Promise<string> => {
      await app.act({ as: 'ben', do: 'command', channel: 'general', text: `/metric subscribe ${name}` });
      const message = await told(app, { person: 'ben' }, name);
      return (
        JSON.stringify([message.text, message.blocks])
          .replaceAll(name, '…')
          .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
          // Slack's own numbers of blocks.
          .replaceAll(/"block_id":"\d+"/g, '')
      );
    };
    expect(await reply('payroll')).toBe(await reply('zzzroll'));
  });
});

describe('a read of the source that changes meaning and schema', () => {
  it('becomes a draft for the owner of the domain, typed, with consumers, and nobody else is told', async () => {
    await edit((text) =>
      text
        .replace(
          'description: Recurring fees of the month.',
          'description: All fees of the month without tax.',
        )
        .replace(
          ', { name: plan, data_type: text, description: Plan. }',
          ', { name: tier, data_type: text, description: Tier. }',
        ),
    );
    const draft = await told(app, { person: 'ana' }, 'Draft release note for finance');
    expect(draft.text).toContain('2 changes, 1 breaking. Nobody has been told yet.');
    expect(draft.text).toContain('column plan removed (breaking, against its contract)');
    expect(draft.text).toContain('column tier added (compatible)');
    expect(draft.text).toContain('Reaches: Board pack (Cleo)');
    expect(draft.text).toContain(
      'definition was "Recurring fees of the month.", is now "All fees of the month without tax."',
    );
    // Ana is not in hr: what is hidden from her is not named to her, not even as a consumer.
    expect(draft.text).not.toContain('Wage board');
    expect((await told(app, { person: 'cleo' }, 'Draft release note for finance')).text).toContain(
      'Wage board',
    );
    expect((await app.messages({ person: 'ben' })).some((one) => one.text.includes('What changed'))).toBe(
      false,
    );
  });

  it('is edited and sent by its owner, once, to subscribers and the announcements, and stops when asked to', async () => {
    const draft = await told(app, { person: 'ana' }, 'Draft release note for finance');
    const form = await app.act({ as: 'ana', do: 'click', message: draft.ts, action_id: 'release:edit' });
    expect(form.ok, form.error).toBe(true);
    // A sync that comes while the form is open: what it found was not offered there, so nobody has left it out.
    await edit((text) =>
      text.replace('Tier. }', 'Tier. }, { name: rebate, data_type: text, description: Rebate. }'),
    );
    await told(app, { person: 'ana' }, 'column rebate added (compatible)');
    const saved = await app.act({ as: 'ana', do: 'submit', values: { words: 'Tax is out since today.' } });
    expect(saved.ok, saved.error).toBe(true);
    const edited = await told(app, { person: 'ana' }, 'Tax is out since today.');
    expect(edited.text).toContain('column rebate added (compatible)');
    const sent = await app.act({ as: 'ana', do: 'click', message: draft.ts, action_id: 'release:send' });
    expect(sent.ok, sent.error).toBe(true);
    const note = await told(app, { person: 'ben' }, 'What changed in finance');
    expect(note.text).toContain('Tax is out since today.');
    expect(JSON.stringify(note.blocks)).toContain('Stop these');
    await told(app, { channel: 'general' }, 'What changed in finance');
    await told(app, { channel: 'fees' }, 'What changed in finance');
    await told(app, { person: 'cleo' }, 'The release note for finance was sent');

    await app.act({ as: 'ben', do: 'click', message: note.ts, action_id: 'subscription:stop' });
    await until('the stop', async () =>
      app.database.db
        .selectFrom('subscription')
        .select('id')
        .where('domain', '=', 'finance')
        .where('state', '=', 'stopped')
        .executeTakeFirst(),
    );
  });
});

describe('an unknown question', () => {
  it('answered two days later by a new definition is told to whoever asked, and is golden from then on', async () => {
    const unknown = await asked('ben', '/metric what is our burn multiple?');
    expect(unknown.reply?.text).toContain('I do not know');
    await app.steward.services.questions.flush();
    await app.steward.advanceClock(48 * 3_600_000);
    await until('the clock', async () =>
      app.steward.services.clock.now().getTime() > Date.now() + 47 * 3_600_000 ? true : undefined,
    );
    await edit((text) =>
      text.replace(
        'metrics:\n',
        `metrics:
  - name: burn_multiple
    label: Burn multiple
    description: Cash burned per unit of recurring fees won.
    type: simple
    type_params: { measure: burn }
    config: { meta: { owner: ana@acme.example, domain: finance } }
`,
      ),
    );
    const answer = await told(app, { person: 'ben' }, 'it can be answered now. It is Burn multiple.');
    expect(answer.text).toContain('what is our burn multiple?');
    const golden = await until('the golden question', async () =>
      app.database.db.selectFrom('golden_question').selectAll().where('passed', '=', true).executeTakeFirst(),
    );
    expect(golden.question).toContain('burn multiple');
  });

  it('that is answered no more is reported to the owner', async () => {
    await app.steward.advanceClock(3_600_000);
    await edit((text) =>
      text
        .replaceAll('burn_multiple', 'capital_ratio')
        .replace('Burn multiple', 'Capital ratio')
        .replace('Cash burned per unit of recurring fees won.', 'Own funds by all funds.'),
    );
    await told(app, { person: 'ana' }, /burn multiple.*was answered rightly until the last read/);
  });

  it('becomes a wish for something new, with owner, stage and promised day in the same queue', async () => {
    await asked('ben', '/metric what is our carbon footprint?');
    const opened = await app.act({
      as: 'ben',
      do: 'click',
      channel: 'general',
      action_id: 'answer:wish',
    });
    expect(opened.ok, opened.error).toBe(true);
    const wished = await app.act({ as: 'ben', do: 'submit', values: { wish: 'source' } });
    expect(wished.ok, wished.error).toBe(true);
    const { person: as, message } = await toldOneOf(app, ['ana', 'cleo'], 'wants a new source of data');
    await app.act({ as, do: 'click', message: message.ts, action_id: 'gap:plan' });
    const past = await app.act({
      as,
      do: 'submit',
      values: { stage: 'building', promised: '2020-01-01' },
    });
    expect(JSON.stringify(past)).toContain('Choose today or a later day');
    const saved = await app.act({
      as,
      do: 'submit',
      values: { stage: 'building', promised: '2031-05-01' },
    });
    expect(saved.ok, saved.error).toBe(true);
    await told(app, { person: 'ben' }, 'it is under way, promised for 2031-05-01');
    const queue = await asked('ben', '/steward unanswered');
    expect(queue.reply?.text).toMatch(
      /carbon footprint\? \(wanted: a new source, asked once, building, with (?:Ana|Cleo), promised for 2031-05-01\)/,
    );
  });

  it('is closed by a name for what is there: the words lead to it from then on', async () => {
    await asked('ben', '/metric what is the leaky bucket?');
    await app.act({ as: 'ben', do: 'click', channel: 'general', action_id: 'answer:ask' });
    const { person: as, message } = await toldOneOf(app, ['ana', 'cleo'], 'leaky bucket');
    await app.act({ as, do: 'click', message: message.ts, action_id: 'gap:answer' });
    const closed = await app.act({ as, do: 'submit', values: { asset: 'logo_churn' } });
    expect(closed.ok, closed.error).toBe(true);
    await told(app, { person: 'ben' }, 'It is Logo churn');
    await told(app, { person: as }, 'These words lead to it from now on.');
    await app.steward.refreshCatalog();
    const again = await asked('ben', '/metric leaky bucket');
    expect(again.reply?.text).toContain('Share of customers lost');
  });

  it('chosen in an ask-back is put to the owner as a name, who accepts it', async () => {
    await asked('ben', '/metric churn');
    await app.act({ as: 'ben', do: 'click', channel: 'general', action_id: 'answer:pick' });
    const card = await told(app, { person: 'ana' }, 'Somebody said "churn" and meant');
    await app.act({ as: 'ana', do: 'click', message: card.ts, action_id: 'alias:accept' });
    await told(app, { person: 'ana' }, '"churn" is now a name of');
  });
});

describe('a link', () => {
  const posted = async (as: string, channel: string | undefined, text: string) => {
    const sent = await app.act({ as, do: 'message', ...(channel === undefined ? {} : { channel }), text });
    expect(sent.ok, sent.error).toBe(true);
  };
  const unfurlOf = async (where: { channel: string } | { person: string }, part: string) =>
    (await app.messages(where)).find((one) => one.text.includes(part))?.unfurls ?? {};

  it('to a dashboard or a metric shows its card where everybody may see it, with whatever filters it was copied', async () => {
    await posted('ben', 'general', 'see https://bi.acme.example/d/board?tab=1&from=now-7d');
    await posted('ben', 'general', 'and https://steward.acme.example/open/metric.acme.mrr');
    const board = await until('the dashboard', async () => {
      const shown = await unfurlOf({ channel: 'general' }, 'd/board');
      return Object.keys(shown).length > 0 ? shown : undefined;
    });
    expect(JSON.stringify(board)).toContain('Board pack');
    const metric = await until('the metric', async () => {
      const shown = await unfurlOf({ channel: 'general' }, 'metric.acme.mrr');
      return Object.keys(shown).length > 0 ? shown : undefined;
    });
    expect(JSON.stringify(metric)).toContain('All fees of the month without tax.');
  });

  it('to something hidden stays as bare as one that leads nowhere, even when somebody posts it who may see it', async () => {
    await posted('cleo', 'general', 'hidden https://bi.acme.example/d/wages');
    await posted('cleo', 'general', 'nothing https://bi.acme.example/d/none');
    await until('both to be looked at', async () => {
      const done = await app.database.db
        .selectFrom('outbox')
        .select('id')
        .where('kind', '=', 'slack.unfurl')
        .where('state', '=', 'done')
        .execute();
      return done.length >= 4;
    });
    expect(await unfurlOf({ channel: 'general' }, 'd/wages')).toEqual({});
    expect(await unfurlOf({ channel: 'general' }, 'd/none')).toEqual({});
  });

  it('of ours leads a browser into Slack, the same way whatever it is about', async () => {
    const where = async (what: string) => {
      const answer = await fetch(`${app.url}/open/${what}`, { redirect: 'manual' });
      return [answer.status, answer.headers.get('location'), await answer.text()];
    };
    expect(await where('metric.acme.payroll')).toEqual(await where('nothing'));
    expect((await where('INC-1'))[1]).toMatch(/^slack:\/\/user\?team=/);
  });
});
