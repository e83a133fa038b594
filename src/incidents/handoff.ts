import type { Services } from '../services.js';
import { hiddenFromSome } from './known-assets.js';
import { mutesFor } from './mute.js';
import { liveStates } from './transitions.js';

/** What the next on-call takes over: one message, which may be shared, so that only what anybody may know of is named. */
export interface Handoff {
  incidents: { number: number; title: string; severity: string; state: string }[];
  triage: number;
  /** Running backfills, as their notices say it. */
  backfills: { reference: string; summary: string }[];
  mutes: { label: string; startsAt: Date; until: Date; reason: string; planned: boolean }[];
  followUps: { number: number; title: string; dueAt: Date | null }[];
}

export async function handoffOf(services: Services, now: Date): Promise<Handoff> {
  const { db } = services;
  const incidents = await db
    .selectFrom('incident')
    .select(['number', 'title', 'severity', 'state'])
    .where('state', 'in', [...liveStates])
    .where('private', '=', false)
    .orderBy('number', 'desc')
    .limit(20)
    .execute();
  const triage = await db
    .selectFrom('incident')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('state', '=', 'triage')
    .executeTakeFirst();
  const due = await db
    .selectFrom('incident_task')
    .innerJoin('incident', 'incident.id', 'incident_task.incident_id')
    .select(['incident.number', 'incident_task.title', 'incident_task.due_at'])
    .where('incident_task.kind', '=', 'follow_up')
    .where('incident_task.state', '=', 'open')
    .where('incident.private', '=', false)
    .where('incident_task.due_at', '<', new Date(now.getTime() + 7 * 86_400_000))
    .orderBy('incident_task.due_at')
    .limit(20)
    .execute();
  const notices = await db
    .selectFrom('asset_notice')
    .select(['asset_id', 'reference', 'summary'])
    .where('kind', '=', 'backfill')
    .where('relation', '=', 'direct')
    .where('ends_at', 'is', null)
    .orderBy('starts_at')
    .limit(200)
    .execute();
  const running = new Map<string, string>();
  for (const { asset_id, reference, summary } of notices)
    if (!running.has(reference) && hiddenFromSome(services, asset_id) === undefined)
      running.set(reference, summary);
  return {
    incidents,
    triage: Number(triage?.count ?? 0),
    backfills: [...running].slice(0, 10).map(([reference, summary]) => ({ reference, summary })),
    mutes: (await mutesFor(services, { teams: [] }, now)).map(
      ({ label, starts_at: startsAt, until, reason, planned }) => ({
        label,
        startsAt,
        until,
        reason,
        planned,
      }),
    ),
    followUps: due.map(({ number, title, due_at }) => ({ number, title, dueAt: due_at })),
  };
}
