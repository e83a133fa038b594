import pg from 'pg';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { sealAll } from '../../test/helpers/seal-all.js';
import { migrate } from '../db/migrate.js';
import { AuditStillKeptError, purgeAudit } from './purge.js';
import { recordAudit, scheduleActor } from './record.js';
import { auditHead } from './seal.js';
import { verifyAudit } from './verify.js';

const key = 'a key of more than sixteen characters';
const now = new Date('2026-03-02T10:00:00Z');
const day = 86_400_000;
const sevenYears = { key, keepMs: 2_555 * day, now };
let database: TestDatabase;

async function record(at: string, subject = at): Promise<void> {
  await database.db.transaction().execute((trx) =>
    recordAudit(trx, {
      actor: scheduleActor,
      action: 'catalog.sync',
      subject: { kind: 'test', id: subject },
      now: new Date(at),
      text: { why: `because of ${subject}` },
    }),
  );
}

const seal = (): Promise<void> => sealAll(database.db, key, now);
const subjects = async (): Promise<string[]> =>
  (await database.db.selectFrom('audit').select('subject_id').orderBy('id').execute()).map(
    (row) => row.subject_id,
  );

/** As somebody who owns the tables, or has taken over whoever does. */
async function behind(query: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  await client.query(query).finally(() => client.end());
}

beforeEach(async () => {
  database = await makeTestDatabase();
  for (const at of ['2010-01-01', '2011-01-01', '2012-01-01', '2024-01-01', '2025-01-01']) await record(at);
  await seal();
});

describe('rows older than retention says', () => {
  it('are deleted with their words, and the chain holds from there and goes on', async () => {
    expect(await purgeAudit(database.db, sevenYears)).toBe(3);
    expect(await purgeAudit(database.db, sevenYears)).toBe(0);
    expect(await subjects()).toEqual(['2024-01-01', '2025-01-01', '3']);
    expect(await database.db.selectFrom('audit_text').selectAll().execute()).toHaveLength(2);
    await record('2026-01-01');
    await seal();
    expect(await verifyAudit(database.db, key)).toMatchObject({
      ok: true,
      sealed: 4,
      purged: { through: '3', newest: '2012-01-01T00:00:00.000Z', at: now.toISOString() },
    });
  });

  it('are deleted up to the first that must stay, however old the ones behind it are', async () => {
    await record('2009-01-01');
    await seal();
    expect(await purgeAudit(database.db, sevenYears)).toBe(3);
    expect(await subjects()).toContain('2009-01-01');
  });

  it('leave word of their deletion in the chain', async () => {
    await purgeAudit(database.db, sevenYears);
    const rows = await database.db
      .selectFrom('audit')
      .selectAll()
      .where('action', '=', 'audit.purge')
      .execute();
    expect(rows).toMatchObject([{ actor_kind: 'schedule', after: { rows: 3 } }]);
  });

  it('may be all there are: the next row is chained to the last that was deleted', async () => {
    await behind(`delete from audit where subject_id > '2013'`);
    await purgeAudit(database.db, sevenYears);
    await seal();
    expect(await auditHead(database.db)).toMatchObject({ sequence: '4' });
    expect(await verifyAudit(database.db, key)).toMatchObject({ ok: true, sealed: 1 });
  });

  it('wait for their seal where there is a key, and go without one where there is none', async () => {
    await record('2008-01-01');
    await purgeAudit(database.db, sevenYears);
    expect(await subjects()).toContain('2008-01-01');
    expect(await purgeAudit(database.db, { ...sevenYears, key: null })).toBe(1);
    expect(await subjects()).not.toContain('2008-01-01');
  });
});

