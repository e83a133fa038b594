import { describe, expect, it } from 'vitest';
import { makeTestDatabase } from '../../../test/helpers/database.js';
import { noteSlackAccount } from '../../people/slack-account.js';
import { makeDecisionFixture } from './decision-fixture.js';

const { engine, press, now } = await makeDecisionFixture(await makeTestDatabase());

describe('standing in', () => {
  it('lets the stand-in give the part of the other, from start to end, and counts once [A-delegation]', async () => {
    const day = 86_400_000;
    const delegate = (from: string, to: string) =>
      engine.approvals.delegate({
        fromPersonId: engine.id(from),
        toPersonId: engine.id(to),
        startsAt: now(),
        endsAt: new Date(now().getTime() + day),
        reason: 'holiday',
        actor: engine.actor(from),
        now: now(),
      });
    const delegationId = await delegate('owen', 'mia');
    const first = await engine.ask();
    expect((await press(first.requestId, 'mia', 'approve')).state).toBe('pending');
    const toRequester = await delegate('olga', 'rita');
    const second = await engine.ask();
    await expect(press(second.requestId, 'rita', 'approve')).rejects.toThrow(/You asked for this yourself/);
    await engine.approvals.endDelegation({
      delegationId,
      personId: engine.id('owen'),
      actor: engine.actor('owen'),
      now: now(),
    });
    await expect(press(second.requestId, 'mia', 'approve')).rejects.toThrow(/not yours to decide/);
    await engine.approvals.endDelegation({
      delegationId: toRequester,
      personId: engine.id('olga'),
      actor: engine.actor('olga'),
      now: now(),
    });
  });

  it('that waits already is put to whoever begins to stand in, unless they asked for it', async () => {
    const [theirs, own] = [await engine.ask(), await engine.ask({ by: 'mia' })];
    const delegationId = await engine.approvals.delegate({
      fromPersonId: engine.id('owen'),
      toPersonId: engine.id('mia'),
      startsAt: now(),
      endsAt: new Date(now().getTime() + 3_600_000),
      reason: null,
      actor: engine.actor('owen'),
      now: now(),
    });
    const { db } = engine.services;
    const waiting = await engine.approvals.waitingFor(db, { personId: engine.id('mia'), limit: 100 });
    const ids = waiting.map(({ requestId }) => requestId);
    expect([ids.includes(theirs.requestId), ids.includes(own.requestId)]).toEqual([true, false]);
    await engine.approvals.endDelegation({
      delegationId,
      personId: engine.id('owen'),
      actor: engine.actor('owen'),
      now: now(),
    });
  });

  it('that waited for somebody who left is put at once to whoever comes next, to administrators where nobody does', async () => {
    const { services, approvals } = engine;
    const withNext = await engine.ask();
    const withNobody = await engine.ask({
      facts: { classification: ['financial'] },
      ticket: 'DATA-1',
      purposeId: 'fraud',
      termsAccepted: true,
    });
    const owners = ['owen', 'olga'];
    const account = async (name: string, deactivated: boolean): Promise<void> => {
      const slackId = `U0${name.toUpperCase()}`;
      await noteSlackAccount(services.db, { slackId, deactivated, now: now() });
      if (deactivated) await approvals.approverLeft({ personId: engine.id(name), now: now() });
    };
    const waitsForAdam = async (): Promise<string[]> =>
      (await approvals.waitingFor(services.db, { personId: engine.id('adam'), limit: 100 })).map(
        ({ requestId }) => requestId,
      );
    const toldStuck = () =>
      services.db
        .selectFrom('slack_message')
        .select('person_id')
        .where('key', 'like', `approval:${withNobody.requestId}:stuck:%`)
        .execute();
    await account('owen', true);
    expect(await waitsForAdam()).not.toContain(withNext.requestId);
    expect(await toldStuck()).toEqual([]);
    await account('olga', true);
    expect(await waitsForAdam()).toContain(withNext.requestId);
    expect(await waitsForAdam()).not.toContain(withNobody.requestId);
    expect(await toldStuck()).toEqual([{ person_id: engine.id('adam') }]);
    for (const name of owners) await account(name, false);
  });

  it('leaves nothing to ask of whoever had their part given for them', async () => {
    const delegationId = await engine.approvals.delegate({
      fromPersonId: engine.id('gina'),
      toPersonId: engine.id('mia'),
      startsAt: now(),
      endsAt: new Date(now().getTime() + 3_600_000),
      reason: null,
      actor: engine.actor('gina'),
      now: now(),
    });
    const { requestId, subjectId } = await engine.ask({ facts: { classification: ['secret'] } });
    expect((await press(requestId, 'mia', 'approve')).state).toBe('pending');
    const view = await engine.approvals.view(engine.services.db, { kind: 'access', subjectId, now: now() });
    expect(view?.asked).toEqual([engine.id('gus')]);
    await engine.approvals.endDelegation({
      delegationId,
      personId: engine.id('gina'),
      actor: engine.actor('gina'),
      now: now(),
    });
  });

  it('bars whoever stands in for the requester', async () => {
    const id = await engine.approvals.delegate({
      fromPersonId: engine.id('rita'),
      toPersonId: engine.id('owen'),
      startsAt: now(),
      endsAt: new Date(now().getTime() + 3_600_000),
      reason: null,
      actor: engine.actor('rita'),
      now: now(),
    });
    const { requestId } = await engine.ask();
    await expect(press(requestId, 'owen', 'approve')).rejects.toThrow(/stands in for somebody who gains/);
    await engine.approvals.endDelegation({
      delegationId: id,
      personId: engine.id('rita'),
      actor: engine.actor('rita'),
      now: now(),
    });
  });

  it('can be given for one request by handing it on, never to whoever gains by it [A-reassign]', async () => {
    const { requestId } = await engine.ask();
    const hand = (to: string) =>
      engine.approvals.reassign({
        requestId,
        personId: engine.id('owen'),
        actor: engine.actor('owen'),
        toPersonId: engine.id(to),
        reason: 'she knows it',
        now: now(),
      });
    await expect(hand('rita')).rejects.toThrow(/asked for it/);
    await hand('mia');
    const { subject_id: subjectId } = await engine.services.db
      .selectFrom('approval_request')
      .select('subject_id')
      .where('id', '=', requestId)
      .executeTakeFirstOrThrow();
    const shown = await engine.approvals.view(engine.services.db, { kind: 'access', subjectId, now: now() });
    expect(shown?.stages[0]?.candidates.join(), 'the card names whoever is asked now').toMatch(
      /^mia for owen|mia for owen$/i,
    );
    await expect(press(requestId, 'owen', 'approve')).rejects.toThrow(/not yours to decide/);
    expect((await press(requestId, 'mia', 'approve')).state).toBe('pending');
  });
});
