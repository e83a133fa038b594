import { describe, expect, it } from 'vitest';
import { makeAccessFixture } from './fixture.js';
import {
  type Provisioner,
  WarehouseRefusedError,
  WarehouseUnavailableError,
} from './provisioners/provisioner.js';

const fixture = await makeAccessFixture(`
version: 1
rules:
  - name: owned
    kind: access
    stages:
      - name: Owner
        from: [owner]
        fallback: [{ team: security }]
`);
const { services } = fixture;

const setStatus = (name: string, status: 'active' | 'left') =>
  services.db.updateTable('person').set({ status }).where('email', '=', `${name}@example.com`).execute();

describe('what goes wrong around a request', () => {
  it('an approver who left is asked no more and cannot decide; the stand-ins come in [A-approver-left]', async () => {
    const { requestId } = await fixture.ask('maya');
    await setStatus('owen', 'left');
    await expect(fixture.approve(requestId, 'owen')).rejects.toThrow('Only active members');
    await fixture.approve(requestId, 'sven');
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('active');
    await setStatus('owen', 'active');
  });

  it('nobody left to approve is said at asking, with whom to talk to', async () => {
    await setStatus('owen', 'left');
    await setStatus('sven', 'left');
    await expect(fixture.ask('maya')).rejects.toThrow(/Nobody can approve the stage "Owner".*Talk to Gina/);
    await setStatus('owen', 'active');
    await setStatus('sven', 'active');
  });

  it('a warehouse that goes away between its grant and our record is asked again: one grant, then active [A-lost-answer]', async () => {
    const { requestId } = await fixture.ask('gina', { dataset: 'calendar' });
    const { get } = services.warehouses;
    const real = get('main');
    if (!real) throw new Error('no warehouse');
    let lost = 0;
    const losing: Provisioner = {
      ...real,
      grant: async (right, context) => {
        await real.grant(right, context);
        lost += 1;
        throw new WarehouseUnavailableError('the connection was lost');
      },
    };
    services.warehouses.get = (name) => (name === 'main' && lost === 0 ? losing : get(name));
    await fixture.approve(requestId, 'owen');
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('provisioning');
    expect(await fixture.canRead('gina', 'select day from finance.calendar')).toBe(true);
    services.clock.advance(60_000);
    await fixture.work();
    services.warehouses.get = get;
    expect(lost).toBe(1);
    expect((await fixture.row(requestId)).state).toBe('active');
    const grants = await fixture.warehouse.query(
      `select 1 from information_schema.table_privileges where table_name = 'calendar' and grantee = $1`,
      [(await fixture.person('gina')).logins.main],
    );
    expect(grants.rowCount).toBe(1);
  });

  it('a warehouse that goes away between its grant and the probe is asked again, and what came with the grant still goes with it', async () => {
    const { requestId } = await fixture.ask('sven', { dataset: 'calendar', durationMs: 3_600_000 });
    const { get } = services.warehouses;
    const real = get('main');
    if (!real) throw new Error('no warehouse');
    let lost = 0;
    const mute: Provisioner = {
      ...real,
      probe: async () => {
        lost += 1;
        throw new WarehouseUnavailableError('the connection was lost');
      },
    };
    services.warehouses.get = (name) => (name === 'main' && lost === 0 ? mute : get(name));
    await fixture.approve(requestId, 'owen');
    await fixture.work();
    services.warehouses.get = get;
    expect(await fixture.row(requestId), 'not shown as given before it is seen').toMatchObject({
      state: 'provisioning',
      trouble: 'the connection was lost',
    });
    services.clock.advance(60_000);
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('active');
    services.clock.advance(3_600_000);
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('ended');
    const usage = await fixture.warehouse.query<{ ok: boolean }>(
      "select has_schema_privilege($1, 'finance', 'usage') as ok",
      [(await fixture.person('sven')).logins.main],
    );
    expect(usage.rows).toEqual([{ ok: false }]);
  });

  it('a login that is not in the warehouse ends it as failed, and says whom to ask', async () => {
    const { requestId } = await fixture.ask('sven', { dataset: 'calendar' });
    const { get } = services.warehouses;
    const real = get('main');
    if (!real) throw new Error('no warehouse');
    const without: Provisioner = {
      ...real,
      grant: async () => {
        throw new WarehouseRefusedError('There is no login "sven" in the warehouse.', 'login');
      },
    };
    services.warehouses.get = (name) => (name === 'main' ? without : get(name));
    await fixture.approve(requestId, 'owen');
    await fixture.work();
    services.warehouses.get = get;
    const { state, ended_how, ended_reason } = await fixture.row(requestId);
    expect([state, ended_how]).toEqual(['ended', 'failed']);
    expect(ended_reason).toMatch(
      /no login "sven" in the warehouse\. Ask Gina to add the login, then ask again\.$/,
    );
  });

  it('a table that is not found when its time is over is not called free of what was given on it', async () => {
    const { requestId } = await fixture.ask('sven', { dataset: 'calendar', durationMs: 3_600_000 });
    await fixture.approve(requestId, 'owen');
    await fixture.work();
    await fixture.warehouse.query('alter table finance.calendar rename to calendar_old');
    services.clock.advance(3_600_000);
    await fixture.work();
    await fixture.warehouse.query('alter table finance.calendar_old rename to calendar');
    expect((await fixture.row(requestId)).state).toBe('ended');
    const right = await services.db
      .selectFrom('access_right')
      .innerJoin('access_request', 'access_request.right_id', 'access_right.id')
      .select('access_right.probe')
      .where('access_request.id', '=', requestId)
      .executeTakeFirstOrThrow();
    expect(right.probe).toMatchObject({
      can: null,
      words: expect.stringMatching(
        /not in the warehouse any more\. If it only has another name now, what was given went with it$/,
      ),
    });
  });

  it('a clock that jumps an hour ahead and back ends it once, and gives nobody time they did not have', async () => {
    const { requestId } = await fixture.ask('maya', { dataset: 'calendar', durationMs: 1_800_000 });
    await fixture.approve(requestId, 'owen');
    await fixture.work();
    const { ends_at: end } = await fixture.row(requestId);
    services.clock.advance(3_600_000);
    await fixture.work();
    services.clock.advance(-3_600_000);
    await fixture.work();
    expect(await fixture.row(requestId)).toMatchObject({
      state: 'ended',
      ended_how: 'expired',
      ends_at: end,
    });
    expect(await fixture.canRead('maya', 'select day from finance.calendar')).toBe(false);
  });
});
