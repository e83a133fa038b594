import { describe, expect, it } from 'vitest';
import { checkCases } from '../../src/approvals/policy/check-cases.js';
import { parsePolicy } from '../../src/approvals/policy/parse-policy.js';
import { ordersCatalog } from './company.js';
import { makeWorld, type World } from './world.js';

const policy = `
version: 1
rules:
  - name: not-at-night
    kind: backfill
    when: { facts: { quietHours: true } }
    stages: [{ name: Owner, from: [owner] }]
  - name: dear
    kind: backfill
    when: { facts: { estimatedCost: { atLeast: 2 } } }
    stages: [{ name: Owner, from: [owner] }]
  - name: cheap
    kind: backfill
    when: { facts: { estimatedCost: { atMost: 2 } } }
    autoApprove: Less than two of whatever is paid in.
  - name: many-a-day
    kind: backfill
    when: { facts: { personPartitionsToday: { atLeast: 6 } } }
    deny: Six partitions a day are enough for one person.
  - name: cost-not-known
    kind: backfill
    stages: [{ name: Owner, from: [owner] }]
cases:
  - { name: night, request: { kind: backfill, facts: { quietHours: true, estimatedCost: 1 } }, expect: { rule: not-at-night } }
  - { name: dear, request: { kind: backfill, facts: { quietHours: false, estimatedCost: 2.5 } }, expect: { rule: dear } }
  - { name: cheap, request: { kind: backfill, facts: { quietHours: false, estimatedCost: 0.1 } }, expect: { outcome: auto-approved, rule: cheap } }
  - { name: unknown is not cheap, request: { kind: backfill, facts: { quietHours: false } }, expect: { rule: cost-not-known } }
  - { name: enough, request: { kind: backfill, facts: { quietHours: false, estimatedCost: 0, personPartitionsToday: 6 } }, expect: { outcome: denied, rule: many-a-day } }
`;
const quietHours = { from: '22:00', to: '06:00' };

async function ruleOf(world: World, id: string): Promise<string> {
  const row = await world.services.db
    .selectFrom('approval_request')
    .select('rule')
    .where('subject_id', '=', id)
    .executeTakeFirstOrThrow();
  return row.rule;
}

describe('what policy may ask of a backfill [B-facts]', () => {
  it('decides the table of cases that stands beside it', () => {
    const parsed = parsePolicy([{ path: 'policy.yml', text: policy }]);
    expect(checkCases(parsed).filter(({ ok }) => !ok)).toEqual([]);
  });

  it('goes by the cost that past runs tell, and does not take an unknown one for none', async () => {
    const catalog = ordersCatalog();
    const hourLong = {
      sourceId: 'model.shop.orders_daily',
      type: 'run' as const,
      name: 'nightly',
      status: 'pass' as const,
      observedAt: '2026-11-20T02:00:00Z',
      value: 3_600,
      unit: 's',
    };
    const priced = { policy, config: { quietHours }, executor: { costPerHour: 1 } };
    const known = await makeWorld({ ...priced, catalog: { ...catalog, signals: [hourLong] } });
    const one = await known.ask('rita', { window: 'yesterday' });
    expect([one.outcome, await ruleOf(known, one.id)]).toEqual(['approved', 'cheap']);
    const three = await known.ask('gus', { window: '2026-11-01 to 2026-11-03' });
    expect([three.outcome, await ruleOf(known, three.id)]).toEqual(['pending', 'dear']);
    const unknown = await makeWorld(priced);
    const dark = await unknown.ask('rita', { window: 'yesterday' });
    expect([dark.outcome, await ruleOf(unknown, dark.id)]).toEqual(['pending', 'cost-not-known']);
  });

  it('sees quiet hours in the company’s time zone', async () => {
    const night = await makeWorld({ policy, config: { quietHours }, now: new Date('2026-11-20T23:00:00Z') });
    const asked = await night.ask('rita', { window: 'last 2 days' });
    expect([asked.outcome, await ruleOf(night, asked.id)]).toEqual(['pending', 'not-at-night']);
  });
});

describe('what holds whatever a policy allows', () => {
  const everything = 'version: 1\nrules:\n  - { name: all, kind: backfill, autoApprove: In this test. }\n';
  it('is a number of partitions for everybody together in a day, which a day later is free again', async () => {
    const world = await makeWorld({ policy: everything, config: { backfills: { partitionsPerDay: 5 } } });
    await world.ask('rita', { window: '2026-11-01 to 2026-11-03' });
    await expect(world.ask('gus', { window: '2026-10-01 to 2026-10-03' })).rejects.toMatchObject({
      code: 'limit_reached',
      message: expect.stringContaining(
        '3 partitions were asked for in the last 24 hours by everybody together',
      ),
    });
    await world.ask('gus', { window: '2026-10-01 to 2026-10-02' });
    world.services.clock.advance(86_400_001);
    await world.ask('gus', { window: '2026-09-01 to 2026-09-03' });
  });

  it('is a number of live backfills for one person', async () => {
    const world = await makeWorld({ policy: everything, config: { backfills: { livePerPerson: 1 } } });
    await world.ask('rita', { window: '2026-11-01 to 2026-11-03' });
    await expect(world.ask('rita', { window: '2026-10-01 to 2026-10-03' })).rejects.toThrow(
      'You have 1 backfill under way',
    );
    await world.ask('gus', { window: '2026-10-01 to 2026-10-03' });
  });
});
