import type { TestDatabase } from '../../../test/helpers/database.js';
import type { Decided } from '../approvals.js';
import { type EngineFixture, fixtureConfig, makeEngineFixture } from './fixture.js';

const policy = `
version: 1
purposes: [{ id: fraud, title: Fraud review, terms: Only flagged payments. }]
rules:
  - name: no-write
    kind: access
    when: { level: write }
    deny: Nobody writes by hand. Open a change instead.
  - name: open
    kind: access
    when: { classification: none }
    autoApprove: Unclassified data is for everybody.
  - name: with-form
    kind: access
    when: { classification: financial }
    ticket: { pattern: '^DATA-[0-9]+$', example: DATA-123 }
    purposes: [fraud]
    reason: { minLength: 10 }
    limits: { maxDuration: 7d }
    stages: [{ name: Owner, from: [owner] }]
  - name: two-of-governance
    kind: access
    when: { classification: secret }
    stages: [{ name: Governance, need: { atLeast: 2 }, from: [{ team: governance }], fallback: [{ person: adam@example.com }] }]
  - name: both
    kind: access
    when: { classification: shared }
    stages: [{ name: Both, need: all, from: [{ team: governance }, { person: gina@example.com }] }]
  - name: three-kinds
    kind: access
    when: { classification: broad }
    stages: [{ name: All, need: all, from: [{ usergroup: S0REVIEW }, { team: governance }, { person: adam@example.com }] }]
  - name: pii
    kind: access
    when: { classification: pii }
    breakGlass: { teams: [on-call], levels: [read], maxMinutes: 60, review: governance }
    stages:
      - { name: Owner, from: [owner], fallback: [{ person: adam@example.com }] }
      - { name: Governance, from: [{ team: governance }] }
`;

/** For tests of decisions: the company of the fixture with a team that is a Slack user group, and a policy with one rule of each kind. */
export async function makeDecisionFixture(database: TestDatabase): Promise<{
  engine: EngineFixture;
  now: () => Date;
  /** What a press on a card's button does. */
  press: (
    requestId: string,
    name: string,
    verdict: 'approve' | 'deny',
    reason?: string | null,
  ) => Promise<Decided>;
}> {
  const engine = await makeEngineFixture(database, policy, {
    ...fixtureConfig,
    people: fixtureConfig.people.map((person) =>
      person.email === 'mia@example.com' ? { ...person, teams: ['reviewers'] } : person,
    ),
    teams: [
      ...fixtureConfig.teams.filter(({ id }) => id !== 'governance'),
      { id: 'governance', name: 'Data governance' },
      { id: 'reviewers', name: 'Privacy reviewers', slackUsergroup: 'S0REVIEW' },
    ],
  });
  const now = (): Date => engine.services.clock.now();
  return {
    engine,
    now,
    press: (requestId, name, verdict, reason = verdict === 'deny' ? 'not now' : null) =>
      engine.approvals.decide({
        requestId,
        personId: engine.id(name),
        actor: engine.actor(name),
        verdict,
        reason,
        now: now(),
      }),
  };
}
