import { appendFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import { eraseOldQuestions } from '../answers/learning/question-log.js';
import { AuditStillKeptError, purgeAudit } from '../audit/purge.js';
import { sealReady } from '../audit/seal.js';
import { forgetSignals } from '../catalog/load-catalog.js';
import type { Db } from '../db/database.js';
import { setTimer } from '../jobs/outbox.js';
import { defineEffect, type EffectServices, type RegisteredEffect } from './effect.js';

/** Work that comes back by itself: one outbox row each, whose effect names its next time. */
interface Schedule {
  kind: string;
  everyMs: number;
  run: (services: EffectServices, now: Date) => Promise<void>;
}

const nothing = z.object({});

export function makeSchedule(schedule: Schedule): RegisteredEffect {
  return defineEffect({
    kind: schedule.kind,
    queue: 'work',
    payload: nothing,
    run: async (services, _payload, { now }) => {
      await schedule.run(services, now);
      return { again: new Date(now.getTime() + schedule.everyMs) };
    },
  });
}

/** Arms the schedules that are not armed: at every start, and after one was given up. */
export async function armSchedules(db: Db, kinds: readonly string[], now: Date): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const kind of kinds) {
      const key = `schedule:${kind}`;
      const live = await trx
        .selectFrom('outbox')
        .select('id')
        .where('key', '=', key)
        .where('state', 'in', ['pending', 'queued'])
        .executeTakeFirst();
      if (!live) await setTimer(trx, { kind, queue: 'work', key, payload: {}, now, runAt: now });
    }
  });
}

/** Seals what is ready, every minute. The key is the process's, not the row's. */
export function sealSchedule(auditKey: string): RegisteredEffect {
  return makeSchedule({
    kind: 'audit.seal',
    everyMs: 60_000,
    run: async (services, now) => {
      await sealReady(services.db, auditKey, now);
    },
  });
}

/**
 * Writes the head of the chain where a thief of the database cannot reach it, every hour: to the log, and to the file that steward.yml
 * names under `audit.anchorFile`.
 */
export function headSchedule(anchorFile: string | null): RegisteredEffect {
  return makeSchedule({
    kind: 'audit.head',
    everyMs: 3_600_000,
    run: async (services) => {
      const row = await services.db
        .selectFrom('audit_head')
        .select(['seal_seq', 'seal_mac', 'at'])
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (!row) return;
      const head = { sequence: row.seal_seq, mac: row.seal_mac, at: row.at.toISOString() };
      services.log.info(head, 'audit head');
      if (anchorFile === null) return;
      await appendFile(anchorFile, `${JSON.stringify(head)}\n`).catch((error: unknown) =>
        services.log.error({ err: error, file: anchorFile }, 'audit.anchorFile cannot be written'),
      );
    },
  });
}

/** Deletes audit rows that are older than `retention.audit`, once a day. */
export function auditPurgeSchedule(auditKey: string | null): RegisteredEffect {
  return makeSchedule({
    kind: 'audit.purge',
    everyMs: 86_400_000,
    run: async ({ db, config, log }, now) => {
      const purge = { key: auditKey, keepMs: config.retention.audit, now };
      try {
        while ((await purgeAudit(db, purge)) > 0);
      } catch (error) {
        if (!(error instanceof AuditStillKeptError)) throw error;
        log.error({ err: error }, error.message);
      }
    },
  });
}

const retentionBatch = 1_000;

/** Forgets what the retention rules say, in batches, so that no table grows with the past. */
export const retentionSchedule: RegisteredEffect = makeSchedule({
  kind: 'retention',
  everyMs: 3_600_000,
  run: async ({ db, config }, now) => {
    const before = (ms: number): Date => new Date(now.getTime() - ms);
    const { inbox, outbox, questions, signals } = config.retention;
    await inBatches(() =>
      sql`delete from inbox where id in (select id from inbox where state <> 'received' and finished_at < ${before(inbox)} limit ${retentionBatch})`.execute(
        db,
      ),
    );
    await inBatches(() =>
      sql`delete from outbox where id in (select id from outbox where state = 'done' and finished_at < ${before(outbox)} limit ${retentionBatch})`.execute(
        db,
      ),
    );
    await inBatches(() =>
      sql`delete from reply where id in (select id from reply where created_at < ${before(questions)} limit ${retentionBatch})`.execute(
        db,
      ),
    );
    await inBatches(() =>
      sql`delete from notice_waiting where key in (select key from notice_waiting where due_at < ${before(outbox)} limit ${retentionBatch})`.execute(
        db,
      ),
    );
    await inBatches(() =>
      sql`delete from approval_confirmation where id in (select id from approval_confirmation where expires_at < ${before(outbox)} limit ${retentionBatch})`.execute(
        db,
      ),
    );
    await inBatches(() =>
      sql`delete from reply_stream where delivery_key in (select delivery_key from reply_stream where created_at < ${before(inbox)} limit ${retentionBatch})`.execute(
        db,
      ),
    );
    while ((await eraseOldQuestions(db, before(questions))) > 0);
    while ((await forgetSignals(db, before(signals))) > 0);
    await sql`delete from lane where locked_until is null and not_before is null and key like 'slack:%' = false`.execute(
      db,
    );
  },
});

async function inBatches(step: () => Promise<{ numAffectedRows?: bigint | undefined }>): Promise<void> {
  for (;;) {
    const { numAffectedRows } = await step();
    if ((numAffectedRows ?? 0n) < BigInt(retentionBatch)) return;
  }
}
