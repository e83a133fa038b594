import { z } from 'zod';
import type { Db } from '../../src/db/database.js';
import type { BehindEntry } from '../protocol.js';

/** What happened behind a click: audit rows and finished work, newest last. */
export function makeBehind(db: Db): (query: { since: string; limit: number }) => Promise<BehindEntry[]> {
  return async ({ since, limit }) => {
    const from = new Date(since);
    const audits = await db
      .selectFrom('audit')
      .leftJoin('person', 'person.id', 'audit.actor_id')
      .leftJoin('audit_text', 'audit_text.audit_id', 'audit.id')
      .select([
        'audit.id',
        'audit.at',
        'audit.action',
        'audit.actor_kind',
        'audit.channel',
        'audit.subject_kind',
        'audit.subject_id',
        'audit.before',
        'audit.after',
        'person.name',
        'audit_text.text',
      ])
      .where('audit.at', '>=', from)
      .orderBy('audit.id', 'desc')
      .limit(limit)
      .execute();
    const jobs = await db
      .selectFrom('outbox')
      .select([
        'id',
        'kind',
        'key',
        'queue',
        'lane',
        'payload',
        'state',
        'attempts',
        'last_error',
        'created_at',
        'finished_at',
      ])
      .where('finished_at', '>=', from)
      .orderBy('finished_at', 'desc')
      .limit(limit)
      .execute();
    return [
      ...(await warehouseTouches(db, from, limit)),
      ...audits.map(
        (row): BehindEntry => ({
          id: `audit-${row.id}`,
          at: row.at.toISOString(),
          kind: row.action.includes('probe') ? 'probe' : 'audit',
          title: `${row.action} by ${row.name ?? row.actor_kind}`,
          ok: true,
          detail: {
            subject: `${row.subject_kind} ${row.subject_id}`,
            channel: row.channel,
            before: row.before,
            after: row.after,
            ...(row.text ? { text: JSON.parse(row.text) as unknown } : {}),
          },
        }),
      ),
      ...jobs.map(
        (row): BehindEntry => ({
          id: `job-${row.id}-${row.finished_at?.getTime() ?? 0}`,
          at: (row.finished_at ?? row.created_at).toISOString(),
          kind: 'job',
          title: row.kind,
          ok: row.state === 'done',
          detail: {
            key: row.key,
            queue: row.queue,
            lane: row.lane,
            payload: row.payload,
            attempts: row.attempts,
            ...(row.last_error ? { error: row.last_error } : {}),
          },
        }),
      ),
    ]
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .slice(-limit);
  };
}

/** What a change of access said and asked in the warehouse. */
const touch = z.looseObject({
  statements: z.array(z.string()).default([]),
  probe: z.string().optional(),
  can: z.boolean().nullish(),
});

/** SQL that ran in the warehouse for a grant or a revoke, and what the probe after it saw. */
async function warehouseTouches(db: Db, from: Date, limit: number): Promise<BehindEntry[]> {
  const events = await db
    .selectFrom('access_event')
    .select(['id', 'at', 'kind', 'detail'])
    .where('at', '>=', from)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return events.flatMap((event): BehindEntry[] => {
    const parsed = touch.safeParse(event.detail);
    if (!parsed.success) return [];
    const at = event.at.toISOString();
    const { statements, probe, can } = parsed.data;
    return [
      ...statements.map(
        (sql, index): BehindEntry => ({
          id: `sql-${event.id}-${index}`,
          at,
          kind: 'sql',
          title: event.kind,
          ok: true,
          detail: { sql },
        }),
      ),
      ...(probe === undefined
        ? []
        : [
            {
              id: `probe-${event.id}`,
              at,
              kind: 'probe' as const,
              title: probe,
              ok: true,
              detail: { can: can ?? null },
            },
          ]),
    ];
  });
}
