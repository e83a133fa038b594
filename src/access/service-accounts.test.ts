import { describe, expect, it } from 'vitest';
import { accountsOf } from '../people/service-accounts.js';
import { syncPeople } from '../people/sync-people.js';
import { makeAccessFixture } from './fixture.js';
import { listHeld } from './read-access.js';

const fixture = await makeAccessFixture(
  `
version: 1
rules:
  - name: programs
    kind: access
    when: { beneficiary: service }
    stages: [{ name: Owner, from: [owner, { team: governance }] }]
  - name: people
    kind: access
    autoApprove: Only for this test.
`,
  (login) => ({
    serviceAccounts: [
      {
        id: 'loader',
        name: 'Nightly loader',
        owners: ['maya@example.com'],
        members: ['owen@example.com'],
        warehouse: { main: login('robo') },
      },
    ],
  }),
);
const { services } = fixture;
const maya = await fixture.person('maya');
const [loader] = await accountsOf(services.db, maya.id);
const forPersonId = loader?.personId ?? '';

describe('a service account', () => {
  it('is offered to those who run it and to nobody else', async () => {
    expect(loader?.name).toBe('Nightly loader');
    expect(await accountsOf(services.db, (await fixture.person('gina')).id)).toEqual([]);
    await expect(fixture.ask('gina', { forPersonId })).rejects.toThrow('asked for by those who run it');
  });

  it('gets access that none of those who run it can approve [A-service-account]', async () => {
    const { requestId, state } = await fixture.ask('maya', { forPersonId });
    expect(state).toBe('pending');
    // Owen owns the dataset; he runs the account too.
    await expect(fixture.approve(requestId, 'owen')).rejects.toThrow('belongs to the service account');
    await expect(fixture.approve(requestId, 'maya')).rejects.toThrow('asked for this yourself');
    await fixture.approve(requestId, 'gina');
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('active');
    const held = await listHeld(services.db, (await fixture.person('owen')).id, 5);
    expect(held.map((row) => row.id)).toEqual([requestId]);
  });

  it('bars who comes in after it was asked, and who left it since', async () => {
    const { requestId } = await fixture.ask('maya', { forPersonId, dataset: 'calendar' });
    const change = (members: string[]) =>
      syncPeople(
        services.db,
        {
          ...services.config,
          serviceAccounts: services.config.serviceAccounts.map((account) => ({ ...account, members })),
        },
        services.clock.now(),
      );
    await change(['gina@example.com']);
    await expect(fixture.approve(requestId, 'gina')).rejects.toThrow('belongs to the service account');
    await expect(fixture.approve(requestId, 'owen')).rejects.toThrow('belongs to the service account');
  });

  it('whoever is gone from the file has no login any more, so that nothing more can be given to it', async () => {
    const { config, db, clock } = services;
    const without = { ...config, people: config.people.filter(({ email }) => email !== 'sven@example.com') };
    await syncPeople(db, without, clock.now());
    await expect(fixture.ask('sven', { dataset: 'calendar' })).rejects.toThrow(
      'You have no login in the warehouse',
    );
    await syncPeople(db, config, clock.now());
    expect((await fixture.ask('sven', { dataset: 'calendar' })).state).toBe('approved');
  });

  it('can be asked for no more once it is gone from the file', async () => {
    await syncPeople(services.db, { ...services.config, serviceAccounts: [] }, services.clock.now());
    expect(await accountsOf(services.db, maya.id)).toEqual([]);
    await expect(fixture.ask('maya', { forPersonId })).rejects.toThrow(
      'active colleague or a service account',
    );
  });
});
