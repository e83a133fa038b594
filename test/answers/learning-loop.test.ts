import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';

let app: TestSteward;

beforeAll(async () => {
  app = await startTestSteward({
    config: 'authority: { dataTeam: [data] }',
    project: `
version: 2
metrics:
  - name: logo_churn
    label: Logo churn
    description: Share of customers lost in a month, every customer weighing the same.
    type: simple
    type_params: { measure: lost_customers }
  - name: revenue_churn
    label: Revenue churn
    description: Share of recurring fees lost in a month with the customers that left.
    type: simple
    type_params: { measure: lost_fees }
`,
  });
});

async function until<Result>(look: () => Promise<Result | undefined | false>, ms = 40_000): Promise<Result> {
  const deadline = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error('waited too long');
    await sleep(50);
  }
}

const blocksOf = (message: { blocks: unknown[] } | undefined): string =>
  JSON.stringify(message?.blocks ?? []);

it('asks the data team on somebody’s behalf, and tells them when it is answered', async () => {
  const unknown = await app.act({
    as: 'ben',
    do: 'command',
    channel: 'general',
    text: '/metric what is our carbon footprint?',
  });
  expect(unknown.reply?.text).toContain('I do not know');
  const asked = await app.act({ as: 'ben', do: 'click', channel: 'general', action_id: 'answer:ask' });
  expect(asked).toMatchObject({ ok: true });
  const card = await until(async () =>
    (await app.messages({ person: 'ana' })).find((message) => message.text.includes('carbon footprint')),
  );
  expect(blocksOf(card)).toContain('gap:answer');

  await app.act({ as: 'ana', do: 'click', action_id: 'gap:answer' });
  const refused = await app.act({ as: 'ana', do: 'submit', values: { asset: 'no such thing' } });
  expect(refused.error).toContain('nothing of this name');
  await app.act({
    as: 'ana',
    do: 'submit',
    values: { asset: '', words: 'We do not measure it yet; see the sustainability report.' },
  });
  await until(async () =>
    (await app.messages({ person: 'ben' })).find((message) =>
      message.text.includes('it can be answered now'),
    ),
  );
});

it('takes the choice in an ask-back as a proposed name, once per person who makes it', async () => {
  const which = await app.act({ as: 'ben', do: 'command', channel: 'general', text: '/metric churn' });
  expect(which.reply?.text).toContain('Which one do you mean?');
  const picked = await app.act({ as: 'ben', do: 'click', channel: 'general', action_id: 'answer:pick' });
  expect(picked).toMatchObject({ ok: true });
  const alias = await until(async () => app.database.db.selectFrom('alias').selectAll().executeTakeFirst());
  expect(alias).toMatchObject({ text: 'churn', state: 'proposed' });
  await until(async () =>
    (await app.messages({ person: 'ben' })).find(
      (message) => blocksOf(message).includes('churn') && blocksOf(message).includes('answer:more'),
    ),
  );
});

it.each([
  ['can I trust churn for the board?', /(?:CAUTION|DO NOT USE) for board/],
  ['what was churn in October?', /I do not state numbers of my own/],
  ['why did churn drop since 2026-02-03?', /since 2026-02-03/],
  ['who owns churn?', /churn \(metric \w+\)\. It has no owner\.$/],
])('keeps what was asked, for which use and of when, in the choice: %s', async (question, expected) => {
  const which = await app.act({ as: 'ana', do: 'command', channel: 'general', text: `/metric ${question}` });
  expect(which.reply?.text).toContain('Which one do you mean?');
  await app.act({ as: 'ana', do: 'click', channel: 'general', action_id: 'answer:pick' });
  await until(async () => (await app.messages({ person: 'ana' })).find(({ text }) => expected.test(text)));
  const names = await app.database.db.selectFrom('alias').select('text').execute();
  expect(names).toEqual([{ text: 'churn' }]);
});

it('takes no name from a choice among the things of the first of two questions', async () => {
  const question = '/metric what is our churn these days? who owns the bus stop?';
  const which = await app.act({ as: 'ben', do: 'command', channel: 'general', text: question });
  expect(which.reply?.text).toMatch(/You asked more than one thing.*Which one do you mean\?/);
  await app.act({ as: 'ben', do: 'click', channel: 'general', action_id: 'answer:pick' });
  const names = await app.database.db.selectFrom('alias').select('text').execute();
  expect(names.filter(({ text }) => text.includes('bus stop'))).toEqual([]);
});

it('asks somebody where none of what an ask-back offers is meant', async () => {
  const which = await app.act({
    as: 'ben',
    do: 'command',
    channel: 'general',
    text: '/metric what is churn',
  });
  expect(blocksOf({ blocks: which.reply?.blocks ?? [] })).toContain('None of these');
  const asked = await app.act({ as: 'ben', do: 'click', channel: 'general', action_id: 'answer:ask' });
  expect(asked).toMatchObject({ ok: true });
  await until(async () =>
    (await app.messages({ person: 'ana' })).find(
      (message) => blocksOf(message).includes('what is churn') && blocksOf(message).includes('gap:answer'),
    ),
  );
});

it('lists what is unanswered, most wanted first', async () => {
  for (const as of ['ana', 'ben'])
    await app.act({ as, do: 'command', channel: 'general', text: '/metric what is the bus factor?' });
  await app.steward.services.questions.flush();
  const list = await app.act({ as: 'ana', do: 'command', channel: 'general', text: '/steward unanswered' });
  expect(list.reply?.text).toMatch(/bus factor.*asked 2 times/);
});
