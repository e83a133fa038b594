import type { WebClient } from '@slack/web-api';
import { expect, it } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { makeTestServices } from '../../test/helpers/services.js';
import { noteSlackAccount } from '../people/slack-account.js';
import { makeIdentity } from './caller.js';

const services = await makeTestServices({
  database: await makeTestDatabase(),
  config: {
    people: [{ email: 'owen@example.com', name: 'Owen', teams: ['owners'] }],
    teams: [{ id: 'owners' }],
  },
});

/** A workspace in which every account claims Owen's address. */
const slack = {
  users: {
    info: async ({ user }: { user: string }) => ({
      ok: true,
      user: { id: user, team_id: 'T1', real_name: user, profile: { email: 'Owen@example.com' } },
    }),
  },
} as unknown as WebClient;

it('two Slack users with one e-mail are two people: only the first gets what steward.yml says of it', async () => {
  const identify = makeIdentity(services, { slack, teamId: 'T1' });
  const found = await Promise.all(['U0FIRST', 'U0SECOND', 'U0THIRD'].map((id) => identify(id)));
  const people = found.map((person) => {
    if ('reason' in person) throw new Error(person.text);
    return person;
  });
  expect(new Set(people.map((person) => person.id)).size).toBe(3);
  expect(people.filter((person) => person.teams.includes('owners'))).toHaveLength(1);
  expect(people.filter((person) => person.email === 'owen@example.com')).toHaveLength(1);
  // Asked again, everybody is who they were.
  const again = await Promise.all(people.map((person) => identify(person.slackId ?? '')));
  expect(again.map((person) => ('reason' in person ? null : person.id))).toEqual(
    people.map((person) => person.id),
  );
});

it('whoever left is known again once Slack says that the account is theirs, with or without an address', async () => {
  const { db, clock } = services;
  const accounts = new Map([['U0ZOE', { deleted: true }]]);
  const told = {
    users: {
      info: async ({ user }: { user: string }) => ({
        ok: true,
        user: { id: user, team_id: 'T1', real_name: 'Zoe', profile: {}, ...accounts.get(user) },
      }),
    },
  } as unknown as WebClient;
  const asked = () => makeIdentity(services, { slack: told, teamId: 'T1' })('U0ZOE');
  expect(await asked()).toMatchObject({ reason: 'left' });
  accounts.clear();
  const zoe = await asked();
  expect(zoe).toMatchObject({ name: 'Zoe', email: null, status: 'active' });
  const now = clock.now();
  await noteSlackAccount(db, { slackId: 'U0ZOE', deactivated: true, now });
  accounts.set('U0ZOE', { deleted: true });
  expect(await asked()).toMatchObject({ reason: 'left' });
  accounts.clear();
  expect(await asked()).toEqual(zoe);
});
