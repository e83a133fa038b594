import { expect, it } from 'vitest';
import { makeTestDatabase } from '../../../test/helpers/database.js';
import { makeEngineFixture } from './fixture.js';

const database = await makeTestDatabase();
const engine = await makeEngineFixture(
  database,
  'version: 1\nrules:\n  - { name: all, kind: access, stages: [{ name: Owner, from: [owner] }] }\n',
);

it('keeps what is said in the thread of a request by reference, once, and never its words [A-comments]', async () => {
  const { requestId, subjectId } = await engine.ask();
  const message = {
    cardKind: 'test-card',
    subjectId,
    channelId: 'C1',
    ts: '1.2',
    personId: engine.id('owen'),
    now: engine.services.clock.now(),
  };
  expect(await engine.approvals.comment(message)).toBe(true);
  expect(await engine.approvals.comment(message)).toBe(false);
  expect(await engine.approvals.comment({ ...message, cardKind: 'another-card', ts: '1.3' })).toBe(false);
  const rows = await engine.services.db
    .selectFrom('approval_comment')
    .selectAll()
    .where('request_id', '=', requestId)
    .execute();
  expect(rows).toEqual([
    { channel_id: 'C1', ts: '1.2', request_id: requestId, person_id: engine.id('owen'), at: message.now },
  ]);
});
