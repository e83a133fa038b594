import { describe, expect, it } from 'vitest';
import { runCampaigns, startReview } from './campaign.js';
import { sweepDrift } from './drift.js';
import { campaignProgress, exportCampaign } from './export-campaign.js';
import { makeAccessFixture } from './fixture.js';
import { openReviews, readReview } from './read-review.js';
import { decidePage, keepAll, reviewItem } from './review.js';
import { whoHasAccess } from './who.js';

const day = 86_400_000;
const fixture = await makeAccessFixture(`
version: 1
rules:
  - name: pii
    kind: access
    when: { classification: pii }
    autoApprove: Only for this test.
    drift: { vanished: repair, foreign: remove }
recertification:
  - { name: quarterly, when: { classification: pii }, every: 90d, deadline: 14d, onSilence: revoke }
  - { name: vacant, when: { classification: confidential }, every: 400d, deadline: 14d, onSilence: revoke }
`);
const { services } = fixture;
const now = () => services.clock.now();
const signal = new AbortController().signal;

describe('drift', () => {
  it('repairs a grant that vanished, where policy says so, and tells the owner [A-drift-vanished]', async () => {
    const { requestId } = await fixture.ask('maya');
    await fixture.work();
    const login = (await fixture.person('maya')).logins.main ?? '';
    await fixture.warehouse.query(`revoke select on finance.payouts from "${login}"`);
    expect(await fixture.canRead('maya')).toBe(false);
    expect((await sweepDrift(services, { now: now(), signal })).vanished).toBe(1);
    await fixture.work();
    expect(await fixture.canRead('maya')).toBe(true);
    expect((await fixture.row(requestId)).state).toBe('active');
    const told = await services.db
      .selectFrom('notice_waiting')
      .select('person_id')
      .where('card_kind', '=', 'access-drift')
      .execute();
    expect(told).toEqual([{ person_id: (await fixture.person('owen')).id }]);
  });

  it('removes a grant made outside of what Steward grants as, and reports what it cannot remove [A-drift-foreign]', async () => {
    const sven = (await fixture.person('sven')).logins.main ?? '';
    await fixture.warehouse.query(
      `grant usage on schema finance to "${sven}"; grant select on finance.payouts to "${sven}"; grant select on finance.payouts to public`,
    );
    const found = await sweepDrift(services, { now: now(), signal });
    expect(found.foreign).toBeGreaterThanOrEqual(2);
    const rows = await services.db
      .selectFrom('access_drift')
      .select(['login', 'resolution'])
      .where('kind', '=', 'foreign')
      .execute();
    expect(rows).toContainEqual({ login: 'PUBLIC', resolution: null });
    await fixture.warehouse.query('revoke select on finance.payouts from public');
    expect(await fixture.canRead('sven')).toBe(false);
    expect((await sweepDrift(services, { now: now(), signal })).resolved).toBeGreaterThanOrEqual(1);
    expect(await fixture.canRead('maya')).toBe(true);
  });
});

describe('who', () => {
  it("tells Steward's grants from others, for owner and data team only [A-who-command]", async () => {
    const asset = services.catalog.current().view.get(fixture.assetId('payouts'));
    await expect(
      whoHasAccess(services, { person: await fixture.person('maya'), asset, signal }),
    ).rejects.toThrow(/Only an owner of the data/);
    const answer = await whoHasAccess(services, { person: await fixture.person('owen'), asset, signal });
    expect(answer.holders?.find((holder) => holder.personName === 'Maya')?.grants).toEqual([
      { reference: 'ACC-1', endsAt: expect.any(Date) },
    ]);
  });
});

describe('who can read a masked view', () => {
  it('is counted too, and shown apart from who can read the table', async () => {
    const asset = services.catalog.current().view.get(fixture.assetId('payouts'));
    const sven = (await fixture.person('sven')).logins.main ?? '';
    await fixture.warehouse.query(
      `grant usage on schema finance to "${sven}"; grant select on finance.payouts_masked to "${sven}"`,
    );
    const answer = await whoHasAccess(services, { person: await fixture.person('owen'), asset, signal });
    expect(answer.holders?.some(({ personName }) => personName === 'Sven')).toBe(false);
    expect(answer.masked).toMatchObject({ relation: 'finance.payouts_masked' });
    expect(answer.masked?.holders.find(({ personName }) => personName === 'Sven')).toMatchObject({
      grants: [],
    });
    await fixture.warehouse.query(`revoke select on finance.payouts_masked from "${sven}"`);
  });
});

