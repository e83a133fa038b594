import { describe, expect, it } from 'vitest';
import { makeTestDatabase } from '../../../test/helpers/database.js';
import { makeEngineFixture } from './fixture.js';

const policy = `
version: 1
rules:
  - name: two-stages
    kind: access
    breakGlass: { teams: [on-call], levels: [read], maxMinutes: 60, review: governance }
    stages:
      - { name: Owner, from: [owner] }
      - { name: Governance, from: [{ team: governance }] }
`;

const database = await makeTestDatabase({ max: 40 });
const engine = await makeEngineFixture(database, policy);
const now = () => engine.services.clock.now();

type Outcome = 'done' | 'refused' | 'fault';

async function settle(work: Promise<unknown>): Promise<Outcome> {
  try {
    await work;
    return 'done';
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return code === 'illegal_transition' || code === 'not_allowed' ? 'refused' : 'fault';
  }
}

describe('simultaneous events on one request', () => {
  it('end it exactly once: 200 of approve, deny, withdraw and expire [A-concurrent]', async () => {
    const { requestId, subjectId } = await engine.ask();
    await engine.approvals.decide({
      requestId,
      personId: engine.id('owen'),
      actor: engine.actor('owen'),
      verdict: 'approve',
      reason: null,
      now: now(),
    });
    const at = new Date(now().getTime() + 5 * 86_400_000);
    const events = Array.from({ length: 200 }, (_, index) => {
      const name = index % 2 === 0 ? 'gina' : 'gus';
      const by = { requestId, personId: engine.id(name), actor: engine.actor(name) };
      if (index % 4 === 0)
        return engine.approvals.decide({ ...by, verdict: 'approve', reason: null, now: now() });
      if (index % 4 === 1)
        return engine.approvals.decide({ ...by, verdict: 'deny', reason: 'no', now: now() });
      if (index % 4 === 2)
        return engine.approvals.withdraw({
          requestId,
          personId: engine.id('rita'),
          actor: engine.actor('rita'),
          now: now(),
        });
      return engine.approvals.expire({ requestId, now: at });
    });
    const outcomes = await Promise.all(events.map(settle));
    expect(outcomes.filter((outcome) => outcome === 'fault')).toEqual([]);
    expect(engine.events.filter((event) => event.includes(subjectId))).toHaveLength(1);
    const terminal = await engine.services.db
      .selectFrom('audit')
      .select('action')
      .where('subject_id', '=', subjectId)
      .where('action', 'in', [
        'approval.approved',
        'approval.denied',
        'approval.withdrawn',
        'approval.expired',
      ])
      .execute();
    expect(terminal).toHaveLength(1);
    expect(await engine.state(requestId)).not.toBe('pending');
    console.log(
      `200 simultaneous events: ${outcomes.filter((outcome) => outcome === 'done').length} answered, ended ${terminal[0]?.action}`,
    );
  });

  it('count one approver once, however often the button is pressed', async () => {
    const { requestId } = await engine.ask();
    const press = () =>
      engine.approvals.decide({
        requestId,
        personId: engine.id('owen'),
        actor: engine.actor('owen'),
        verdict: 'approve',
        reason: null,
        now: now(),
      });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => settle(press())));
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'fault')).toEqual([]);
    expect(await engine.state(requestId)).toBe('pending');
  });

  it('let one person take break-glass once', async () => {
    const asked = await Promise.all(Array.from({ length: 5 }, () => engine.ask()));
    const outcomes = await Promise.all(
      asked.map(({ requestId }) =>
        settle(
          engine.approvals.breakGlass({
            requestId,
            personId: engine.id('rita'),
            actor: engine.actor('rita'),
            reason: 'all is on fire',
            minutes: 5,
            confirmed: true,
            now: now(),
          }),
        ),
      ),
    );
    expect(outcomes.sort()).toEqual(['done', 'refused', 'refused', 'refused', 'refused']);
  });
});
