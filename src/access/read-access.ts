import type { Db, Trx } from '../db/database.js';
import type { Person } from '../people/person.js';
import { accountsOf } from '../people/service-accounts.js';
import type { Services } from '../services.js';
import { rolesOnRequest } from './authority.js';
import { type AccessRow, liveStates, notThere, requestQuery } from './lifecycle.js';
import type { AccessState } from './tables.js';

/** `12`, `#12`, `ACC-12` to its number; null for anything else. */
export function parseNumber(text: string): number | null {
  const match = /^\s*(?:acc-|#)?(\d{1,9})\s*$/i.exec(text);
  return match?.[1] === undefined ? null : Number(match[1]);
}

/** A request by its number, for those who may see it. What is not there and what is private are answered alike. */
export async function findRequest(services: Services, person: Person, number: number): Promise<AccessRow> {
  const row = await requestQuery(services.db).where('access_request.number', '=', number).executeTakeFirst();
  if (!row) throw notThere();
  const roles = await rolesOnRequest(services, services.db, person, row);
  if (!services.authority.can('access.show', roles)) throw notThere();
  return row;
}

/** Requests that this person made, or that are for them, newest first. `before` is the cursor: the last number of the page before. */
export async function listMine(
  db: Db | Trx,
  params: { personId: string; states?: readonly AccessState[]; before?: number; limit: number },
): Promise<AccessRow[]> {
  const holders = await holdersFor(db, params.personId);
  let query = requestQuery(db).where((where) =>
    where.or([
      where('access_request.requester_id', '=', params.personId),
      where('access_request.beneficiary_id', 'in', holders),
    ]),
  );
  if (params.states) query = query.where('access_request.state', 'in', [...params.states]);
  if (params.before !== undefined) query = query.where('access_request.number', '<', params.before);
  return query.orderBy('access_request.number', 'desc').limit(params.limit).execute();
}

/** In whose name this person holds access: their own, and that of service accounts they run. */
async function holdersFor(db: Db | Trx, personId: string): Promise<string[]> {
  return [personId, ...(await accountsOf(db, personId)).map((account) => account.personId)];
}

/** What this person holds now, themselves or through a service account. */
export async function listHeld(db: Db | Trx, personId: string, limit: number): Promise<AccessRow[]> {
  return requestQuery(db)
    .where('access_request.beneficiary_id', 'in', await holdersFor(db, personId))
    .where('access_request.state', 'in', [...liveStates])
    .orderBy('access_request.ends_at')
    .limit(limit)
    .execute();
}

/** `3 days left`, of the last day `5 hours left`, of the last hour its minutes; null when it has no end yet. */
export function leftWords(endsAt: Date | null, now: Date): string | null {
  if (endsAt === null) return null;
  const ms = Math.max(0, endsAt.getTime() - now.getTime());
  const [unit, size] =
    ms > 86_400_000
      ? (['day', 86_400_000] as const)
      : ms > 3_600_000
        ? (['hour', 3_600_000] as const)
        : (['minute', 60_000] as const);
  const count = Math.ceil(ms / size);
  return `${count} ${unit}${count === 1 ? '' : 's'} left`;
}

export async function readEvents(db: Db | Trx, requestId: string, limit: number) {
  return db
    .selectFrom('access_event')
    .select(['at', 'kind', 'detail'])
    .where('request_id', '=', requestId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Every extension that was asked for of a request. */
export async function extensionsOf(db: Db | Trx, requestId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('access_extension')
    .select('id')
    .where('request_id', '=', requestId)
    .execute();
  return rows.map(({ id }) => id);
}