describe('a recertification campaign', () => {
  it('asks each owner once, keeps what is confirmed, and does at the deadline what policy says of silence [A-review]', async () => {
    const second = await fixture.ask('gina');
    const third = await fixture.ask('sven');
    await fixture.work();
    expect(await runCampaigns(services, now())).toEqual({ started: 2, closed: 0 });
    expect(await runCampaigns(services, now())).toEqual({ started: 0, closed: 0 });
    const campaigns = await services.db.selectFrom('access_campaign').selectAll().orderBy('name').execute();
    expect(campaigns.map(({ name, closed_at }) => [name, closed_at !== null])).toEqual([
      ['quarterly', false],
      ['vacant', true],
    ]);
    const campaign = { id: campaigns[0]?.id ?? '' };
    const owen = await fixture.person('owen');
    const decision = {
      campaignId: campaign.id,
      personId: owen.id,
      actor: await fixture.actor('owen'),
      now: now(),
    };
    const list = await readReview(services.db, {
      campaignId: campaign.id,
      ownerId: owen.id,
      limit: 50,
    });
    expect(list?.open).toBe(3);
    await expect(
      reviewItem(services, {
        ...decision,
        personId: (await fixture.person('maya')).id,
        requestId: second.requestId,
        decision: 'keep',
      }),
    ).rejects.toThrow(/not yours/);
    await reviewItem(services, { ...decision, requestId: second.requestId, decision: 'revoke' });
    await fixture.work();
    expect(await fixture.row(second.requestId)).toMatchObject({ state: 'ended', ended_how: 'revoked' });
    const first = list?.items[0];
    await reviewItem(services, { ...decision, requestId: first?.id ?? '', decision: 'keep' });
    await services.db
      .updateTable('access_request')
      .set({ ends_at: new Date(now().getTime() + 60 * day) })
      .where('id', '=', third.requestId)
      .execute();
    expect(await campaignProgress(services.db)).toMatchObject([
      { name: 'quarterly', total: 3, decided: 2, revoked: 1 },
    ]);
    services.clock.advance(14 * day);
    expect(await runCampaigns(services, now())).toMatchObject({ closed: 1 });
    await fixture.work();
    expect(await fixture.row(third.requestId)).toMatchObject({
      state: 'ended',
      ended_how: 'revoked',
      ended_reason: expect.stringContaining('Nobody confirmed ACC-3'),
    });
    expect(await keepAll(services, decision)).toBe(0);
    const exported = [];
    for await (const record of exportCampaign(services.db, { name: 'quarterly' })) exported.push(record);
    expect(
      exported.map(({ reference, reviewer, decision: said, decidedBy, bySilence }) => [
        reference,
        reviewer,
        said,
        decidedBy,
        bySilence,
      ]),
    ).toEqual([
      ['ACC-1', 'Owen', 'keep', 'Owen', false],
      ['ACC-2', 'Owen', 'revoke', 'Owen', false],
      ['ACC-3', 'Owen', 'revoke', null, true],
    ]);
    expect(exported.map(({ lastUsedAt }) => lastUsedAt?.slice(0, 10) ?? 'not known')).toEqual([
      'not known',
      'not known',
      '2026-02-20',
    ]);
  });

  it('may be begun ahead of its time by those who look after access, and a page of it is decided at once', async () => {
    const start = async (name: string, campaign = 'quarterly') =>
      startReview(services, {
        name: campaign,
        person: await fixture.person(name),
        actor: await fixture.actor(name),
        now: now(),
      });
    const ended = await fixture.ask('gina');
    const kept = await fixture.ask('sven');
    await fixture.ask('maya');
    // The owner's own, asked for by the only administrator.
    const unreviewed = await fixture.ask('gina', { forPersonId: (await fixture.person('owen')).id });
    await fixture.work();
    await expect(start('owen')).rejects.toMatchObject({ code: 'not_allowed' });
    await expect(start('gina', 'yearly')).rejects.toThrow(/names no review “yearly”.*quarterly, vacant/);
    expect(await start('gina', 'vacant')).toBe(
      'No grant is covered by the review “vacant” now, so it is over already.',
    );
    expect(await start('gina')).toBe(
      `The review “quarterly” has begun: 1 owner is asked. Nobody may confirm ACC-${unreviewed.number}: its dataset has no owner and Steward no administrator but whoever holds or asked for it. Name another, and begin the review again when this one is over.`,
    );
    expect(await start('gina')).toContain('runs already');
    const owen = await fixture.person('owen');
    const [campaign] = await openReviews(services.db, owen.id);
    expect(campaign).toMatchObject({ name: 'quarterly', open: 3 });
    const page = {
      campaignId: campaign?.id ?? '',
      personId: owen.id,
      actor: await fixture.actor('owen'),
      now: now(),
    };
    await expect(
      decidePage(services, { ...page, revoke: [ended.requestId], keep: [crypto.randomUUID()] }),
    ).rejects.toThrow(/not yours/);
    expect((await openReviews(services.db, owen.id))[0]?.open, 'all of a page or nothing').toBe(3);
    await decidePage(services, { ...page, revoke: [ended.requestId], keep: [kept.requestId] });
    await fixture.work();
    expect(await fixture.row(ended.requestId)).toMatchObject({ state: 'ended', ended_how: 'revoked' });
    expect(await fixture.row(kept.requestId)).toMatchObject({ state: 'active' });
    expect((await openReviews(services.db, owen.id))[0]?.open).toBe(1);
  });
});
