import { afterEach, describe, expect, it } from 'vitest';
import { makeTestDatabase } from '../../../test/helpers/database.js';
import { noteSlackAccount } from '../../people/slack-account.js';
import { EligibilityUnknownError } from '../errors.js';
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

const database = await makeTestDatabase();
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
const now = () => engine.services.clock.now();

afterEach(() => engine.events.splice(0));

function press(
  fixture: EngineFixture,
  requestId: string,
  name: string,
  verdict: 'approve' | 'deny',
  reason: string | null = verdict === 'deny' ? 'not now' : null,
) {
  return fixture.approvals.decide({
    requestId,
    personId: fixture.id(name),
    actor: fixture.actor(name),
    verdict,
    reason,
    now: now(),
  });
}

describe('a request', () => {
  it('passes its stages in order and is then approved once [A-stages]', async () => {
    const { requestId, subjectId } = await engine.ask();
    await expect(press(engine, requestId, 'gina', 'approve')).rejects.toThrow(
      /ACC-1 is not yours to decide now: "Owner" is for Olga, Owen/,
    );
    expect((await press(engine, requestId, 'owen', 'approve')).state).toBe('pending');
    expect(engine.events).toEqual([]);
    expect((await press(engine, requestId, 'gus', 'approve')).state).toBe('approved');
    expect(engine.events).toEqual([`approved:${subjectId}:people`]);
  });

  it('ends with the first denial, which needs a reason [A-deny-reason]', async () => {
    const { requestId, subjectId } = await engine.ask();
    await expect(press(engine, requestId, 'owen', 'deny', '  ')).rejects.toThrow(/needs a reason/);
    expect((await press(engine, requestId, 'gus', 'deny')).state).toBe('denied');
    await expect(press(engine, requestId, 'owen', 'approve')).rejects.toThrow(/already denied/);
    expect(engine.events).toEqual([`denied:${subjectId}`]);
  });

  it('is never approved by whoever asked, also not as an owner [A-self-approval]', async () => {
    const { requestId } = await engine.ask({ by: 'owen' });
    await expect(press(engine, requestId, 'owen', 'approve')).rejects.toThrow(
      /You asked for this yourself.*Olga/,
    );
    await expect(press(engine, requestId, 'owen', 'deny')).rejects.toThrow(/You asked for this yourself/);
  });

  it('is not approved by the person it is for, nor by a member of the service account [A-behalf]', async () => {
    const other = await engine.ask({ beneficiaries: { kind: 'person', personIds: [engine.id('olga')] } });
    await expect(press(engine, other.requestId, 'olga', 'approve')).rejects.toThrow(/it is for them/);
    const service = await engine.ask({ beneficiaries: { kind: 'service', personIds: [engine.id('owen')] } });
    await expect(press(engine, service.requestId, 'owen', 'approve')).rejects.toThrow(
      /belongs to the service account/,
    );
  });

  it('counts one person once across stages [A-distinct]', async () => {
    const { requestId } = await engine.ask({
      facts: { owners: [{ team: 'owners' }, { team: 'governance' }] },
    });
    await press(engine, requestId, 'gina', 'approve');
    await expect(press(engine, requestId, 'gina', 'approve')).rejects.toThrow(
      /one person counts once. Still needed: Gus/,
    );
    expect((await press(engine, requestId, 'gus', 'approve')).state).toBe('approved');
  });

  it('refuses an approval that would leave nobody for a later stage', async () => {
    const { requestId } = await engine.ask({
      by: 'gus',
      facts: { owners: [{ team: 'owners' }, { team: 'governance' }] },
    });
    await expect(press(engine, requestId, 'gina', 'approve')).rejects.toThrow(
      /You are needed for a later stage/,
    );
    await engine.approvals.reassign({
      requestId,
      personId: engine.id('gina'),
      toPersonId: engine.id('mia'),
      reason: 'away',
      actor: engine.actor('gina'),
      now: now(),
    });
    await expect(press(engine, requestId, 'mia', 'approve')).rejects.toThrow(
      /^Gina is needed for a later stage/,
    );
    await press(engine, requestId, 'olga', 'approve');
    expect((await press(engine, requestId, 'gina', 'approve')).state).toBe('approved');
  });

  it('needs as many different people as its stage says [A-n-of]', async () => {
    const { requestId } = await engine.ask({ facts: { classification: ['secret'] } });
    expect((await press(engine, requestId, 'gina', 'approve')).text).toContain('Still needed');
    expect((await press(engine, requestId, 'gus', 'approve')).state).toBe('approved');
  });

  it('calls what is still needed by its names, never by the id of a user group', async () => {
    const { requestId } = await engine.ask({ facts: { classification: ['broad'] } });
    expect((await press(engine, requestId, 'gus', 'approve')).text).toMatch(
      /Still needed for "All": Privacy reviewers, Adam\.$/,
    );
    expect((await press(engine, requestId, 'adam', 'approve')).text).toMatch(/: Privacy reviewers\.$/);
    expect((await press(engine, requestId, 'mia', 'approve')).state).toBe('approved');
  });

  it('takes the fallback in when its own people cannot fill the stage [A-fallback]', async () => {
    const { requestId } = await engine.ask({ by: 'gus', facts: { classification: ['secret'] } });
    await press(engine, requestId, 'gina', 'approve');
    expect((await press(engine, requestId, 'adam', 'approve')).state).toBe('approved');
  });

  it('asks one person for each entry of an "all" stage', async () => {
    const { requestId } = await engine.ask({ facts: { classification: ['shared'] } });
    expect((await press(engine, requestId, 'gina', 'approve')).state).toBe('pending');
    expect((await press(engine, requestId, 'gus', 'approve')).state).toBe('approved');
  });

  it('says at once when nobody can approve it, and whom to talk to [A-nobody-can]', async () => {
    await expect(engine.ask({ by: 'gina', facts: { classification: ['shared'] } })).rejects.toThrow(
      /Nobody can approve the stage "Both".*Nothing was requested\. Talk to Adam/,
    );
  });

  it('is refused by a matching deny and by the lack of any rule [A-deny-wins]', async () => {
    await expect(engine.ask({ facts: { level: 'write', classification: [] } })).rejects.toThrow(
      /Nobody writes by hand/,
    );
    await expect(engine.ask({ facts: { classification: ['odd'] } })).rejects.toThrow(
      /No rule of the access policy/,
    );
  });

  it('is approved at once where policy says so [A-auto]', async () => {
    const { state, subjectId } = await engine.ask({ facts: { classification: [] } });
    expect(state).toBe('approved');
    expect(engine.events).toEqual([`approved:${subjectId}:policy`]);
  });

  it('names every field its rule asks for [A-ticket] [A-purpose]', async () => {
    const facts = { classification: ['financial'], durationMs: 8 * 86_400_000 };
    const error = await engine
      .ask({ facts, reason: 'why', ticket: 'nope' })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'invalid_input',
      fields: {
        reason: expect.stringContaining('at least 10'),
        ticket: expect.stringContaining('DATA-123'),
        purpose: expect.any(String),
        duration: 'At most 7 days may be asked for here.',
      },
    });
    const asked = await engine.ask({
      facts: { classification: ['financial'] },
      reason: 'to review flagged payments',
      ticket: 'DATA-7',
      purposeId: 'fraud',
      termsAccepted: true,
    });
    expect(asked.state).toBe('pending');
  });

  it('reads eligibility again when the button is pressed [A-recheck]', async () => {
    const { requestId, subjectId } = await engine.ask();
    engine.setFacts(subjectId, { owners: [{ email: 'mia@example.com' }] });
    await expect(press(engine, requestId, 'owen', 'approve')).rejects.toThrow(
      /not yours to decide now: "Owner" is for Mia/,
    );
    expect((await press(engine, requestId, 'mia', 'approve')).state).toBe('pending');
  });

  it('decides nothing when eligibility cannot be read', async () => {
    const { requestId } = await engine.ask();
    const directory = { ...engine.services.directory, teamMembers: () => Promise.reject(new Error('down')) };
    const broken = Object.create(engine.services, {
      directory: { value: directory },
    }) as typeof engine.services;
    const { makeApprovals } = await import('../make-approvals.js');
    const approvals = makeApprovals(broken, {
      subjects: {
        access: {
          kind: 'access',
          noun: 'access request',
          cardKind: 'test-card',
          facts: async () => ({
            policyKind: 'access',
            title: '',
            classification: ['pii'],
            columns: [],
            owners: [{ email: 'owen@example.com' }],
            extension: false,
            facts: {},
          }),
          beneficiaries: async () => ({ kind: 'self', personIds: [] }),
          onApproved: async () => undefined,
          onEnded: async () => undefined,
        },
      },
    });
    const decision = {
      requestId,
      personId: engine.id('owen'),
      actor: engine.actor('owen'),
      verdict: 'approve' as const,
      reason: null,
      now: now(),
    };
    await expect(approvals.decide(decision)).rejects.toBeInstanceOf(EligibilityUnknownError);
    expect(await engine.state(requestId)).toBe('pending');
  });

  it('is not found by a forged or foreign id', async () => {
    await expect(press(engine, 'not-an-id', 'owen', 'approve')).rejects.toThrow(/no such request/);
    await expect(press(engine, '00000000-0000-4000-8000-000000000000', 'owen', 'approve')).rejects.toThrow(
      /no such request/,
    );
  });

  it('may be shortened by an approver, never lengthened; the shortest counts [A-shorten]', async () => {
    const { requestId, subjectId } = await engine.ask();
    const by = (name: string, shortenToMs: number) =>
      engine.approvals.decide({
        requestId,
        personId: engine.id(name),
        actor: engine.actor(name),
        verdict: 'approve',
        reason: null,
        shortenToMs,
        now: now(),
      });
    await expect(by('owen', 8 * 86_400_000)).rejects.toThrow(/shorten/);
    await by('owen', 86_400_000);
    await by('gus', 2 * 86_400_000);
    expect(engine.events).toEqual([`approved:${subjectId}:people:86400000`]);
  });

  it('is withdrawn by whoever asked and nobody else [A-withdraw]', async () => {
    const { requestId, subjectId } = await engine.ask();
    const by = (name: string) =>
      engine.approvals.withdraw({
        requestId,
        personId: engine.id(name),
        actor: engine.actor(name),
        now: now(),
      });
    await expect(by('owen')).rejects.toThrow(/Only whoever asked/);
    await by('rita');
    expect(engine.events).toEqual([`withdrawn:${subjectId}`]);
    await expect(press(engine, requestId, 'owen', 'approve')).rejects.toThrow(/already withdrawn/);
  });
});

