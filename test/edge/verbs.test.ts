import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { gatherRegistrations } from '../../src/app.js';
import { routeCommand, routeMention } from '../../src/slack/words.js';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';

/** What people and scripts rely on: every verb of every command, with something that makes it a verb. */
const verbs: Record<string, Record<string, string>> = {
  metric: {
    why: 'orders',
    history: 'orders',
    trust: 'orders',
    deprecate: 'orders',
    propose: 'orders',
    compare: 'orders orders',
    list: '',
  },
  incident: {
    declare: 'Orders are late',
    list: '',
    show: '1',
    join: '1',
    subscribe: '1',
    merge: '1 2',
    accept: '1',
    decline: '1',
    ack: '1',
    update: '1',
    severity: '1 sev2',
    role: '1 lead',
    page: '1',
    task: '1 look at the loader',
    link: '1 https://example.com/run',
    mitigate: '1',
    resolve: '1',
    reopen: '1',
    close: '1',
    cancel: '1',
    catchup: '1',
    mute: 'orders for 2h because the loader is being replaced',
    review: '1',
    stats: '',
  },
  access: {
    request: 'orders',
    mine: '',
    pending: '',
    show: '1',
    extend: '1',
    return: '1',
    revoke: '1',
    review: '',
    who: 'orders',
  },
  backfill: { request: 'orders', list: '', show: '1', pause: '1', resume: '1', cancel: '1', retry: '1' },
  steward: { status: '', scorecard: '', oncall: '', unanswered: '' },
};
const every = Object.entries(verbs).flatMap(([command, own]) =>
  Object.entries(own).map(([verb, rest]) => ({ command, verb, words: `${verb} ${rest}`.trim() })),
);

let app: TestSteward;
beforeAll(async () => {
  app = await startTestSteward();
});

/** What Steward has said, wherever Ana reads it: each message with its place and its text, so that an edited one counts as new. */
async function said(): Promise<string[]> {
  const places = await Promise.all([app.messages({ channel: 'general' }), app.messages({ person: 'ana' })]);
  return places.flat().flatMap(({ ts, text, user }) => (user === 'U0ANA' ? [] : [`${ts} ${text}`]));
}

describe.each(Object.keys(verbs))('/%s', (name) => {
  it('shows every verb in its help', async () => {
    const help = await app.act({ as: 'ana', do: 'command', channel: 'general', text: `/${name} help` });
    for (const verb of Object.keys(verbs[name] ?? {})) expect(help.reply?.text, verb).toContain(verb);
  });
});

it.each(every)(
  '$command $words is that verb as a command, in a mention and in a direct message',
  ({ command, verb, words }) => {
    const { commands } = gatherRegistrations();
    const module = commands.find((one) => one.name === command);
    if (!module) throw new Error(`there is no /${command}`);
    const { services } = app.steward;
    expect(routeCommand(module, words, services)).toMatchObject({ command, verb });
    expect(routeMention(commands, `${command} ${words}`, services)).toMatchObject({ command, verb });
  },
);

it.each(every)(
  '/$command $words is acked in time and fails with a sentence at most',
  async ({ command, words }) => {
    const answer = await app.act({
      as: 'ana',
      do: 'command',
      channel: 'general',
      text: `/${command} ${words}`,
    });
    expect(answer).toMatchObject({ ok: true });
    expect(answer.ackMs).toBeLessThan(3_000);
  },
);

it.each(every)(
  '$command $words is answered in a direct message, and where it is asked in a mention',
  { timeout: 60_000 },
  async ({ command, words }) => {
    for (const door of [
      { do: 'message', channel: 'dm' },
      { do: 'mention', channel: 'general' },
    ]) {
      // Nothing else is asked meanwhile: what is new is the answer, in the channel or in private.
      const before = await said();
      const sent = await app.act({ as: 'ana', ...door, text: `${command} ${words}` });
      expect(sent).toMatchObject({ ok: true });
      await expect
        .poll(async () => (await said()).filter((text) => !before.includes(text)).length, {
          timeout: 20_000,
          message: `${door.do}: ${command} ${words}`,
        })
        .toBeGreaterThan(0);
    }
  },
);

it('ran all of them without a fault of its own', { timeout: 60_000 }, async () => {
  const deadline = performance.now() + 40_000;
  const waiting = async (): Promise<number> =>
    (await app.database.db.selectFrom('inbox').select('id').where('state', '=', 'received').execute()).length;
  while ((await waiting()) > 0 && performance.now() < deadline) await sleep(100);
  expect(await waiting()).toBe(0);
  const said = [
    ...(await app.messages({ channel: 'general' })),
    ...(await app.messages({ person: 'ana' })),
  ].map((message) => message.text);
  expect(said.filter((text) => /went wrong on my side/.test(text))).toEqual([]);
  const failed = await app.database.db
    .selectFrom('inbox')
    .select(['last_error'])
    .where('state', '=', 'failed')
    .execute();
  expect(failed).toEqual([]);
});