describe('the role that serves', () => {
  const asServing = async (query: string): Promise<void> => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(query).finally(() => client.end());
  };

  it.each([
    'delete from audit',
    'delete from audit_head',
    `update audit set action = 'x'`,
    `update audit_text set text = 'x'`,
    `insert into audit_purge values (1, 9, 'x', now(), now(), 'x')`,
    `update audit_retention set keep = '1 day'`,
  ])('may not `%s`', async (query) => {
    await expect(asServing(query)).rejects.toThrow(/permission denied/);
  });

  it('may not have younger rows deleted than `steward migrate` allowed, and may after it allowed them', async () => {
    const oneYear = { ...sevenYears, keepMs: 365 * day };
    await expect(purgeAudit(database.db, oneYear)).rejects.toThrow(AuditStillKeptError);
    expect(await subjects()).toHaveLength(5);
    const asMigrate = new URL(inject('postgres').migrateUrl);
    asMigrate.pathname = `/${database.name}`;
    await migrate(asMigrate.href, { auditKeepMs: 365 * day });
    expect(await purgeAudit(database.db, oneYear)).toBe(5);
  });

  it('cannot purge past a row that the chain does not have', async () => {
    await expect(
      asServing(`select purge_audit(3, 'another seal', '2012-01-01T00:00:00Z', now(), 'x')`),
    ).rejects.toThrow(/no such row/);
  });
});

describe('after a purge, verifying still notices', () => {
  beforeEach(async () => {
    await purgeAudit(database.db, sevenYears);
    await seal();
  });

  it('a deletion that nobody with the key recorded', async () => {
    await behind(
      `delete from audit where seal_seq = 4; update audit_purge set through_seq = 4, through_mac = (select seal_mac from audit where seal_seq = 5)`,
    );
    expect(await verifyAudit(database.db, key)).toMatchObject({
      ok: false,
      brokenAt: { why: 'the record of what was deleted does not match its seal' },
    });
  });

  it('a record of the purge that was taken away', async () => {
    await behind('delete from audit_purge');
    expect(await verifyAudit(database.db, key)).toMatchObject({
      ok: false,
      brokenAt: { why: 'row 1 is missing' },
    });
  });

  it('a row that comes back from before it', async () => {
    await behind(
      `insert into audit (at, actor_kind, channel, action, subject_kind, subject_id, seal_seq, seal_mac) values (now(), 'system', 'cli', 'x', 'x', 'x', 2, 'x')`,
    );
    expect(await verifyAudit(database.db, key)).toMatchObject({ ok: false, brokenAt: { sequence: '2' } });
  });

  it('a cut tail and a rewritten whole, by an anchor', async () => {
    const anchor = await auditHead(database.db);
    if (anchor === null) throw new Error('nothing was sealed');
    expect(await verifyAudit(database.db, key, [anchor])).toMatchObject({
      ok: true,
      anchors: { compared: 1, older: 0 },
    });
    await behind(`delete from audit where seal_seq = ${anchor.sequence}`);
    expect(await verifyAudit(database.db, key, [anchor])).toMatchObject({
      ok: false,
      brokenAt: { why: expect.stringContaining('cut off') },
    });
    await behind('update audit set seal_seq = null, seal_mac = null; delete from audit_purge');
    for (let n = 0; n < 6; n += 1) await record('2026-01-01', `forged ${n}`);
    await seal();
    expect((await verifyAudit(database.db, key)).ok).toBe(true);
    expect(await verifyAudit(database.db, key, [anchor])).toMatchObject({
      ok: false,
      brokenAt: { why: expect.stringContaining('rewritten') },
    });
  });

  it('anchors that are all too old to prove anything', async () => {
    expect(await verifyAudit(database.db, key, [{ sequence: '2', mac: 'whatever it was' }])).toMatchObject({
      ok: false,
      anchors: { compared: 0, older: 1 },
      brokenAt: { why: expect.stringContaining('Give a newer one') },
    });
  });

  it('a purge that took rows younger than it says, by when an anchor was noted', async () => {
    const early = { sequence: '2', mac: 'whatever it was', at: new Date('2020-01-01') };
    expect(await verifyAudit(database.db, key, [early])).toMatchObject({
      ok: false,
      brokenAt: { why: expect.stringContaining('were deleted as old ones') },
    });
  });
});
