import { beforeAll, expect, it } from 'vitest';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';
import { doorOf, until } from './door.js';

let app: TestSteward;
const { newest, declare, command } = doorOf(() => app);

beforeAll(async () => {
  app = await startTestSteward({
    config: [
      'slack: { channels: { incidents: general } }',
      'authority: { dataTeam: [data] }',
      'incidents:',
      '  endpoints: [{ source: generic, id: main, auth: { type: bearer, secrets: [{ env: ALERTS }] } }]',
      '  updates:',
      '    - severity: sev1',
      '      cause: freshness',
      '      wrong: "{assets} is late since {since}."',
      '      doNotUse: Todays numbers of {assets}',
      '      useInstead: The numbers up to yesterday',
      '      eta: 4h',
      '      nextUpdate: 20m',
      '    - { cause: [double load], wrong: "Rows of {assets} are counted twice ({cause})." }',
      '    - { severity: [sev2, sev3], useInstead: The weekly report }',
    ].join('\n'),
    env: { ALERTS: 'a secret of this test' },
  });
}, 120_000);

/** What the update form of an incident is filled with. */
async function prefilled(number: number | undefined) {
  const { view } = await app.act({
    as: 'ana',
    do: 'command',
    channel: '#general',
    text: `/incident update ${number}`,
  });
  const blocks = JSON.stringify(view);
  const text = (block: string): string | undefined =>
    new RegExp(`"block_id":"${block}".*?"element":\\{[^}]*?"initial_value":"([^"]*)"`).exec(blocks)?.[1];
  const time = (block: string): number => {
    const seconds = new RegExp(`"block_id":"${block}".*?"initial_date_time":(\\d+)`).exec(blocks)?.[1];
    return Math.round((Number(seconds) * 1_000 - app.steward.services.clock.now().getTime()) / 60_000);
  };
  return { wrong: text('wrong'), doNotUse: text('do_not_use'), useInstead: text('use_instead'), time };
}

it('the form of the first update holds the words of steward.yml for this severity and kind of alert, and what is posted of them shows on answers', async () => {
  const sent = await fetch(new URL('/webhooks/generic/main', app.url), {
    method: 'POST',
    headers: { authorization: 'Bearer a secret of this test', 'content-type': 'application/json' },
    body: JSON.stringify({
      title: 'fct_orders is late',
      asset: 'fct_orders',
      kind: 'freshness',
      data_since: '2026-03-02T06:10:00Z',
    }),
  });
  expect(sent.ok).toBe(true);
  const { number } = await until(newest, ({ state }) => state === 'triage');
  await command(`/incident accept ${number}`);
  await command(`/incident severity ${number} sev1`);
  await until(newest, ({ severity }) => severity === 'sev1');
  const form = await prefilled(number);
  expect(form).toMatchObject({
    wrong: 'fct_orders is late since 2026-03-02 06:10 UTC.',
    doNotUse: 'Todays numbers of fct_orders',
    useInstead: 'The numbers up to yesterday',
  });
  expect(form.time('eta')).toBe(240);
  expect(form.time('next')).toBe(20);
  expect(await app.act({ as: 'ana', do: 'submit', values: {} })).toMatchObject({ ok: true });
  await until(
    async () =>
      (await app.act({ as: 'ben', do: 'command', channel: '#general', text: '/metric "fct_orders"' })).reply
        ?.text ?? '',
    (text) => text.includes('The numbers up to yesterday'),
  );
  expect((await prefilled(number)).wrong, 'the next form goes on from the last update').toBe(
    'fct_orders is late since 2026-03-02 06:10 UTC.',
  );
}, 120_000);

it('a cause is found by its words; what an entry leaves out is as without any', async () => {
  await declare('Orders look doubled');
  const { number } = await newest();
  expect((await prefilled(number)).wrong).toBe('Orders look doubled. We are looking for the cause.');
  await command(`/incident identify ${number} A double load, by hand`);
  await until(newest, ({ state }) => state === 'identified');
  expect(await prefilled(number)).toMatchObject({
    wrong: 'Rows of our data are counted twice (A double load, by hand).',
    useInstead: undefined,
  });
  await command(`/incident severity ${number} sev3`);
  await command(`/incident note ${number} milder now`);
  await until(newest, ({ severity }) => severity === 'sev3');
  expect((await prefilled(number)).wrong, 'the first that fits is taken').toContain('counted twice');
  await declare('Refunds are missing', 'sev3');
  expect(await prefilled((await newest()).number)).toMatchObject({
    wrong: 'Refunds are missing. We are looking for the cause.',
    useInstead: 'The weekly report',
  });
}, 120_000);

it('the form for closing says what is still missing while it is open, and keeps what was written', async () => {
  await declare('Refunds in fct_orders are counted twice', 'sev2');
  const { number } = await newest();
  await command(`/incident task ${number} tell the refunds team`);
  await command(`/incident resolve ${number} the join was put right`);
  await until(newest, ({ state }) => state === 'resolved');
  await command(`/incident close ${number}`);
  const started = Math.floor(app.steward.services.clock.now().getTime() / 1_000) - 3_600;
  const cause = 'a join without its key';
  const refused = await app.act({ as: 'ana', do: 'submit', values: { cause, started } });
  expect(refused.ok).toBe(false);
  expect(JSON.stringify(refused)).toContain('Still missing: the task \\"tell the refunds team\\"');
  await command(`/incident task ${number} done 1`);
  await until(
    () => app.act({ as: 'ana', do: 'submit', values: {} }),
    ({ ok }) => ok,
  );
  expect(await until(newest, ({ state }) => state === 'closed')).toMatchObject({ cause });
}, 60_000);

it('the form for declaring shows what was like it before, with what fixed it; and an open one on the same data first', async () => {
  const open = async (as: string) => {
    const text = '/incident declare fct_orders looks wrong again';
    const { view } = await app.act({ as, do: 'command', channel: '#general', text });
    return JSON.stringify(view);
  };
  // The first test's incident is open on the same table: that one comes first.
  expect(await open('ana')).toMatch(
    /Open on the same data\..*Earlier ones like it.*Refunds in fct_orders are counted twice, fixed by the join was put right/,
  );
  await app.database.db
    .updateTable('incident')
    .set({ private: true })
    .where('title', '=', 'Refunds in fct_orders are counted twice')
    .execute();
  expect(await open('ben'), 'a private one is not there for others').not.toContain('Earlier ones');
  expect(await open('ana')).toContain('fixed by the join was put right');
}, 60_000);
