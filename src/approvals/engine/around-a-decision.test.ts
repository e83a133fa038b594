import { expect, it } from 'vitest';
import { makeTestDatabase } from '../../../test/helpers/database.js';
import { fixturePeople, makeEngineFixture } from './fixture.js';
import type { WantedAct } from './look-before.js';

/** What stands around a decision: whom the card asks, where it is put, what a form says before it is filled in, what is said in its thread. */
const policy = `
version: 1
rules:
  - name: both-owners
    kind: access
    when: { classification: two }
    stages: [{ name: Owners, need: { atLeast: 2 }, from: [owner] }]
  - name: all
    kind: access
    breakGlass: { teams: [on-call], levels: [read], maxMinutes: 60, review: governance }
    stages: [{ name: Owner, from: [owner] }, { name: Governance, from: [{ team: governance }] }]
`;
const engine = await makeEngineFixture(await makeTestDatabase(), policy);
const now = () => engine.services.clock.now();

function press(requestId: string, name: string, verdict: 'approve' | 'deny', reason: string | null = null) {
  const personId = engine.id(name);
  return engine.approvals.decide({
    requestId,
    personId,
    actor: engine.actor(name),
    verdict,
    reason,
    now: now(),
  });
}

it('asks on its card those whose turn it is, and nobody else [A-one-card]', async () => {
  const { requestId, subjectId } = await engine.ask();
  const asked = async () => {
    const view = await engine.approvals.view(engine.services.db, { kind: 'access', subjectId, now: now() });
    return view?.asked.map((id) => fixturePeople.find((name) => engine.id(name) === id)).sort();
  };
  expect(await asked()).toEqual(['olga', 'owen']);
  await press(requestId, 'owen', 'approve');
  expect(await asked()).toEqual(['gina', 'gus']);
  await press(requestId, 'gus', 'approve');
  expect(await asked()).toEqual([]);
});

it('asks more than five in one channel, but of what is hidden each by themselves', async () => {
  const owners = fixturePeople
    .filter((name) => name !== 'rita')
    .map((name) => ({ email: `${name}@example.com` }));
  const places = async (hidden: boolean) => {
    const { requestId } = await engine.ask({ facts: { owners, hidden } });
    const sent = await engine.services.db
      .selectFrom('slack_message')
      .select('channel_id')
      .where('key', 'like', `approval:${requestId}:%`)
      .where('variant', '=', 'approver')
      .execute();
    return sent.map(({ channel_id }) => channel_id);
  };
  expect(await places(false)).toEqual(['C0APPROVE']);
  expect(await places(true)).toEqual(owners.map(() => null));
});

it('tells who may not send a form before they fill it in, and what may be chosen in it', async () => {
  const { requestId } = await engine.ask();
  const look = (name: string, act: WantedAct) =>
    engine.approvals.lookBefore({ requestId, personId: engine.id(name), act, now: now() });
  await expect(look('mia', 'deny')).rejects.toThrow(/not yours to decide/);
  await expect(look('rita', 'deny')).rejects.toThrow(/You asked for this yourself/);
  await expect(look('gina', 'shorten'), 'it is not her turn').rejects.toThrow(/not yours to decide now/);
  expect(await look('gina', 'deny'), 'a later stage need not wait to say no').toMatchObject({
    maxMinutes: null,
  });
  expect(await look('owen', 'shorten')).toMatchObject({ durationMs: 7 * 86_400_000 });
  expect(await look('rita', 'break-glass')).toMatchObject({ maxMinutes: 60 });
  await expect(look('owen', 'break-glass')).rejects.toThrow(/only for oneself/);
  const other = await engine.ask();
  await engine.approvals.breakGlass({
    requestId: other.requestId,
    personId: engine.id('rita'),
    actor: engine.actor('rita'),
    reason: 'the lake is on fire',
    minutes: 5,
    confirmed: true,
    now: now(),
  });
  await expect(look('rita', 'break-glass'), 'one at a time').rejects.toThrow(/already hold one/);
  await press(requestId, 'gina', 'deny', 'not now');
  await expect(look('owen', 'reassign')).rejects.toThrow(/already denied/);
});

it('is handed on for one stage only: another stage of the same person is still theirs', async () => {
  const { requestId } = await engine.ask({
    facts: { owners: [{ team: 'owners' }, { email: 'gina@example.com' }] },
  });
  await engine.approvals.reassign({
    requestId,
    personId: engine.id('gina'),
    actor: engine.actor('gina'),
    toPersonId: engine.id('mia'),
    reason: 'she knows it',
    now: now(),
  });
  await expect(press(requestId, 'gina', 'approve')).rejects.toThrow(/not yours to decide/);
  const waits = async (name: string) =>
    (await engine.approvals.waitingFor(engine.services.db, { personId: engine.id(name), limit: 50 })).some(
      (one) => one.requestId === requestId,
    );
  expect([await waits('gina'), await waits('mia')]).toEqual([false, true]);
  await press(requestId, 'owen', 'approve');
  expect([await waits('gina'), await waits('mia')]).toEqual([true, false]);
  expect((await press(requestId, 'gina', 'approve')).state).toBe('approved');
});

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

it('tells whoever asked that it was not approved, unless they ended it themselves', async () => {
  const told = async (requestId: string) =>
    engine.services.db
      .selectFrom('slack_message')
      .select(['person_id', 'thread_key'])
      .where('card_kind', '=', 'approval-outcome')
      .where('card_id', '=', requestId)
      .execute();
  const denied = await engine.ask();
  await press(denied.requestId, 'owen', 'deny', 'use the view');
  expect(await told(denied.requestId)).toEqual([
    { person_id: engine.id('rita'), thread_key: `approval:${denied.requestId}:requester` },
  ]);
  const expired = await engine.ask();
  await engine.approvals.expire({
    requestId: expired.requestId,
    now: new Date(now().getTime() + 6 * 86_400_000),
  });
  expect(await told(expired.requestId)).toHaveLength(1);
  const withdrawn = await engine.ask();
  await engine.approvals.withdraw({
    requestId: withdrawn.requestId,
    personId: engine.id('rita'),
    actor: engine.actor('rita'),
    now: now(),
  });
  expect(await told(withdrawn.requestId)).toEqual([]);
});

it('names as still needed nobody who has given their part', async () => {
  const next = await engine.ask({ facts: { classification: ['two'] } });
  await press(next.requestId, 'owen', 'approve');
  await expect(press(next.requestId, 'owen', 'approve')).rejects.toThrow(
    /counted already, and one person counts once. Still needed: Olga\.$/,
  );
});
