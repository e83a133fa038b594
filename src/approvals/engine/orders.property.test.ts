import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeTestDatabase } from '../../../test/helpers/database.js';
import { fixturePeople, makeEngineFixture } from './fixture.js';

/** Random orders of presses by random people on the real engine and database: the rules that no policy can change hold after each. */
const full = process.env.CI === 'true' || process.env.STEWARD_FULL === '1';
const numRuns = full ? 400 : 40;

const policy = `
version: 1
rules:
  - name: mixed
    kind: access
    breakGlass: { teams: [on-call], levels: [read], maxMinutes: 60, review: governance }
    stages:
      - { name: Owner, from: [owner, { team: governance }], fallback: [{ person: adam@example.com }] }
      - { name: Two, need: { atLeast: 2 }, from: [{ team: governance }, { team: owners }, manager], escalate: { after: 1d, do: reassign, to: [{ person: adam@example.com }] } }
`;

const database = await makeTestDatabase();
const engine = await makeEngineFixture(database, policy);
const name = fc.constantFrom(...fixturePeople);

type Event =
  | { do: 'approve' | 'deny' | 'withdraw'; who: string }
  | { do: 'reassign'; who: string; to: string }
  | { do: 'escalate' | 'expire' };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('approve' as const), who: name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deny' as const), who: name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), who: name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reassign' as const), who: name, to: name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('escalate' as const, 'expire' as const) }) },
);

describe(`random orders of events (${numRuns} requests)`, () => {
  it(
    'never let anybody approve their own wish, count twice, or end a request twice [A-orders]',
    async () => {
      let approved = 0;
      await fc.assert(
        fc.asyncProperty(
          name,
          fc.option(name),
          fc.array(event, { minLength: 1, maxLength: 12 }),
          async (by, forWhom, events) => {
            const asked = await engine
              .ask({
                by,
                ...(forWhom === null
                  ? {}
                  : { beneficiaries: { kind: 'person' as const, personIds: [engine.id(forWhom)] } }),
              })
              .catch(() => null);
            if (!asked) return;
            const { requestId, subjectId } = asked;
            const now = engine.services.clock.now();
            for (const item of events) {
              const who =
                'who' in item ? { personId: engine.id(item.who), actor: engine.actor(item.who) } : null;
              const work =
                item.do === 'approve' || item.do === 'deny'
                  ? engine.approvals.decide({
                      requestId,
                      ...(who ?? { personId: '', actor: engine.actor('rita') }),
                      verdict: item.do,
                      reason: 'because',
                      now,
                    })
                  : item.do === 'withdraw'
                    ? engine.approvals.withdraw({
                        requestId,
                        ...(who ?? { personId: '', actor: engine.actor('rita') }),
                        now,
                      })
                    : item.do === 'reassign'
                      ? engine.approvals.reassign({
                          requestId,
                          ...(who ?? { personId: '', actor: engine.actor('rita') }),
                          toPersonId: engine.id(item.to),
                          reason: 'they know',
                          now,
                        })
                      : item.do === 'escalate'
                        ? engine.approvals.escalate({ requestId, stage: 1, now })
                        : engine.approvals.expire({ requestId, now });
              await work.catch((error: unknown) => {
                const code = (error as { code?: string }).code ?? '';
                expect(['not_allowed', 'illegal_transition', 'invalid_input']).toContain(code);
              });
            }
            const decisions = await engine.services.db
              .selectFrom('approval_decision')
              .selectAll()
              .where('request_id', '=', requestId)
              .execute();
            const barred = [engine.id(by), ...(forWhom === null ? [] : [engine.id(forWhom)])];
            const approvals = decisions.filter((decision) => decision.verdict === 'approve');
            for (const decision of decisions) {
              expect(barred).not.toContain(decision.person_id);
              expect(barred).not.toContain(decision.principal_id);
            }
            const counted = approvals.flatMap((decision) => [
              ...new Set([decision.person_id, decision.principal_id]),
            ]);
            expect(new Set(counted).size).toBe(counted.length);
            const told = engine.events.filter((line) => line.includes(subjectId));
            const state = await engine.state(requestId);
            expect(told).toHaveLength(state === 'pending' ? 0 : 1);
            if (state === 'approved') {
              approved += 1;
              expect(approvals).toHaveLength(3);
            }
          },
        ),
        { numRuns },
      );
      console.log(
        `random orders: ${approved} of ${numRuns} requests were approved, each by three different people`,
      );
    },
    full ? 900_000 : 60_000,
  );
});
