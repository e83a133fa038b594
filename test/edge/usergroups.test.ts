import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startTestSteward } from '../helpers/steward.js';

it('takes the members of a team from its Slack user group', async () => {
  const app = await startTestSteward({ usergroups: [{ handle: 'analysts', members: ['ben'] }] });
  const { directory, db } = app.steward.services;
  const deadline = performance.now() + 15_000;
  while ((await directory.teamMembers(db, 'analysts')).length === 0) {
    if (performance.now() > deadline) throw new Error('the group was not read');
    await sleep(50);
  }
  expect((await directory.teamMembers(db, 'analysts')).map((person) => person.name)).toEqual(['Ben']);
});
