import { describe, expect, it } from 'vitest';
import { queueUp } from '../../test/helpers/queue-up.js';
import { returnAccess, revokeAccess } from './end-access.js';
import { extendAccess } from './extend-access.js';
import { makeAccessFixture } from './fixture.js';
import { endForLeaver } from './leavers.js';
import { acceptRemains } from './remains.js';
import { requestAccess } from './request-access.js';
import { completeTask } from './tasks.js';

const day = 86_400_000;
const fixture = await makeAccessFixture();
const { services } = fixture;
const now = () => services.clock.now();

async function granted(name = 'maya', durationMs = 7 * day) {
  const asked = await fixture.ask(name, { durationMs });
  await fixture.approve(asked.requestId, 'owen', 'gina');
  await fixture.work();
  return asked;
}
const by = async (name: string) => ({
  person: await fixture.person(name),
  actor: await fixture.actor(name),
  now: now(),
});

describe('access', () => {
  it('is given when the last stage approves, probed, and gone when its time is over [A-life] [A-auto-revoke]', async () => {
    const { requestId } = await fixture.ask('maya');
    await fixture.approve(requestId, 'owen');
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(false);
    await fixture.approve(requestId, 'gina');
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('active');
    expect(await fixture.canRead('maya')).toBe(true);
    services.clock.advance(7 * day + 1);
    await fixture.work();
    expect(await fixture.row(requestId)).toMatchObject({ state: 'ended', ended_how: 'expired' });
    expect(await fixture.canRead('maya')).toBe(false);
    const events = await services.db
      .selectFrom('access_event')
      .select(['kind', 'detail'])
      .where('request_id', '=', requestId)
      .orderBy('id')
      .execute();
    expect(events.map((event) => event.kind)).toEqual(['granted', 'ending', 'revoked']);
    expect(events[2]?.detail).toMatchObject({ can: false });
  });

  it('has its clock started by the approval, not by the request [A-clock]', async () => {
    const { requestId } = await fixture.ask('maya', { durationMs: 2 * day });
    services.clock.advance(day);
    await fixture.approve(requestId, 'owen', 'gina');
    expect((await fixture.row(requestId)).ends_at).toEqual(new Date(now().getTime() + 2 * day));
    await fixture.work();
    await returnAccess(services, { requestId, ...(await by('maya')) });
    await fixture.work();
  });

  it('keeps the latest end of all grants of one right; a return ends one [A-overlap]', async () => {
    const long = await granted('maya', 10 * day);
    const short = await granted('maya', day);
    services.clock.advance(day + 1);
    await fixture.work();
    expect(await fixture.row(short.requestId)).toMatchObject({ state: 'ended', ended_how: 'expired' });
    expect(await fixture.canRead('maya')).toBe(true);
    const third = await granted('maya', 2 * day);
    await returnAccess(services, { requestId: third.requestId, ...(await by('maya')) });
    await fixture.work();
    expect(await fixture.row(third.requestId)).toMatchObject({
      ended_how: 'returned',
      ended_reason: expect.stringContaining(`ACC-${long.number}`),
    });
    expect(await fixture.canRead('maya')).toBe(true);
    await returnAccess(services, { requestId: long.requestId, ...(await by('maya')) });
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(false);
  });

  it('is revoked by the owner for all live grants of the right, with a reason; the holder cannot revoke others [A-revoke]', async () => {
    const one = await granted('maya', 10 * day);
    const two = await granted('maya', 3 * day);
    await expect(
      revokeAccess(services, { requestId: one.requestId, reason: 'x', ...(await by('maya')) }),
    ).rejects.toThrow(/Only an owner of the data/);
    await expect(
      revokeAccess(services, { requestId: one.requestId, reason: ' ', ...(await by('owen')) }),
    ).rejects.toThrow(/needs a reason/);
    expect(
      await revokeAccess(services, {
        requestId: one.requestId,
        reason: 'left the project',
        ...(await by('owen')),
      }),
    ).toEqual([one.number, two.number]);
    await fixture.work();
    expect(await fixture.row(one.requestId)).toMatchObject({ state: 'ended', ended_how: 'revoked' });
    expect(await fixture.row(two.requestId)).toMatchObject({ state: 'ended', ended_how: 'revoked' });
    expect(await fixture.canRead('maya')).toBe(false);
  });

  it('is ended while its extension is approved: neither waits for the other', async () => {
    const { requestId } = await granted('maya', 2 * day);
    const ask = { requestId, byMs: 9 * day, reason: 'not done yet', ...(await by('maya')) };
    expect(await extendAccess(services, ask)).toMatchObject({ state: 'pending' });
    const extension = await services.db
      .selectFrom('access_extension')
      .select('id')
      .where('request_id', '=', requestId)
      .executeTakeFirstOrThrow();
    const holder = await by('maya');
    const settled = await queueUp(
      services.db,
      (trx) =>
        trx
          .selectFrom('approval_request')
          .select('id')
          .where('subject_id', '=', extension.id)
          .forUpdate()
          .execute(),
      [() => fixture.approve(extension.id, 'owen'), () => returnAccess(services, { requestId, ...holder })],
    );
    expect(settled).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
    await fixture.work();
    expect(await fixture.row(requestId)).toMatchObject({ state: 'ended', ended_how: 'returned' });
  });

  it('is revoked by two people at once, each beginning with another grant of the right', async () => {
    const one = await granted('maya', 10 * day);
    const two = await granted('maya', 3 * day);
    const owner = await by('owen');
    const revoke = (requestId: string) => () =>
      revokeAccess(services, { requestId, reason: 'left the project', ...owner });
    const settled = await queueUp(
      services.db,
      (trx) =>
        trx.selectFrom('access_request').select('id').where('id', '=', one.requestId).forUpdate().execute(),
      [revoke(one.requestId), revoke(two.requestId)],
    );
    expect(settled).toMatchObject([
      { status: 'fulfilled', value: [one.number, two.number] },
      { status: 'rejected', reason: { code: 'illegal_transition' } },
    ]);
    await fixture.work();
    expect(await fixture.row(two.requestId)).toMatchObject({ state: 'ended', ended_how: 'revoked' });
  });

  it('is extended once without approval where policy says so, and then asks [A-extend]', async () => {
    const { requestId } = await granted('maya', 2 * day);
    const first = await extendAccess(services, { requestId, reason: null, ...(await by('maya')) });
    expect(first).toMatchObject({ state: 'granted', text: expect.stringContaining('7 days longer') });
    const second = await extendAccess(services, {
      requestId,
      byMs: 3 * day,
      reason: 'not done yet',
      ...(await by('maya')),
    });
    expect(second.state).toBe('pending');
    const before = (await fixture.row(requestId)).ends_at;
    const extension = await services.db
      .selectFrom('access_extension')
      .select('id')
      .where('request_id', '=', requestId)
      .where('state', '=', 'requested')
      .executeTakeFirstOrThrow();
    await fixture.approve(extension.id, 'owen');
    expect((await fixture.row(requestId)).ends_at?.getTime()).toBe((before?.getTime() ?? 0) + 3 * day);
    services.clock.advance(9 * day);
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('active');
    const third = await extendAccess(services, { requestId, reason: null, byMs: day, ...(await by('maya')) });
    expect(third.state).toBe('pending');
    services.clock.advance(3 * day + 1);
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('ended');
    const asked = await services.db
      .selectFrom('approval_request')
      .select(['state', 'outcome_reason'])
      .where('kind', '=', 'access-extension')
      .orderBy('opened_at', 'desc')
      .executeTakeFirst();
    expect(asked, 'nobody is asked for more time of what is over').toMatchObject({
      state: 'cancelled',
      outcome_reason: expect.stringContaining('there is nothing to extend'),
    });
  });

  it('warns before its end, in the thread, and not twice [A-warn]', async () => {
    const { requestId } = await granted('maya', 5 * day);
    services.clock.advance(4 * day + 1);
    await fixture.work();
    const notes = await services.db
      .selectFrom('slack_message')
      .select('variant')
      .where('card_kind', '=', 'access-note')
      .where('card_id', '=', requestId)
      .execute();
    expect(notes.map((note) => note.variant)).toEqual(['granted', 'warn']);
    services.clock.advance(day);
    await fixture.work();
  });

  it('ends with whoever leaves: grants are taken back, wishes cancelled, what they asked for others goes on', async () => {
    const held = await granted('maya');
    const longer = await granted('maya', 9 * day);
    const waiting = await fixture.ask('maya', { level: 'masked' });
    const gina = await fixture.person('gina');
    const forAnother = await fixture.ask('maya', { dataset: 'calendar', forPersonId: gina.id });
    await fixture.work();
    const { id } = await fixture.person('maya');
    expect(await endForLeaver(services, { personId: id, now: now() })).toBe(3);
    await fixture.work();
    expect((await fixture.row(longer.requestId)).state).toBe('ended');
    expect(await fixture.row(held.requestId)).toMatchObject({
      state: 'ended',
      ended_how: 'revoked',
      ended_reason: 'The account of Maya was deactivated.',
    });
    expect(await fixture.row(waiting.requestId)).toMatchObject({ state: 'ended', ended_how: 'cancelled' });
    expect((await fixture.row(forAnother.requestId)).state).toBe('active');
    expect(await fixture.canRead('maya')).toBe(false);
    expect(await endForLeaver(services, { personId: id, now: now() })).toBe(0);
    await returnAccess(services, { requestId: forAnother.requestId, ...(await by('gina')) });
    await fixture.work();
  });

  it('starts later when that was asked [A-start-later] and may end at a moment [A-absolute-end]', async () => {
    const startsAt = new Date(now().getTime() + 2 * day);
    const endsAt = new Date(now().getTime() + 3 * day);
    const { requestId } = await fixture.ask('maya', { startsAt, endsAt });
    const view = await services.approvals.view(services.db, {
      kind: 'access',
      subjectId: requestId,
      now: now(),
    });
    expect(view?.title, 'whoever decides is told').toMatch(
      /^read on payouts for 1 day, starting \d{4}-.* UTC$/,
    );
    await fixture.approve(requestId, 'owen', 'gina');
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('approved');
    expect(await fixture.canRead('maya')).toBe(false);
    services.clock.advance(2 * day);
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(true);
    services.clock.advance(day);
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(false);
  });

  it('covers only the columns asked for, judged by their own labels [A-columns-request] [A-column-labels]', async () => {
    const { requestId, state } = await fixture.ask('maya', { columns: ['amount'] });
    expect(state).toBe('approved');
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(true);
    expect(await fixture.canRead('maya', 'select account from finance.payouts')).toBe(false);
    await returnAccess(services, { requestId, ...(await by('maya')) });
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(false);
  });

  it('gives the masked view and not the table for the masked level [A-masked]', async () => {
    const { requestId } = await fixture.ask('maya', { level: 'masked' });
    await fixture.approve(requestId, 'owen', 'gina');
    await fixture.work();
    expect(await fixture.canRead('maya', 'select amount from finance.payouts_masked')).toBe(true);
    expect(await fixture.canRead('maya')).toBe(false);
    await returnAccess(services, { requestId, ...(await by('maya')) });
    await fixture.work();
  });
});