describe('whoever had the card for an earlier stage', () => {
  it('is told in its thread that it is their turn now', async () => {
    const { requestId } = await engine.ask({
      facts: { owners: [{ team: 'owners' }, { team: 'governance' }] },
    });
    await press(engine, requestId, 'owen', 'approve');
    const lines = await engine.services.db
      .selectFrom('slack_message')
      .select('person_id')
      .where('card_kind', '=', 'approval-reminder')
      .where('card_id', '=', requestId)
      .execute();
    expect(lines.map((line) => line.person_id).sort()).toEqual(['gina', 'gus'].map(engine.id).sort());
  });
});

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
    expect((await press(engine, first.requestId, 'mia', 'approve')).state).toBe('pending');
    const toRequester = await delegate('olga', 'rita');
    const second = await engine.ask();
    await expect(press(engine, second.requestId, 'rita', 'approve')).rejects.toThrow(
      /You asked for this yourself/,
    );
    await engine.approvals.endDelegation({
      delegationId,
      personId: engine.id('owen'),
      actor: engine.actor('owen'),
      now: now(),
    });
    await expect(press(engine, second.requestId, 'mia', 'approve')).rejects.toThrow(/not yours to decide/);
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
    expect((await press(engine, requestId, 'mia', 'approve')).state).toBe('pending');
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
    await expect(press(engine, requestId, 'owen', 'approve')).rejects.toThrow(
      /stands in for somebody who gains/,
    );
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
    await expect(press(engine, requestId, 'owen', 'approve')).rejects.toThrow(/not yours to decide/);
    expect((await press(engine, requestId, 'mia', 'approve')).state).toBe('pending');
  });
});

