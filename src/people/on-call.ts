import type { Logger } from 'pino';
import type { PersonConfig } from '../config/steward-schema.js';
import type { Db, Trx } from '../db/database.js';
import { StewardError } from '../errors.js';
import type { Directory } from './directory.js';
import type { Person } from './person.js';

interface Rotation {
  people: string[];
  start: string;
  /** Length of a turn in milliseconds. */
  every: number;
}

/** Whether this person is away on that day, by steward.yml. */
export function isAway(people: readonly PersonConfig[], email: string, at: Date): boolean {
  const away = people.find((person) => person.email === email)?.away;
  if (!away) return false;
  const day = at.toISOString().slice(0, 10);
  return away.from <= day && day <= away.to;
}

/** E-mail of whoever's turn it is; someone away is skipped for the next in the rotation. Empty before its start. */
export function onCallAt(rotation: Rotation, people: readonly PersonConfig[], at: Date): string[] {
  const turn = Math.floor((at.getTime() - Date.parse(rotation.start)) / rotation.every);
  if (turn < 0) return [];
  for (let step = 0; step < rotation.people.length; step += 1) {
    const email = rotation.people[(turn + step) % rotation.people.length];
    if (email && !isAway(people, email.toLowerCase(), at)) return [email.toLowerCase()];
  }
  return [];
}

/** How long a look into a pager is believed after it, in milliseconds. */
const lookValidMs = 15 * 60_000;

/** Nobody can say who is on call: the pager was not reached in time. */
export class OnCallUnknownError extends StewardError {
  readonly code = 'on_call_unknown';
}

/**
 * Ids of whoever the team's pager named last.
 * @throws OnCallUnknownError when that is too long ago
 */
export async function onCallByPager(
  db: Db | Trx,
  team: { id: string; name?: string | undefined },
  at: Date,
): Promise<string[]> {
  const look = await db
    .selectFrom('on_call_look')
    .selectAll()
    .where('team_id', '=', team.id)
    .executeTakeFirst();
  if (look?.looked_at && at.getTime() - look.looked_at.getTime() <= lookValidMs) return look.people;
  throw new OnCallUnknownError(
    `Who is on call for ${team.name ?? team.id} cannot be read${look?.trouble ? `: ${look.trouble}` : ' yet'}. Ask the team, or look into the pager.`,
  );
}

/** For what goes on without them: whoever is on call, or nobody when a pager cannot say. Other failures are thrown. */
export async function onCallOrNobody(
  services: { directory: Directory; log: Logger },
  db: Db | Trx,
  teamId: string,
  at: Date,
): Promise<Person[]> {
  try {
    return await services.directory.onCall(db, teamId, at);
  } catch (error) {
    if (!(error instanceof OnCallUnknownError)) throw error;
    services.log.warn({ team: teamId }, error.message);
    return [];
  }
}
