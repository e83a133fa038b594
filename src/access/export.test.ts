import { describe, expect, it } from 'vitest';
import { sealAll } from '../../test/helpers/seal-all.js';
import { readTurnaround } from '../approvals/turnaround.js';
import { verifyAudit } from '../audit/verify.js';
import { returnAccess } from './end-access.js';
import { type AuditRecord, csvHeader, csvLine, exportAccess } from './export.js';
import { makeAccessFixture } from './fixture.js';

const fixture = await makeAccessFixture();
const { services } = fixture;

describe('the export for an auditor', () => {
  it('tells request, policy, approvers, statements, probes and end [A-audit-export]', async () => {
    const from = services.clock.now();
    const { requestId } = await fixture.ask('maya', { reason: '=cmd, "quoted"' });
    await fixture.approve(requestId, 'owen', 'gina');
    await fixture.work();
    services.clock.advance(3_600_000);
    await returnAccess(services, {
      requestId,
      person: await fixture.person('maya'),
      actor: await fixture.actor('maya'),
      now: services.clock.now(),
    });
    await fixture.work();
    const records: AuditRecord[] = [];
    for await (const record of exportAccess(services.db, { from, to: new Date(from.getTime() + 86_400_000) }))
      records.push(record);
    expect(records).toHaveLength(1);
    const [record] = records;
    expect(record).toMatchObject({
      reference: 'ACC-1',
      rule: 'pii',
      ended: 'returned',
      approvers: [
        { stage: 'Owner', person: 'Owen' },
        { stage: 'Governance', person: 'Gina' },
      ],
      policyVersion: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(
      record?.statements.some((statement) => statement.startsWith('grant select on table finance.payouts')),
    ).toBe(true);
    expect(record?.probes.map((probe) => probe.can)).toEqual([true, false]);
    if (!record) throw new Error('no record');
    expect(csvLine(record).split(',').length).toBeGreaterThanOrEqual(csvHeader.split(',').length);
    expect(csvLine(record)).toContain(`"'=cmd, ""quoted"""`);
  });

  it('measures how long people wait, in working time [A-turnaround]', async () => {
    const now = services.clock.now();
    const { requestId } = await fixture.ask('maya');
    services.clock.advance(2 * 3_600_000);
    await fixture.approve(requestId, 'owen', 'gina');
    const turnaround = await readTurnaround(services.db, {
      calendar: services.config.calendar,
      from: new Date(now.getTime() - 86_400_000),
      to: new Date(now.getTime() + 86_400_000),
    });
    expect(turnaround).toMatchObject({ decided: 2, medianMs: 0, p90Ms: 2 * 3_600_000, withinTwoDays: 1 });
  });

  it('stands on an audit whose chain holds after all of it [A-audit-chain]', async () => {
    await sealAll(services.db, 'key', services.clock.now());
    expect(await verifyAudit(services.db, 'key')).toMatchObject({ ok: true });
  });
});