describe('break-glass', () => {
  const use = (
    requestId: string,
    name = 'rita',
    over: Partial<{ minutes: number; confirmed: boolean; reason: string }> = {},
  ) =>
    engine.approvals.breakGlass({
      requestId,
      personId: engine.id(name),
      actor: engine.actor(name),
      reason: 'payments are failing right now',
      minutes: 30,
      confirmed: true,
      now: now(),
      ...over,
    });

  it('approves at once for oneself, tells everybody who was skipped, and is reviewed by another [A-break-glass]', async () => {
    const { requestId, subjectId } = await engine.ask();
    await expect(use(requestId, 'rita', { confirmed: false })).rejects.toThrow(/Confirm/);
    await expect(use(requestId, 'rita', { minutes: 61 })).rejects.toThrow(/between 1 and 60/);
    await expect(use(requestId, 'owen')).rejects.toThrow(/only for oneself/);
    await use(requestId);
    expect(engine.events).toEqual([`approved:${subjectId}:break-glass:1800000`]);
    const told = await engine.services.db
      .selectFrom('slack_message')
      .select(['person_id', 'variant'])
      .where('card_kind', '=', 'approval-break-glass')
      .where('card_id', '=', requestId)
      .execute();
    expect(told.map((row) => row.person_id).sort()).toEqual(
      ['gina', 'gus', 'olga', 'owen'].map(engine.id).sort(),
    );
    const asked = told.filter(({ variant }) => variant === 'review').map((row) => row.person_id);
    expect(asked.sort(), 'only the reviewing team is asked what it found').toEqual(
      ['gina', 'gus'].map(engine.id).sort(),
    );
    const second = await engine.ask();
    await expect(use(second.requestId)).rejects.toThrow(/already hold one/);
    const review = (name: string) =>
      engine.approvals.reviewBreakGlass({
        requestId,
        personId: engine.id(name),
        actor: engine.actor(name),
        verdict: 'justified',
        note: 'fine',
        now: now(),
      });
    await expect(review('rita')).rejects.toThrow(/never by whoever used it/);
    await review('gina');
    await expect(review('gus')).rejects.toThrow(/reviewed already/);
  });

  it('is not for others, nor where the rule has no such way', async () => {
    engine.services.clock.advance(3_600_000);
    const forOther = await engine.ask({ beneficiaries: { kind: 'person', personIds: [engine.id('mia')] } });
    await expect(use(forOther.requestId)).rejects.toThrow(/only for oneself/);
    const other = await engine.ask({ facts: { classification: ['secret'] } });
    await expect(use(other.requestId)).rejects.toThrow(/has no emergency way/);
  });
});