describe('what stays open', () => {
  it('is shown with its source until it is gone [A-remains]', async () => {
    await fixture.warehouse.query(
      'grant usage on schema finance to public; grant select on finance.payouts to public',
    );
    const { requestId } = await granted();
    await returnAccess(services, { requestId, ...(await by('maya')) });
    await fixture.work();
    const row = await fixture.row(requestId);
    expect(row.state).toBe('revoking');
    expect(row.trouble).toContain('through PUBLIC, everybody');
    await fixture.warehouse.query('revoke select on finance.payouts from public');
    services.clock.advance(6 * 3_600_000);
    await fixture.work();
    expect(await fixture.row(requestId)).toMatchObject({ state: 'ended', ended_how: 'returned' });
  });

  it('may be accepted by the owner, and says so', async () => {
    await fixture.warehouse.query('grant select on finance.payouts to public');
    const { requestId } = await granted();
    await returnAccess(services, { requestId, ...(await by('maya')) });
    await fixture.work();
    await expect(acceptRemains(services, { requestId, ...(await by('maya')) })).rejects.toThrow(
      /Only an owner of the data or the team security may do that/,
    );
    await acceptRemains(services, { requestId, ...(await by('owen')) });
    expect((await fixture.row(requestId)).ended_reason).toContain('Accepted by Owen');
    await fixture.warehouse.query(
      'revoke select on finance.payouts from public; revoke usage on schema finance from public',
    );
  });
});

