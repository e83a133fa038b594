import { afterEach, describe, expect, it } from 'vitest';
import { makeTestDatabase } from '../../../test/helpers/database.js';
import { EligibilityUnknownError } from '../errors.js';
import { makeDecisionFixture } from './decision-fixture.js';

const { engine, press, now } = await makeDecisionFixture(await makeTestDatabase());

afterEach(() => engine.events.splice(0));

describe('a request', () => {
  it('passes its stages in order and is then approved once [A-stages]', async () => {
    const { requestId, subjectId } = await engine.ask();
    await expect(press(requestId, 'gina', 'approve')).rejects.toThrow(
      /ACC-1 is not yours to decide now: "Owner" is for Olga, Owen/,
    );
    expect((await press(requestId, 'owen', 'approve')).state).toBe('pending');
    expect(engine.events).toEqual([]);
    expect((await press(requestId, 'gus', 'approve')).state).toBe('approved');
    expect(engine.events).toEqual([`approved:${subjectId}:people`]);
  });

  it('ends with the first denial, which needs a reason [A-deny-reason]', async () => {
    const { requestId, subjectId } = await engine.ask();
    await expect(press(requestId, 'owen', 'deny', '  ')).rejects.toThrow(/needs a reason/);
    expect((await press(requestId, 'gus', 'deny')).state).toBe('denied');
    await expect(press(requestId, 'owen', 'approve')).rejects.toThrow(/already denied/);
    expect(engine.events).toEqual([`denied:${subjectId}`]);
  });

  it('is never approved by whoever asked, also not as an owner [A-self-approval]', async () => {
    const { requestId } = await engine.ask({ by: 'owen' });
    await expect(press(requestId, 'owen', 'approve')).rejects.toThrow(/You asked for this yourself.*Olga/);
    await expect(press(requestId, 'owen', 'deny')).rejects.toThrow(/You asked for this yourself/);
  });

  it('is not approved by the person it is for, nor by a member of the service account [A-behalf]', async () => {
    const other = await engine.ask({ beneficiaries: { kind: 'person', personIds: [engine.id('olga')] } });
    await expect(press(other.requestId, 'olga', 'approve')).rejects.toThrow(/it is for them/);
    const service = await engine.ask({ beneficiaries: { kind: 'service', personIds: [engine.id('owen')] } });
    await expect(press(service.requestId, 'owen', 'approve')).rejects.toThrow(
      /belongs to the service account/,
    );
  });

  it('counts one person once across stages [A-distinct]', async () => {
    const { requestId } = await engine.ask({
      facts: { owners: [{ team: 'owners' }, { team: 'governance' }] },
    });
    await press(requestId, 'gina', 'approve');
    await expect(press(requestId, 'gina', 'approve')).rejects.toThrow(
      /one person counts once. Still needed: Gus/,
    );
    expect((await press(requestId, 'gus', 'approve')).state).toBe('approved');
  });

  it('refuses an approval that would leave nobody for a later stage', async () => {
    const { requestId } = await engine.ask({
      by: 'gus',
      facts: { owners: [{ team: 'owners' }, { team: 'governance' }] },
    });
    await expect(press(requestId, 'gina', 'approve')).rejects.toThrow(/You are needed for a later stage/);
    await engine.approvals.reassign({
      requestId,
      personId: engine.id('gina'),
      toPersonId: engine.id('mia'),
      reason: 'away',
      actor: engine.actor('gina'),
      now: now(),
    });
    await expect(press(requestId, 'mia', 'approve')).rejects.toThrow(/^Gina is needed for a later stage/);
    await press(requestId, 'olga', 'approve');
    expect((await press(requestId, 'gina', 'approve')).state).toBe('approved');
  });

  it('needs as many different people as its stage says [A-n-of]', async () => {
    const { requestId } = await engine.ask({ facts: { classification: ['secret'] } });
    expect((await press(requestId, 'gina', 'approve')).text).toContain('Still needed');
    expect((await press(requestId, 'gus', 'approve')).state).toBe('approved');
  });

  it('calls what is still needed by its names, never by the id of a user group', async () => {
    const { requestId } = await engine.ask({ facts: { classification: ['broad'] } });
    expect((await press(requestId, 'gus', 'approve')).text).toMatch(
      /Still needed for "All": Privacy reviewers, Adam\.$/,
    );
    expect((await press(requestId, 'adam', 'approve')).text).toMatch(/: Privacy reviewers\.$/);
    expect((await press(requestId, 'mia', 'approve')).state).toBe('approved');
  });

  it('takes the fallback in when its own people cannot fill the stage [A-fallback]', async () => {
    const { requestId } = await engine.ask({ by: 'gus', facts: { classification: ['secret'] } });
    await press(requestId, 'gina', 'approve');
    expect((await press(requestId, 'adam', 'approve')).state).toBe('approved');
  });

  it('asks one person for each entry of an "all" stage', async () => {
    const { requestId } = await engine.ask({ facts: { classification: ['shared'] } });
    expect((await press(requestId, 'gina', 'approve')).state).toBe('pending');
    expect((await press(requestId, 'gus', 'approve')).state).toBe('approved');
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
    await expect(press(requestId, 'owen', 'approve')).rejects.toThrow(
      /not yours to decide now: "Owner" is for Mia/,
    );
    expect((await press(requestId, 'mia', 'approve')).state).toBe('pending');
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
    await expect(press('not-an-id', 'owen', 'approve')).rejects.toThrow(/no such request/);
    await expect(press('00000000-0000-4000-8000-000000000000', 'owen', 'approve')).rejects.toThrow(
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
    await expect(press(requestId, 'owen', 'approve')).rejects.toThrow(/already withdrawn/);
  });
});

describe('whoever had the card for an earlier stage', () => {
  it('is told in its thread that it is their turn now', async () => {
    const { requestId } = await engine.ask({
      facts: { owners: [{ team: 'owners' }, { team: 'governance' }] },
    });
    await press(requestId, 'owen', 'approve');
    const lines = await engine.services.db
      .selectFrom('slack_message')
      .select('person_id')
      .where('card_kind', '=', 'approval-reminder')
      .where('card_id', '=', requestId)
      .execute();
    expect(lines.map((line) => line.person_id).sort()).toEqual(['gina', 'gus'].map(engine.id).sort());
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
