import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { queueUp } from '../../test/helpers/queue-up.js';
import { revokeAccess } from './end-access.js';
import { makeAccessFixture } from './fixture.js';
import { holdSettledKind } from './hold.js';
import { completeTask } from './tasks.js';

const day = 86_400_000;
const fixture = await makeAccessFixture();
const { services } = fixture;
const now = () => services.clock.now();
const assetIds = [fixture.assetId('payouts')];

async function granted(name: string, durationMs = 7 * day) {
  const asked = await fixture.ask(name, { durationMs });
  await fixture.approve(asked.requestId, 'owen', 'gina');
  await fixture.work();
  return asked.requestId;
}

const suspend = async (incidentId: string) =>
  services.db.transaction().execute(async (trx) =>
    services.suspension.suspend(trx, {
      assetIds,
      incidentId,
      reason: 'rows of others were shown',
      actor: await fixture.actor('sven'),
      now: now(),
    }),
  );
const lift = async (incidentId: string) =>
  services.db
    .transaction()
    .execute(async (trx) =>
      services.suspension.lift(trx, { incidentId, actor: await fixture.actor('sven'), now: now() }),
    );

describe('grants of a dataset on hold', () => {
  it('let nobody in, as the warehouse confirms, and come back when it is lifted', async () => {
    const incidentId = randomUUID();
    const requestId = await granted('maya');
    expect(await fixture.canRead('maya')).toBe(true);
    expect(await services.suspension.liveGrants(services.db, assetIds)).toEqual(new Map([[assetIds[0], 1]]));
    expect(await suspend(incidentId)).toBe(1);
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(false);
    expect((await fixture.row(requestId)).state).toBe('suspended');
    expect(await services.suspension.heldBy(services.db, incidentId)).toMatchObject([
      { assetName: 'payouts', grants: 1, confirmed: 1, stillIn: [] },
    ]);
    // Whoever asked for it hears when the warehouse is done.
    const told = await services.db
      .selectFrom('outbox')
      .select('payload')
      .where('kind', '=', holdSettledKind)
      .execute();
    expect(told.map(({ payload }) => payload)).toEqual([{ incidentId, assetId: assetIds[0] }]);
    expect(await lift(incidentId)).toBe(1);
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(true);
    expect((await fixture.row(requestId)).state).toBe('active');
    const audited = await services.db
      .selectFrom('audit')
      .select('action')
      .where('action', 'in', ['access.suspend', 'access.hold', 'access.hold-lifted', 'access.restore'])
      .orderBy('id')
      .execute();
    expect(audited.map(({ action }) => action)).toEqual([
      'access.suspend',
      'access.hold',
      'access.hold-lifted',
      'access.restore',
    ]);
    await revokeAll(requestId);
  });

  it('stay held while a second incident holds them too', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const requestId = await granted('maya');
    await suspend(first);
    await suspend(second);
    await fixture.work();
    expect(await lift(first)).toBe(0);
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(false);
    expect(await lift(second)).toBe(1);
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(true);
    await revokeAll(requestId);
  });

  it('that are approved meanwhile wait for the end of the hold', async () => {
    const incidentId = randomUUID();
    await suspend(incidentId);
    const requestId = await granted('sven');
    expect(await fixture.canRead('sven')).toBe(false);
    expect((await fixture.row(requestId)).state).toBe('suspended');
    await lift(incidentId);
    await fixture.work();
    expect(await fixture.canRead('sven')).toBe(true);
    await revokeAll(requestId);
  });

  it('end on their day all the same, and can be revoked for good', async () => {
    const incidentId = randomUUID();
    const short = await granted('maya', day);
    const long = await granted('sven');
    await suspend(incidentId);
    await fixture.work();
    services.clock.advance(day + 1);
    await fixture.work();
    expect(await fixture.row(short)).toMatchObject({ state: 'ended', ended_how: 'expired' });
    await revokeAll(long);
    expect(await fixture.row(long)).toMatchObject({ state: 'ended', ended_how: 'revoked' });
    expect(await lift(incidentId)).toBe(0);
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(false);
    expect(await fixture.canRead('sven')).toBe(false);
  });

  it('are not taken for grants that vanished', async () => {
    const incidentId = randomUUID();
    await granted('maya');
    await suspend(incidentId);
    await fixture.work();
    const { sweepDrift } = await import('./drift.js');
    const found = await sweepDrift(services, { now: now(), signal: AbortSignal.timeout(10_000) });
    expect(found.vanished).toBe(0);
    await lift(incidentId);
  });
});

describe('grants that a person gives by hand', () => {
  const sheet = [fixture.assetId('sheet')];
  const openTasks = async (requestId: string) =>
    services.db
      .selectFrom('access_task')
      .select(['id', 'kind'])
      .where('request_id', '=', requestId)
      .where('state', '=', 'open')
      .execute();
  async function done(requestId: string, kind: string): Promise<void> {
    const tasks = await openTasks(requestId);
    expect(tasks.map((task) => task.kind)).toEqual([kind]);
    const { id } = tasks[0] ?? { id: '' };
    const cards = await services.db
      .selectFrom('slack_message')
      .select('id')
      .where('card_kind', '=', 'access-task')
      .where('card_id', '=', id)
      .execute();
    posted.push(cards.length);
    await completeTask(services, {
      taskId: id,
      person: await fixture.person('gina'),
      actor: await fixture.actor('gina'),
      now: now(),
    });
  }
  const posted: number[] = [];

  it('are taken back, given again and taken back for good, each by a task that is opened again [A-task-reopens]', async () => {
    const incidentId = randomUUID();
    const { requestId } = await fixture.ask('maya', { dataset: 'sheet', durationMs: day });
    await fixture.work();
    await done(requestId, 'grant');
    await services.db.transaction().execute(async (trx) =>
      services.suspension.suspend(trx, {
        assetIds: sheet,
        incidentId,
        reason: 'rows of others were shown',
        actor: await fixture.actor('sven'),
        now: now(),
      }),
    );
    services.clock.advance(60_000);
    await fixture.work();
    await done(requestId, 'revoke');
    expect((await fixture.row(requestId)).state).toBe('suspended');
    await lift(incidentId);
    services.clock.advance(60_000);
    await fixture.work();
    await done(requestId, 'grant');
    expect((await fixture.row(requestId)).state).toBe('active');
    services.clock.advance(day);
    await fixture.work();
    await fixture.work();
    await done(requestId, 'revoke');
    expect((await fixture.row(requestId)).state).toBe('ended');
    expect(await openTasks(requestId)).toEqual([]);
    expect(posted, 'each time the team is told anew').toEqual([1, 1, 2, 2]);
  });

  it('are held back while the warehouse is giving one: neither waits for the other', async () => {
    const incidentId = randomUUID();
    const { requestId } = await fixture.ask('maya');
    await fixture.approve(requestId, 'owen', 'gina');
    const settled = await queueUp<unknown>(
      services.db,
      (trx) =>
        trx.selectFrom('access_request').select('id').where('id', '=', requestId).forUpdate().execute(),
      [() => fixture.work(), () => suspend(incidentId)],
    );
    expect(settled).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(false);
    await lift(incidentId);
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(true);
  });
});

async function revokeAll(requestId: string): Promise<void> {
  await revokeAccess(services, {
    requestId,
    person: await fixture.person('owen'),
    actor: await fixture.actor('owen'),
    now: now(),
    reason: 'end of this test',
  });
  await fixture.work();
}