describe('trouble', () => {
  it('with a dataset dropped between approval and grant ends the request and says so [A-dropped]', async () => {
    const { requestId } = await fixture.ask('maya', { dataset: 'gone' });
    await fixture.work();
    expect(await fixture.row(requestId)).toMatchObject({
      state: 'ended',
      ended_how: 'failed',
      ended_reason: expect.stringContaining('finance.gone is not in the warehouse'),
    });
  });

  it('with the warehouse down is shown and tried again, at the grant and at the end [A-warehouse-down]', async () => {
    const { requestId } = await fixture.ask('maya', { dataset: 'calendar', durationMs: day });
    const real = services.warehouses.get('main');
    if (!real) throw new Error('no warehouse');
    let down = true;
    const flaky = { ...real };
    const refuse = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const get = services.warehouses.get;
    services.warehouses.get = (name) =>
      name === 'main' && down ? { ...flaky, grant: refuse, revoke: refuse, probe: refuse } : get(name);
    await fixture.work();
    expect(await fixture.row(requestId)).toMatchObject({
      state: 'provisioning',
      trouble: expect.stringContaining('ECONNREFUSED'),
    });
    down = false;
    services.clock.advance(60_000);
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('active');
    down = true;
    services.clock.advance(day);
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('revoking');
    expect(await fixture.canRead('maya', 'select day from finance.calendar')).toBe(true);
    down = false;
    services.clock.advance(day);
    await fixture.work();
    expect(await fixture.row(requestId)).toMatchObject({ state: 'ended', ended_how: 'expired' });
    expect(await fixture.canRead('maya', 'select day from finance.calendar')).toBe(false);
    services.warehouses.get = get;
  });

  it('with a person who has no login says whom to ask, and asks nobody [A-no-login]', async () => {
    await expect(fixture.ask('leo')).rejects.toThrow(/You have no login in the warehouse "main".*Ask Gina/);
  });

  it('with the same form sent twice asks once', async () => {
    const one = await fixture.ask('maya', { viewId: 'V1' });
    const two = await fixture.ask('maya', { viewId: 'V1' });
    expect(two.requestId).toBe(one.requestId);
  });

  it('with one of several datasets does not hold up the others [A-several]', async () => {
    const results = await requestAccess(services, {
      ...(await by('maya')),
      assetIds: [
        fixture.assetId('calendar'),
        '00000000-0000-4000-8000-000000000000',
        fixture.assetId('payouts'),
      ],
      level: 'read',
      columns: [],
      reason: 'to answer a question',
      durationMs: day,
      viewId: null,
    });
    expect(results.map((result) => (result.ok ? result.state : result.error.code))).toEqual([
      'approved',
      'invalid_input',
      'pending',
    ]);
  });

  it('with a clock that jumps a month ends everything once', async () => {
    const { requestId } = await granted();
    services.clock.advance(31 * day);
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('ended');
    expect(await fixture.canRead('maya')).toBe(false);
  });
});

