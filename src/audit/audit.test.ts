import pg from 'pg';
import { beforeEach, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { sealAll } from '../../test/helpers/seal-all.js';
import { recordAudit, scheduleActor } from './record.js';
import { auditHead, sealAudit } from './seal.js';
import { verifyAudit } from './verify.js';

const key = 'a key of more than sixteen characters';
const now = new Date('2026-03-02T10:00:00Z');
let database: TestDatabase;

async function record(n: number): Promise<void> {
  await database.db.transaction().execute((trx) =>
    recordAudit(trx, {
      actor: scheduleActor,
      action: 'catalog.sync',
      subject: { kind: 'test', id: String(n) },
      now,
      after: { z: 1, a: n },
      text: { why: `because ${n}` },
    }),
  );
}

async function behind(query: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  await client.query(query);
  await client.end();
}

beforeEach(async () => {
  database = await makeTestDatabase();
  for (const n of [1, 2, 3, 4]) await record(n);
  await sealAll(database.db, key, now);
});

it('passes over what nobody touched, and counts what is not sealed yet', async () => {
  await record(5);
  expect(await verifyAudit(database.db, key)).toMatchObject({ ok: true, sealed: 4, unsealed: 1 });
});

it('names the first row that was changed', async () => {
  await behind(`update audit set after = '{"a":9}' where subject_id = '3'`);
  expect(await verifyAudit(database.db, key)).toMatchObject({ ok: false, brokenAt: { sequence: '3' } });
});

it('notices changed words, and lets erased ones pass', async () => {
  await behind(`delete from audit_text where audit_id = (select id from audit where subject_id = '2')`);
  expect((await verifyAudit(database.db, key)).ok).toBe(true);
  await behind(
    `update audit_text set text = '{"why":"other"}' where audit_id = (select id from audit where subject_id = '4')`,
  );
  expect(await verifyAudit(database.db, key)).toMatchObject({
    ok: false,
    brokenAt: { why: 'its words were changed' },
  });
});

it('notices a removed row', async () => {
  await behind(
    `delete from audit_text where audit_id = (select id from audit where subject_id = '2'); delete from audit where subject_id = '2'`,
  );
  expect(await verifyAudit(database.db, key)).toMatchObject({
    ok: false,
    brokenAt: { why: 'row 2 is missing' },
  });
});

it('catches a cut tail and a rewritten chain by an anchor noted elsewhere', async () => {
  const anchor = await auditHead(database.db);
  if (!anchor) throw new Error('nothing was sealed');
  await behind(
    `delete from audit_text where audit_id = (select id from audit where subject_id = '4'); delete from audit where subject_id = '4'`,
  );
  expect((await verifyAudit(database.db, key)).ok).toBe(true);
  expect(await verifyAudit(database.db, key, [anchor])).toMatchObject({ ok: false });
  await behind('update audit set seal_seq = null, seal_mac = null');
  await record(6);
  await sealAll(database.db, 'the thief has another key', now);
  expect(await verifyAudit(database.db, 'the thief has another key')).toMatchObject({ ok: true });
  expect(await verifyAudit(database.db, key, [anchor])).toMatchObject({
    ok: false,
    brokenAt: { sequence: '1' },
  });
});

it('does not seal past a transaction that is still running, so that nothing can slip in front later', async () => {
  const slow = new pg.Client({ connectionString: database.adminUrl });
  await slow.connect();
  await slow.query(
    `begin; insert into audit (at, actor_kind, channel, action, subject_kind, subject_id) values (now(), 'system', 'cli', 'slow', 'test', 'slow')`,
  );
  await record(7);
  expect(await sealAudit(database.db, key, now)).toBe(0);
  await slow.query('commit');
  await slow.end();
  await sealAll(database.db, key, now);
  expect(await verifyAudit(database.db, key)).toMatchObject({ ok: true, sealed: 6 });
});
