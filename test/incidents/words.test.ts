import { beforeAll, expect, it } from 'vitest';
import { lockIncident } from '../../src/incidents/change.js';
import { missingForClose } from '../../src/incidents/close.js';
import { exportIncident } from '../../src/incidents/report/export.js';
import { timelineOf } from '../../src/incidents/timeline.js';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';
import { doorOf, until } from './door.js';

let app: TestSteward;
const { newest, declare, command } = doorOf(() => app);
let number = 0;
let id = '';

beforeAll(async () => {
  app = await startTestSteward({
    config: ['slack: { channels: { incidents: general } }', 'authority: { dataTeam: [data] }'].join('\n'),
  });
  const declared = await declare('Orders look halved', 'sev1');
  number = declared.number ?? 0;
  id = declared.id ?? '';
}, 180_000);

const nameOf = async (personId: string | null | undefined) =>
  personId ? (await app.steward.services.directory.byId(app.database.db, personId))?.name : undefined;

it('a role is given to whom the command names with @', async () => {
  await command(`/incident role ${number} comms @ben`);
  const holder = await until(
    async () =>
      app.database.db
        .selectFrom('incident_role')
        .select('person_id')
        .where('incident_id', '=', id)
        .where('role', '=', 'comms')
        .executeTakeFirst(),
    (found) => found !== undefined,
  );
  expect(await nameOf(holder?.person_id)).toBe('Ben');
}, 60_000);

it('a task belongs to whom it names, and says the rest in plain words', async () => {
  await command(`/incident task ${number} restart the loader @ben, see https://log.example/1 & tell @ana`);
  const task = await until(
    async () =>
      app.database.db
        .selectFrom('incident_task')
        .select(['title', 'owner_id', 'link'])
        .where('incident_id', '=', id)
        .where('kind', '=', 'task')
        .executeTakeFirst(),
    (found) => found !== undefined,
  );
  expect(task?.title).toBe('restart the loader, see https://log.example/1 & tell @ana');
  expect(task?.link).toBe('https://log.example/1');
  expect(await nameOf(task?.owner_id)).toBe('Ben');
}, 60_000);

it('a task that is there is given to somebody, until a day, and made a follow-up; other words that begin so are a task of their own', async () => {
  const tasks = async () =>
    (await exportIncident(app.steward.services, { number, person: null, all: true })).tasks;
  await command(`/incident task ${number} write the check down`);
  const { number: k = 0 } =
    (await until(
      async () => (await tasks()).find(({ title }) => title === 'write the check down'),
      (found) => found !== undefined,
    )) ?? {};
  const missing = async () =>
    app.database.db
      .transaction()
      .execute(async (trx) => missingForClose(app.steward.services, trx, await lockIncident(trx, id)));
  expect(await missing()).toContain(
    `the task "write the check down" (do it, drop it or make it a follow-up: \`/incident task ${number} followup ${k}\`)`,
  );
  await command(`/incident task ${number} followup ${k}`);
  await until(missing, (list) => list.some((one) => one.includes(`give ${k}`)));
  expect(await missing()).toContain(
    `owner and due date of the follow-up "write the check down" (\`/incident task ${number} give ${k} @somebody by friday\`)`,
  );
  await command(`/incident task ${number} give ${k} to @ana by in 2 days`);
  const given = await until(
    async () => (await tasks()).find((one) => one.number === k),
    (found) => found?.due_at !== null,
  );
  expect(given).toMatchObject({ kind: 'follow_up', title: 'write the check down', state: 'open' });
  expect((await missing()).filter((one) => one.includes('write the check down'))).toEqual([]);
  await command(`/incident task ${number} give 3 keys to @ana`);
  await until(tasks, (list) => list.some(({ title }) => title === 'give 3 keys to'));
}, 60_000);

it('what was done is noted with who did it, when and where it can be read: rollback, hotfix, backfill', async () => {
  const actions = async () =>
    (await exportIncident(app.steward.services, { number, person: null, all: true })).tasks.filter(
      ({ kind }) => kind === 'action',
    );
  await command(`/incident task ${number} rollback the loader to 1.4 https://git.example/5 @ben`);
  await command(`/incident task ${number} hotfix: the join counts each order once https://git.example/6`);
  await command(`/incident task ${number} backfill the last five days`);
  expect(await until(actions, (found) => found.length === 3)).toMatchObject([
    { action: 'rollback', state: 'done', owner: 'Ben', link: 'https://git.example/5' },
    { action: 'hotfix', state: 'done', owner: 'Ana', link: 'https://git.example/6' },
    { action: 'backfill', state: 'done', owner: 'Ana', link: null },
  ]);
  const { timeline } = await exportIncident(app.steward.services, { number, person: null, all: true });
  const noted = timeline.filter(({ kind }) => kind === 'action');
  expect(noted.map(({ by, text, link }) => [by, text.slice(0, 30), link])).toEqual([
    ['Ben', 'rollback: the loader to 1.4 ht', 'https://git.example/5'],
    ['Ana', 'hotfix: the join counts each o', 'https://git.example/6'],
    ['Ana', 'backfill: the last five days', null],
  ]);
  for (const { at } of noted) expect(Number.isNaN(Date.parse(at))).toBe(false);
}, 60_000);

it('a note that mentions people and links reads as it was typed, by command and in a message', async () => {
  const notes = async () =>
    (await timelineOf(app.steward.services, id))
      .filter(({ kind }) => kind === 'note')
      .map(({ text }) => text);
  await command(`/incident note ${number} @ben says 3 < 5, see https://log.example/2`);
  await until(notes, (found) => found.includes('@ben says 3 < 5, see https://log.example/2'));
  await app.act({
    as: 'ana',
    do: 'mention',
    channel: '#general',
    text: `incident note ${number} @ben looked at https://log.example/3`,
  });
  await until(notes, (found) => found.includes('@Ben looked at https://log.example/3'));
}, 60_000);

it("in the incident's own channel `severity 2` is a severity, elsewhere 2 is an incident", async () => {
  const { channel_id: channel } = await until(newest, ({ channel_state }) => channel_state === 'ready');
  const inChannel = (text: string) => app.act({ as: 'ana', do: 'command', channel: channel ?? '', text });
  await until(
    () => inChannel('/incident severity 2'),
    ({ ok }) => ok,
  );
  await until(newest, ({ severity }) => severity === 'sev2');
  await inChannel(`/incident severity ${number} sev3`);
  await until(newest, ({ severity }) => severity === 'sev3');
}, 60_000);

it('whoever is given something hears of it, and whoever leaves Slack is asked for nothing more', async () => {
  const heard = async () => (await app.messages({ person: 'ben' })).map(({ text }) => text);
  const given = await until(
    heard,
    (texts) =>
      texts.some((text) => /^You are comms of INC-\d+/.test(text)) &&
      texts.some((text) => text.includes('is yours: restart the loader')),
  );
  expect(given.filter((text) => text.includes('is yours'))).toHaveLength(1);
  const holders = () =>
    app.database.db.selectFrom('incident_role').select('role').where('incident_id', '=', id).execute();
  expect(await holders()).toEqual([{ role: 'comms' }]);
  const status = async () =>
    (await app.steward.services.directory.bySlackId(app.database.db, 'U0BEN'))?.status;
  const account = (deleted: boolean) =>
    fetch(new URL('/_play/person', app.playground.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${app.playground.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'ben', deleted }),
    });
  await account(true);
  await until(holders, (found) => found.length === 0);
  expect(await status()).toBe('left');
  await account(false);
  await until(status, (now) => now === 'active');
}, 60_000);
