import { expect, it } from 'vitest';
import { makeTestDatabase } from '../../../test/helpers/database.js';
import { NotFoundError } from '../../errors.js';
import { comparePolicies } from '../policy/compare-policies.js';
import { parsePolicy } from '../policy/parse-policy.js';
import { makeEngineFixture } from './fixture.js';

const day = 86_400_000;
const policy = `
version: 1
rules:
  - name: logs
    kind: access
    when: { classification: logs }
    autoApprove: Nothing personal in it.
  - name: rest
    kind: access
    expireAfter: 365d
    stages: [{ name: Owner, from: [owner] }]
`;
const stricter = policy
  .replace('  - name: logs', '  - name: logs-and-people')
  .replace('[owner]', '[manager]');

const database = await makeTestDatabase();
const engine = await makeEngineFixture(database, policy);
const { services, approvals } = engine;
const read = () =>
  approvals.stored(services.db, { since: new Date(services.clock.now().getTime() - 90 * day) });

it('another policy is asked about requests that are open or of the last 90 days, and whose they are is said [A-policy-stored]', async () => {
  await engine.ask({ by: 'rita' });
  await engine.ask({ by: 'rita', facts: { title: 'long decided', classification: ['logs'] } });
  services.clock.advance(100 * day);
  await engine.ask({ by: 'mia', facts: { title: 'read on logs', classification: ['logs'] } });
  const { requests, unreadable } = await read();
  expect(unreadable).toEqual([]);
  expect(requests.map(({ requester, state, request }) => [requester, state, request.facts.title])).toEqual([
    ['Rita', 'pending', 'read on payouts for 7 days'],
    ['Mia', 'approved', 'read on logs'],
  ]);
  const at = (text: string) => parsePolicy([{ path: 'policy.yml', text }]);
  expect(comparePolicies(at(policy), at(policy), requests)).toEqual([]);
  expect(comparePolicies(at(policy), at(stricter), requests)).toEqual([
    {
      reference: 'ACC-1',
      title: 'read on payouts for 7 days',
      requester: 'Rita',
      state: 'pending',
      before: 'stages by rest (Owner: the owner)',
      after: 'stages by rest (Owner: the manager)',
    },
    expect.objectContaining({ requester: 'Mia', after: 'auto-approved by logs-and-people' }),
  ]);
});

it('a request whose dataset is gone is named, and the others are still asked about', async () => {
  const { subjectId } = await engine.ask({ by: 'gina' });
  engine.loseFacts(subjectId, new NotFoundError('There is no such dataset.'));
  const { requests, unreadable } = await read();
  expect(requests).toHaveLength(2);
  expect(unreadable).toEqual(['ACC-1']);
});
