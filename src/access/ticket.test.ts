import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../errors.js';
import { makeAccessFixture } from './fixture.js';

const fixture = await makeAccessFixture(`
version: 1
rules:
  - name: ticketed
    kind: access
    ticket: { pattern: '^DATA-[0-9]+$', example: DATA-123, tracker: jira }
    stages: [{ name: Owner, from: [owner] }]
`);
const { services } = fixture;

describe('a ticket that the policy has looked up [A-ticket-exists]', () => {
  it('is refused, at its field, when the ticket system has none of that number', async () => {
    services.tickets = async () => 'not-there';
    const refused = await fixture.ask('maya', { ticket: 'DATA-999' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidInputError);
    expect(refused).toMatchObject({ fields: { ticket: 'jira has no ticket DATA-999.' } });
    expect(await services.db.selectFrom('access_request').select('id').execute()).toEqual([]);
  });

  it.each(['there', 'unknown'] as const)(
    'that is %s is kept with the request for its approvers',
    async (seen) => {
      services.tickets = async () => seen;
      const { requestId } = await fixture.ask('maya', { ticket: 'DATA-7' });
      const view = await services.approvals.view(services.db, {
        kind: 'access',
        subjectId: requestId,
        now: services.clock.now(),
      });
      expect(view).toMatchObject({ ticket: 'DATA-7', ticketSeen: seen });
    },
  );

  it('is not looked up when it does not look like one', async () => {
    services.tickets = async () => {
      throw new Error('it was asked');
    };
    await expect(fixture.ask('maya', { ticket: '' })).rejects.toThrow('A ticket is needed, like DATA-123');
  });
});
