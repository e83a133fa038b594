import { z } from 'zod';
import type { Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';
import { type ActOn, auditIncident, changeIncident } from './change.js';
import type { Incident } from './incident.js';
import { correctLocked, startKey } from './key-times.js';
import { addEntry } from './timeline.js';

const longest = 2_900;

/** What an entry said before anybody changed it; kept with it for good. */
const original = z.object({ text: z.string(), at: z.iso.datetime() });
export type OriginalEntry = z.infer<typeof original>;

/** The entry as it was first written; null where it still is. */
export function originalOf(data: Record<string, unknown>): OriginalEntry | null {
  return original.safeParse(data.original).data ?? null;
}

/** Other words, another time, or out of sight. When the data went bad is a key time too, and moves with its line. The first words and time stay with the entry. Throws where the entry is another incident's. */
export async function editEntry(
  services: Services,
  params: ActOn & { entryId: string; text?: string; at?: Date; hidden?: boolean },
): Promise<Incident> {
  return changeIncident(services, params, 'incident.note', async (trx, incident) => {
    const before = await lockEntry(trx, incident, params.entryId);
    const words = params.text === undefined ? undefined : checkedWords(params.text);
    // A form holds no more than so much of it: words that nobody touched stay whole.
    const touched = words !== undefined && words !== before.text.slice(0, longest).trim();
    const text = touched ? words : before.text;
    const at = params.at === undefined ? before.at : checkedTime(params.at, params.now);
    const hidden = params.hidden ?? before.hidden;
    const changed = text !== before.text || at.getTime() !== before.at.getTime();
    if (!changed && hidden === before.hidden) return incident;
    if (before.source_key === startKey && at.getTime() !== before.at.getTime())
      await correctLocked(trx, incident, { ...params, times: { started: at } });
    const { leftOut: _, ...data } = before.data;
    const first = originalOf(data) ?? { text: before.text, at: before.at.toISOString() };
    await trx
      .updateTable('incident_event')
      .set({
        text,
        at,
        hidden,
        data: JSON.stringify({
          ...data,
          ...(changed ? { original: first } : {}),
          // Marks of a message bring it back into sight; whoever left it out by hand meant it.
          ...(hidden ? { leftOut: true } : {}),
        }),
      })
      .where('id', '=', before.id)
      .execute();
    await auditIncident(trx, params, incident, 'incident.timeline-edit', {
      before: { entry: before.id, at: before.at.toISOString(), hidden: before.hidden },
      after: { entry: before.id, at: at.toISOString(), hidden },
      ...(text === before.text ? {} : { text: { before: before.text, after: text } }),
    });
    return incident;
  });
}

/** An entry that nobody wrote when it happened. */
export async function addMissingEntry(
  services: Services,
  params: ActOn & { text: string; at: Date; link?: string },
): Promise<Incident> {
  const text = checkedWords(params.text);
  const at = checkedTime(params.at, params.now);
  return changeIncident(services, params, 'incident.note', async (trx, incident) => {
    await addEntry(trx, {
      incidentId: incident.id,
      at,
      kind: 'note',
      text,
      actorId: params.actor.personId,
      link: params.link ?? null,
      origin: 'command',
      data: { addedLater: true },
      now: params.now,
    });
    await auditIncident(trx, params, incident, 'incident.note', {
      after: { at: at.toISOString() },
      text: { text },
    });
    return incident;
  });
}

async function lockEntry(trx: Trx, incident: Incident, entryId: string) {
  const found = /^[0-9a-f-]{1,36}$/i.test(entryId)
    ? await trx
        .selectFrom('incident_event')
        .selectAll()
        .where('id', '=', entryId)
        .where('incident_id', '=', incident.id)
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  if (found === undefined)
    throw new InvalidInputError('That entry is not in this incident. Nothing was changed.');
  return found;
}

function checkedWords(given: string): string {
  const text = given.trim().slice(0, longest);
  if (text === '')
    throw new InvalidInputError(
      'An entry needs words. To take it out of the review, tick "Leave it out". Nothing was changed.',
      { text: 'write what happened' },
    );
  return text;
}

function checkedTime(at: Date, now: Date): Date {
  if (at > now)
    throw new InvalidInputError('What has not happened yet is no entry. Nothing was changed.', {
      at: 'that lies in the future',
    });
  return at;
}
