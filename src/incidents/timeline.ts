import { sql } from 'kysely';
import type { Trx } from '../db/database.js';
import { orderedId } from '../db/ordered-id.js';
import { InvalidInputError } from '../errors.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { type ActOn, auditIncident, changeIncident, incidentCard } from './change.js';

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

/** Somebody put the words right by hand: from then on they stay as that person wrote them, whatever becomes of their source. */
const correctedWords = sql<boolean>`coalesce(incident_event.data -> 'original' ->> 'text' <> incident_event.text, false)`;

/** Writes one line of the timeline in the caller's transaction. A hidden entry of the same source comes back, unless somebody left it out by hand. */
export async function addEntry(trx: Trx, entry: TimelineEntry): Promise<void> {
  await trx
    .insertInto('incident_event')
    .values({
      // Entries of one instant are read in the order in which they were written.
      id: orderedId(),
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
        hidden: sql<boolean>`incident_event.data ? 'leftOut'`,
        // What somebody has put right stays as they wrote it.
        text: sql`case when ${correctedWords} then incident_event.text else excluded.text end`,
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
 * Somebody marked a message that is an entry already: it is shown (again) unless somebody left it out by hand, and their mark is counted.
 * False when it has to be read first.
 */
export async function markKnown(
  services: Services,
  params: { incidentId: string; sourceKey: string; slackId: string; now: Date },
): Promise<boolean> {
  return changeEntries(services, params.now, async (trx) => {
    const { rows } = await sql<Changed>`
      update incident_event
      set hidden = data ? 'leftOut',
          data = jsonb_set(data, '{marks}', (coalesce(data -> 'marks', '[]') - ${params.slackId}::text) || to_jsonb(${params.slackId}::text))
      where incident_id = ${params.incidentId} and source_key = ${params.sourceKey}
      returning incident_id`.execute(trx);
    return rows;
  });
}

/** A mark was taken back: with the last one the entry goes out of sight. */
export async function unmark(
  services: Services,
  params: { sourceKey: string; slackId: string; now: Date },
): Promise<void> {
  await changeEntries(services, params.now, async (trx) => {
    const { rows } = await sql<Changed>`
      update incident_event
      set data = jsonb_set(data, '{marks}', coalesce(data -> 'marks', '[]') - ${params.slackId}::text),
          hidden = jsonb_array_length(coalesce(data -> 'marks', '[]') - ${params.slackId}::text) = 0 or data ? 'leftOut'
      where source_key = ${params.sourceKey} and origin = 'emoji'
      returning incident_id`.execute(trx);
    return rows;
  });
}

/**
 * A marked message says something else now, or is gone. Words that somebody put right by hand stay; where only the time was put right, the
 * words follow. Where nothing was marked there is nothing to do.
 */
export async function followMessage(
  services: Services,
  params: { sourceKey: string; now: Date; text: string },
): Promise<boolean> {
  const text = params.text.slice(0, 4_000);
  return changeEntries(services, params.now, async (trx) => {
    const { rows } = await sql<Changed>`
      update incident_event
      set text = ${text},
          data = case when data ? 'original' then jsonb_set(data, '{original,text}', to_jsonb(${text}::text)) else data end
      where source_key = ${params.sourceKey} and text <> ${text} and not ${correctedWords}
      returning incident_id`.execute(trx);
    return rows;
  });
}

interface Changed {
  incident_id: string;
}

/** Cards that show these entries, a posted review among them, follow. False where nothing was changed. */
async function changeEntries(
  services: Services,
  now: Date,
  change: (trx: Trx) => Promise<Changed[]>,
): Promise<boolean> {
  return services.db.transaction().execute(async (trx) => {
    const changed = await change(trx);
    for (const id of new Set(changed.map(({ incident_id }) => incident_id)))
      await refreshCards(trx, { kind: incidentCard, id }, now);
    return changed.length > 0;
  });
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

export async function timelineOf(services: Services, incidentId: string) {
  return wholeTimeline(services, incidentId).where('hidden', '=', false).execute();
}
