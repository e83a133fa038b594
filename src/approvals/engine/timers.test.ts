import { describe, expect, it } from 'vitest';
import { makeTestDatabase } from '../../../test/helpers/database.js';
import { brokenPolicy, loadPolicy } from '../policy/policy-store.js';
import { makeEngineFixture } from './fixture.js';
import { readHistory } from './read-history.js';

const hour = 3_600_000;
const policy = `
version: 1
rules:
  - name: on-call-read
    kind: access
    when: { classification: logs, schedule: { requesterOnCall: on-call } }
    autoApprove: Whoever is on call may read the logs.
  - name: reassigned
    kind: access
    when: { classification: [pii, logs] }
    expireAfter: 3d
    remind: { after: 4h, factor: 2, max: 2 }
    stages:
      - { name: Owner, from: [owner], escalate: { after: 1d, do: reassign, to: [{ person: adam@example.com }] } }
  - name: replaced
    kind: access
    when: { classification: secret }
    stages: [{ name: Owner, from: [owner], escalate: { after: 1d, do: replace, to: [{ person: adam@example.com }] } }]
  - name: skipped
    kind: access
    when: { classification: shared }
    stages:
      - { name: Manager, from: [manager], escalate: { after: 1d, do: skip } }
      - { name: Governance, from: [{ team: governance }] }
  - name: cancelled
    kind: access
    when: { classification: odd }
    stages: [{ name: Owner, from: [owner], escalate: { after: 1d, do: cancel } }]
`;

const database = await makeTestDatabase();
const engine = await makeEngineFixture(database, policy, {
  people: ['rita', 'owen', 'olga', 'gina', 'gus', 'mia', 'adam'].map((name) => ({
    email: `${name}@example.com`,
    name,
    slack: `U0${name.toUpperCase()}`,
    teams: name.startsWith('g') ? ['governance'] : name.startsWith('o') ? ['owners'] : [],
    ...(name === 'rita' ? { manager: 'mia@example.com' } : {}),
  })),
  teams: [
    { id: 'governance' },
    { id: 'owners' },
    {
      id: 'on-call',
      onCall: { people: ['gus@example.com', 'rita@example.com'], start: '2026-03-02T00:00:00Z', every: '7d' },
    },
  ],
  authority: { admins: ['adam@example.com'] },
});
const now = () => engine.services.clock.now();
const timers = (requestId: string) =>
  engine.services.db
    .selectFrom('outbox')
    .select(['kind', 'run_at', 'state'])
    .where('key', 'like', `approval.%:${requestId}%`)
    .orderBy('kind')
    .execute();
const press = (requestId: string, name: string) =>
  engine.approvals.decide({
    requestId,
    personId: engine.id(name),
    actor: engine.actor(name),
    verdict: 'approve',
    reason: null,
    now: now(),
  });

describe('a request nobody decides', () => {
  it('is reminded of with growing waits, as often as the policy says [A-remind]', async () => {
    const { requestId } = await engine.ask();
    const remindAt = async () =>
      (await timers(requestId)).find((timer) => timer.kind === 'approval.remind')?.run_at.getTime();
    expect(await remindAt()).toBe(now().getTime() + 4 * hour);
    await engine.services.db
      .updateTable('slack_message')
      .set({ state: 'sent', ts: '1.1' })
      .where('variant', '=', 'approver')
      .execute();
    engine.services.clock.advance(4 * hour);
    await engine.approvals.remind({ requestId, stage: 0, now: now() });
    expect(await remindAt()).toBe(now().getTime() + 8 * hour);
    engine.services.clock.advance(8 * hour);
    await engine.approvals.remind({ requestId, stage: 0, now: now() });
    await engine.approvals.remind({ requestId, stage: 0, now: now() });
    const reminders = await engine.services.db
      .selectFrom('slack_message')
      .select('thread_key')
      .where('card_kind', '=', 'approval-reminder')
      .where('card_id', '=', requestId)
      .execute();
    expect(reminders).toHaveLength(4);
    expect(reminders.every((reminder) => reminder.thread_key?.startsWith(`approval:${requestId}`))).toBe(
      true,
    );
  });

  it('ends when its time is over, and not before, also when the timer comes late or twice [A-pending-expiry]', async () => {
    const { requestId, subjectId } = await engine.ask();
    await engine.approvals.expire({ requestId, now: now() });
    expect(await engine.state(requestId)).toBe('pending');
    engine.services.clock.advance(72 * hour);
    await expect(press(requestId, 'owen')).rejects.toThrow(/ran out of time/);
    await engine.approvals.expire({ requestId, now: now() });
    await engine.approvals.expire({ requestId, now: now() });
    expect(engine.events.filter((event) => event.includes(subjectId))).toEqual([`expired:${subjectId}`]);
    expect((await timers(requestId)).filter((timer) => timer.state === 'pending')).toEqual([]);
  });

  it('is put to others, to others instead, past a stage, or to an end, as the policy says [A-escalation]', async () => {
    const escalate = (requestId: string) => engine.approvals.escalate({ requestId, stage: 0, now: now() });
    const reassigned = await engine.ask();
    await expect(press(reassigned.requestId, 'adam')).rejects.toThrow(/not yours to decide/);
    await escalate(reassigned.requestId);
    expect((await press(reassigned.requestId, 'adam')).state).toBe('approved');
    const replaced = await engine.ask({ facts: { classification: ['secret'] } });
    engine.services.clock.advance(25 * hour);
    await escalate(replaced.requestId);
    await expect(press(replaced.requestId, 'owen')).rejects.toThrow(/is for adam/);
    const waits = async (name: string) =>
      (await engine.approvals.waitingFor(engine.services.db, { personId: engine.id(name), limit: 50 })).some(
        ({ requestId }) => requestId === replaced.requestId,
      );
    expect([await waits('owen'), await waits('adam')], 'it waits for the new ones alone').toEqual([
      false,
      true,
    ]);
    const skipped = await engine.ask({ facts: { classification: ['shared'] } });
    await escalate(skipped.requestId);
    expect((await press(skipped.requestId, 'gina')).state).toBe('approved');
    const cancelled = await engine.ask({ facts: { classification: ['odd'] } });
    await escalate(cancelled.requestId);
    expect(await engine.state(cancelled.requestId)).toBe('cancelled');
    const told = async (subjectId: string) =>
      (await readHistory(engine.services.db, [{ kind: 'access', subjectId }])).map(({ words }) => words);
    expect(new Set(await told(skipped.subjectId)), 'each step at its own time').toEqual(
      new Set([
        'rita asked: to answer a question',
        'Nobody decided "Manager" in time: it was skipped',
        'gina approved "Governance"',
      ]),
    );
    expect((await told(cancelled.subjectId)).at(-1)).toContain(
      'Ended undecided: Nobody decided "Owner" in time',
    );
  });
});

