import { beforeAll, describe, expect, it } from 'vitest';
import { exportIncident } from '../../src/incidents/report/export.js';
import { readStatusFeed, statusFeed } from '../../src/incidents/schedule.js';
import { incidentDigestCard, incidentHandoffCard } from '../../src/slack/cards/incident-digest.js';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';
import { doorOf, until } from './door.js';

let app: TestSteward;
const { newest, declare, command, deadWork } = doorOf(() => app);
const title = 'Salaries are visible in fct_orders';
let number = 0;

beforeAll(async () => {
  app = await startTestSteward({
    config: [
      'slack: { channels: { incidents: general } }',
      'authority: { dataTeam: [data, sales] }',
      'incidents:',
      '  executives: { channel: board }',
      '  statusFeed: { enabled: true }',
      '  team: data',
      '  rules: [{ name: tell, on: declare, do: [{ action: post, channel: board }] }]',
    ].join('\n'),
    channels: [{ name: 'board', members: ['ana', 'ben'] }],
  });
  // Ben runs incidents too, but is no member of this one.
  const declared = await declare(title, 'sev1', { flags: ['private'] });
  number = declared.number ?? 0;
  await until(newest, ({ channel_state }) => channel_state === 'ready');
  await command(`/incident update ${number}`);
  await app.act({ as: 'ana', do: 'submit', values: { wrong: `${title}, and nobody may know` } });
  await until(newest, ({ last_update_at }) => last_update_at !== null);
}, 180_000);

/** What somebody is told after a command: at once, or once it is worked. */
async function told(as: string, text: string): Promise<string> {
  await app.act({ as, do: 'close', all: true });
  const before = (await app.messages({ person: as })).length;
  const { reply, view } = await command(text, as);
  if (reply !== undefined) return reply.text;
  if (view !== undefined) return JSON.stringify(view.blocks);
  const after = () => app.messages({ person: as });
  const all = await until(after, (messages) => messages.length > before);
  return all
    .slice(before)
    .map((message) => message.text)
    .join('\n');
}

describe('a private incident', () => {
  it.each([
    'show',
    'review',
    'timeline',
    'catchup',
    'join',
    'subscribe',
    'update',
    'close',
    'ack',
    'resolve',
    'note',
    'private',
    'handoff',
  ])(
    'answers `%s` of somebody who is no member exactly like one that does not exist',
    async (verb) => {
      const words = async (of: number): Promise<string> =>
        (await told('ben', `/incident ${verb} ${of} because`)).replaceAll(String(of), 'N');
      expect(await words(number)).toBe(await words(987));
    },
    60_000,
  );

  it('is spoken of to its member alone where others read, and openly in its own channel', async () => {
    const own = (await newest())?.channel_id ?? '';
    const ask = (channel: string, words: string) =>
      app.act({ as: 'ana', do: 'mention', channel, text: `incident ${words}` });
    const heard = (channel: string) => async () =>
      (await app.messages({ channel })).filter(({ text }) => text.includes(`INC-${number} acknowledged`));
    await ask('general', `ack ${number}`);
    const [said] = await until(heard('general'), (found) => found.length > 0);
    expect(said?.ephemeral_to).toBeDefined();
    await ask(own, 'ack');
    const all = await until(heard(own), (found) => found.some(({ ephemeral_to: to }) => to === undefined));
    expect(all).not.toEqual([]);
  }, 60_000);

  it('is in no list, in no number and on no Home of others, and in those of its members', async () => {
    const home = async (person: string): Promise<string> => {
      await app.act({ as: person, do: 'home' });
      const answer = await fetch(new URL(`/_play/home?person=${person}`, app.playground.url), {
        headers: { authorization: `Bearer ${app.playground.token}` },
      });
      return answer.text();
    };
    for (const text of [
      '/incident list',
      '/incident list Salaries',
      '/incident handoff',
      '/incident declare fct_orders',
    ])
      expect(await told('ben', text), text).not.toContain('Salaries are');
    expect(await told('ben', '/incident stats')).toContain('0 incidents in 90 days');
    expect(await home('ben')).not.toContain('Salaries');
    expect(await told('ana', '/incident list')).toContain(title);
    expect(
      await until(
        () => home('ana'),
        (text) => text.includes('Salaries'),
      ),
    ).toContain(title);
  }, 60_000);

  it('is told in no place but its own channel, whatever a rule says', async () => {
    for (const channel of ['general', 'board']) {
      const open = (await app.messages({ channel })).filter(({ ephemeral_to }) => ephemeral_to === undefined);
      expect(JSON.stringify(open), channel).not.toContain('Salaries');
    }
    expect(JSON.stringify(await app.messages({ person: 'ben' }))).not.toContain('Salaries are');
  });

  it('warns on answers without a word of what it is', async () => {
    const text = await told('ben', '/metric "fct_orders"');
    expect(text).not.toContain('Salaries');
    expect(text).not.toContain(`INC-${number}`);
    expect(text).toMatch(/CAUTION|DO NOT USE/);
  });

  it('leaves by no export, digest, hand-off or feed', async () => {
    const { services } = app.steward;
    const now = services.clock.now();
    await expect(exportIncident(services, { number, person: null, all: true })).rejects.toThrow(
      `There is no INC-${number}.`,
    );
    const monday = new Date(now.getTime() + 7 * 86_400_000).toISOString().slice(0, 10);
    const digest = await incidentDigestCard.render(services, monday, { variant: '', now });
    const handoff = await incidentHandoffCard.render(services, 'data', { variant: '', now });
    const feed = await readStatusFeed(services, now);
    for (const text of [digest, handoff, feed].map((one) => JSON.stringify(one)))
      expect(text).not.toContain('Salaries');
    expect(digest?.text).toContain('0 incidents');
    expect(feed.incidents).toEqual([]);
    const page = await fetch(new URL('/status.json', app.url));
    expect(page.headers.get('content-type')).toMatch(/^application\/json/);
    expect(statusFeed.parse(await page.json()).incidents).toEqual([]);
    expect(await deadWork()).toEqual([]);
  });
});