describe('what is hidden', () => {
  it('is answered like what is not there, byte for byte [A-hidden]', async () => {
    const ask = async (assetId: string) => {
      const results = await requestAccess(services, {
        ...(await by('maya')),
        assetIds: [assetId],
        level: 'read',
        columns: [],
        reason: 'x',
        durationMs: day,
        viewId: null,
      });
      const first = results[0];
      return first?.ok === false ? first.error.message : 'asked';
    };
    services.config.catalog.visibility.push({ match: { name: 'calendar' }, teams: [], otherwise: 'hidden' });
    expect(await ask(fixture.assetId('calendar'))).toBe(await ask('00000000-0000-4000-8000-000000000000'));
    services.config.catalog.visibility.pop();
  });
});

describe('by hand', () => {
  it('is a task for the team, done by a member who does not gain by it, and undone the same way [A-manual] [provisioner manual: real]', async () => {
    const { requestId } = await fixture.ask('maya', { dataset: 'sheet', durationMs: day });
    await fixture.work();
    const task = async (kind: 'grant' | 'revoke') =>
      services.db
        .selectFrom('access_task')
        .select('id')
        .where('request_id', '=', requestId)
        .where('kind', '=', kind)
        .executeTakeFirstOrThrow();
    const { id } = await task('grant');
    await expect(completeTask(services, { taskId: id, ...(await by('maya')) })).rejects.toThrow(
      /Only members of governance/,
    );
    await completeTask(services, { taskId: id, ...(await by('gina')) });
    expect((await fixture.row(requestId)).state).toBe('active');
    services.clock.advance(day);
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('revoking');
    await completeTask(services, { taskId: (await task('revoke')).id, ...(await by('gina')) });
    expect((await fixture.row(requestId)).state).toBe('ended');
  });
});
