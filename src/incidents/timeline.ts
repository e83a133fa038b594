import { sql } from 'kysely';
import type { Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';
import { type ActOn, auditIncident, changeIncident } from './change.js';

export interface TimelineEntry {
  incidentId: string;
  at: Date;
  /** `state`, `alert`, `severity`, `role`, `update`, `task`, `note`, `message`, `backfill`, `definition`, `test`, `asset` … */
  kind: string;
  text: string;
  actorId?: string | null;
  link?: string | null;
  origin?: 'auto' | 'emoji' | 'command';
  /** The same source twice is one entry: `<channel>:<ts>` of a message. */
  sourceKey?: string;
  data?: Record<string, unknown>;
  now: Date;
}

/** Writes one line of the timeline in the caller's transaction. A hidden entry of the same source comes back. */
export async function addEntry(trx: Trx, entry: TimelineEntry): Promise<void> {
  await trx
    .insertInto('incident_event')
    .values({
      incident_id: entry.incidentId,
      at: entry.at,
      kind: entry.kind,
      text: entry.text.slice(0, 4_000),
      actor_id: entry.actorId ?? null,
      link: entry.link ?? null,
      origin: entry.origin ?? 'auto',
      source_key: entry.sourceKey ?? null,
      data: JSON.stringify(entry.data ?? {}),
      created_at: entry.now,
    })
    .onConflict((conflict) =>
      conflict.columns(['incident_id', 'source_key']).doUpdateSet({
        hidden: false,
        // What somebody has put right stays as they wrote it.
        text: sql`case when incident_event.data ? 'original' then incident_event.text else excluded.text end`,
        link: sql`coalesce(excluded.link, incident_event.link)`,
        data: sql`incident_event.data || excluded.data`,
      }),
    )
    .execute();
}

/** Somebody's note, by command. `at` may lie in the past: what was found out later happened earlier. */
export async function addNote(
  services: Services,
  params: ActOn & { text: string; at?: Date; link?: string },
): Promise<void> {
  const text = params.text.trim();
  if (text === '')
    throw new InvalidInputError(
      'Write what happened, for example `/incident note 12 the loader was restarted`.',
    );
  await changeIncident(services, params, 'incident.note', async (trx, incident) => {
    await addEntry(trx, {
      incidentId: incident.id,
      at: params.at ?? params.now,
      kind: 'note',
      text,
      actorId: params.actor.personId,
      link: params.link ?? null,
      origin: 'command',
      now: params.now,
    });
    await auditIncident(trx, params, incident, 'incident.note', { text: { text } });
  });
}

/**
 * Somebody marked a message that is an entry already: it is shown (again), and their mark is counted. False when it has to be read first.
 */
export async function markKnown(
  services: Services,
  params: { incidentId: string; sourceKey: string; slackId: string },
): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    update incident_event
    set hidden = false,
        data = jsonb_set(data, '{marks}', (coalesce(data -> 'marks', '[]') - ${params.slackId}::text) || to_jsonb(${params.slackId}::text))
    where incident_id = ${params.incidentId} and source_key = ${params.sourceKey}
    returning id`.execute(services.db);
  return rows.length > 0;
}

/** A mark was taken back: with the last one the entry goes out of sight. */
export async function unmark(
  services: Services,
  params: { sourceKey: string; slackId: string },
): Promise<void> {
  await sql`
    update incident_event
    set data = jsonb_set(data, '{marks}', coalesce(data -> 'marks', '[]') - ${params.slackId}::text),
        hidden = jsonb_array_length(coalesce(data -> 'marks', '[]') - ${params.slackId}::text) = 0
    where source_key = ${params.sourceKey} and origin = 'emoji'`.execute(services.db);
}

/** A message was marked, unmarked, edited or deleted. Where nothing was marked there is nothing to do. */
export async function followMessage(
  services: Services,
  params: { sourceKey: string; now: Date } & ({ hidden: boolean } | { text: string }),
): Promise<number> {
  const change = services.db.updateTable('incident_event').where('source_key', '=', params.sourceKey);
  const result = await ('hidden' in params
    ? change.set({ hidden: params.hidden })
    : // What somebody has put right in the timeline stays as they wrote it.
      change.set({ text: params.text.slice(0, 4_000) }).where(sql<boolean>`not data ? 'original'`)
  ).executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** With what was taken out of sight. */
export function wholeTimeline(services: Services, incidentId: string) {
  return services.db
    .selectFrom('incident_event')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('at')
    .orderBy('id');
}

export async function timelineOf(services: Services, incidentId: string, limit = 500) {
  return wholeTimeline(services, incidentId).where('hidden', '=', false).limit(limit).execute();
}