describe('whoever is on call', () => {
  it('passes alone, and takes the normal way when the rotation cannot be read [A-on-call]', async () => {
    expect((await engine.ask({ facts: { classification: ['logs'] } })).state).toBe('pending');
    const herWeek = new Date('2026-03-10T10:00:00Z');
    engine.services.clock.set(herWeek);
    expect((await engine.ask({ facts: { classification: ['logs'] } })).state).toBe('approved');
    const { onCall } = engine.services.directory;
    engine.services.directory.onCall = () => Promise.reject(new Error('down'));
    expect((await engine.ask({ facts: { classification: ['logs'] } })).state).toBe('pending');
    engine.services.directory.onCall = onCall;
  });
});

describe('the policy', () => {
  const actor = { personId: null, kind: 'system' as const, channel: 'cli' as const };
  const load = (text: string) =>
    loadPolicy(engine.services, async () => [{ path: 'policy.yml', text }], { actor, now: now() });

  it('stays in force as it was last good, tells administrators once, and records every change with its diff [A-last-good]', async () => {
    const broken = await load('version: 1\nrules: nonsense\n');
    expect(broken).toMatchObject({ fresh: false, mistakes: [{ line: 2 }] });
    expect(broken.policy.rules).toHaveLength(5);
    expect(await brokenPolicy(engine.services.db), 'file, line and key').toMatch(/^policy\.yml:2 rules: /);
    await load('version: 1\nrules: nonsense\n');
    const told = await engine.services.db
      .selectFrom('slack_message')
      .select('id')
      .where('card_kind', '=', 'approval-policy-broken')
      .execute();
    expect(told).toHaveLength(1);
    const [message] = told;
    await engine.services.db
      .updateTable('slack_message')
      .set({ state: 'sent', ts: '1.1', channel_id: 'D1' })
      .where('id', '=', message?.id ?? '')
      .execute();
    const changed = await load(policy.replace('expireAfter: 3d', 'expireAfter: 2d'));
    expect(changed).toMatchObject({ fresh: true, changed: true });
    const audit = await engine.services.db
      .selectFrom('audit')
      .innerJoin('audit_text', 'audit_text.audit_id', 'audit.id')
      .select('audit_text.text')
      .where('action', '=', 'policy.change')
      .orderBy('audit.id', 'desc')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(audit.text).diff).toBe('-    expireAfter: 3d\n+    expireAfter: 2d');
  });

  it('says that it is good again where it said that it was broken', async () => {
    const { db } = engine.services;
    const message = await db
      .selectFrom('slack_message')
      .selectAll()
      .where('card_kind', '=', 'approval-policy-broken')
      .executeTakeFirstOrThrow();
    const updates = await db
      .selectFrom('outbox')
      .select('id')
      .where('kind', '=', 'slack.update')
      .where('payload', '@>', JSON.stringify({ messageId: message.id }) as never)
      .execute();
    expect(updates).toHaveLength(1);
    expect(await brokenPolicy(db)).toBeNull();
    expect(message.topic).toBe('policy-broken');
  });

  it('is pinned to a request: a later change does not alter what was asked for [A-pinned]', async () => {
    const { requestId, subjectId } = await engine.ask({ facts: { classification: ['odd'] } });
    await load(
      policy
        .replace('name: cancelled', 'name: other')
        .replace('from: [owner], escalate: { after: 1d, do: cancel }', 'from: [{ team: governance }]'),
    );
    const view = await engine.approvals.view(engine.services.db, { kind: 'access', subjectId, now: now() });
    expect(view).toMatchObject({
      rule: 'cancelled',
      stages: [{ name: 'Owner', candidates: ['olga', 'owen'] }],
    });
    expect((await press(requestId, 'owen')).state).toBe('approved');
  });
});
