import type { Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';
import { type ActOn, auditIncident, changeIncident } from './change.js';
import type { Incident } from './incident.js';
import { addEntry } from './timeline.js';

/** Times that people may know better than the clock of the moment they were written at, in the order in which they happen. */
export const keyTimes = ['started', 'detected', 'acknowledged', 'mitigated', 'resolved'] as const;
export type KeyTime = (typeof keyTimes)[number];

const columns = {
  started: 'started_at',
  detected: 'detected_at',
  acknowledged: 'acknowledged_at',
  mitigated: 'mitigated_at',
  resolved: 'resolved_at',
} as const satisfies Record<KeyTime, keyof Incident>;

export const keyTimeOf = (incident: Incident, name: KeyTime): Date | null => incident[columns[name]];

/**
 * Which may be put right now. What has not happened yet is done by its own word (`ack`, `mitigate`, `resolve`), which brings more with it
 * than a time.
 */
export function correctable(incident: Incident): KeyTime[] {
  return keyTimes.filter((name) => name === 'started' || keyTimeOf(incident, name) !== null);
}

/** What does not fit, by key time; empty where all of it may be so. */
export function faultsOf(
  incident: Incident,
  given: Partial<Record<KeyTime, Date>>,
  now: Date,
): Partial<Record<KeyTime, string>> {
  const faults: Partial<Record<KeyTime, string>> = {};
  let last: { name: KeyTime; at: Date } | null = null;
  for (const name of keyTimes) {
    const at = given[name] ?? keyTimeOf(incident, name);
    if (at === null) continue;
    if (at > now) faults[name] = 'That lies in the future.';
    else if (last !== null && minute(at) < minute(last.at) && (given[name] ?? given[last.name]) !== undefined)
      faults[given[name] === undefined ? last.name : name] =
        `${capital(name)} cannot be before ${last.name}.`;
    // Somebody may mitigate before anybody has acknowledged: that clock stands apart.
    if (name !== 'acknowledged') last = { name, at };
  }
  return faults;
}

/** Puts key times right. Review, numbers and statistics follow; what they were stands in the audit. */
export async function correctKeyTimes(
  services: Services,
  params: ActOn & { times: Partial<Record<KeyTime, Date>> },
): Promise<Incident> {
  return changeIncident(services, params, 'incident.link', (trx, incident) =>
    correctLocked(trx, incident, params),
  );
}

/** The same for an incident whose row is locked and which the actor may change. */
export async function correctLocked(
  trx: Trx,
  incident: Incident,
  params: Pick<ActOn, 'actor' | 'now'> & { times: Partial<Record<KeyTime, Date>> },
): Promise<Incident> {
  const { times, now } = params;
  const changed = keyTimes.flatMap((name) => {
    const at = times[name];
    return at !== undefined && at.getTime() !== keyTimeOf(incident, name)?.getTime() ? [{ name, at }] : [];
  });
  const early = changed.find(({ name }) => !correctable(incident).includes(name));
  if (early !== undefined)
    throw new InvalidInputError(`It is not ${early.name} yet. Nothing was changed.`, {
      [early.name]: 'has not happened yet',
    });
  const faults = faultsOf(incident, Object.fromEntries(changed.map(({ name, at }) => [name, at])), now);
  const [fault] = Object.values(faults);
  if (fault !== undefined) throw new InvalidInputError(`${fault} Nothing was changed.`, faults);
  if (changed.length === 0) return incident;
  const corrected = await trx
    .updateTable('incident')
    .set({ updated_at: now, ...Object.fromEntries(changed.map(({ name, at }) => [columns[name], at])) })
    .where('id', '=', incident.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const started = changed.find(({ name }) => name === 'started');
  if (started !== undefined)
    await noteStart(trx, { incidentId: incident.id, at: started.at, actorId: params.actor.personId, now });
  const words = (of: Incident) =>
    Object.fromEntries(changed.map(({ name }) => [name, keyTimeOf(of, name)?.toISOString() ?? null]));
  await auditIncident(trx, params, incident, 'incident.key-times', {
    before: words(incident),
    after: words(corrected),
  });
  return corrected;
}

/** The line of the timeline that `noteStart` writes. */
export const startKey = 'key-time:started';

/** One line of the timeline says when the data went bad, whoever said so first; who knows better moves it. */
export async function noteStart(
  trx: Trx,
  params: { incidentId: string; at: Date; actorId?: string | null; now: Date },
): Promise<void> {
  const moved = await trx
    .updateTable('incident_event')
    .set({ at: params.at })
    .where('incident_id', '=', params.incidentId)
    .where('source_key', '=', startKey)
    .executeTakeFirst();
  if (moved.numUpdatedRows > 0n) return;
  await addEntry(trx, {
    ...params,
    kind: 'start',
    text: 'The data went bad',
    data: { started: true },
    sourceKey: startKey,
  });
}

/** Forms know minutes; the clock of the moment knows more. */
const minute = (at: Date): number => Math.floor(at.getTime() / 60_000);

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
