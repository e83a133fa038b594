import type { WebClient } from '@slack/web-api';
import { expect, it } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { makeTestServices } from '../../test/helpers/services.js';
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
