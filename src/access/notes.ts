import { requesterCardKey } from '../approvals/engine/finish.js';
import type { Trx } from '../db/database.js';
import { postCard } from '../jobs/outgoing.js';
import { postNotice } from '../notices/post-notice.js';
import { ownersOf } from '../people/owners-of.js';
import type { Services } from '../services.js';
import type { AccessRow } from './lifecycle.js';

/** A line in the thread of the requester's card: what changed, without a new message for every step. */
export type Note = 'granted' | 'warn' | 'ended' | 'stuck' | 'suspended' | 'restored';

export async function noteToRequester(
  services: Services,
  trx: Trx,
  request: AccessRow,
  note: Note,
  now: Date,
  /** Tells apart notes of one kind that may come more than once. */
  occasion?: string,
): Promise<void> {
  const approval = await trx
    .selectFrom('approval_request')
    .select('id')
    .where('kind', '=', 'access')
    .where('subject_id', '=', request.id)
    .orderBy('opened_at', 'desc')
    .executeTakeFirst();
  const card = { kind: 'access-note', id: request.id, variant: note };
  const thread = approval ? { inThreadOf: requesterCardKey(approval.id) } : {};
  // An extension can bring a second warning: the end it warns of names it.
  const told = occasion ?? (note === 'warn' ? String(request.ends_at?.getTime() ?? 0) : null);
  const which = told === null ? '' : `:${told}`;
  const key = `access:${request.id}:${note}${which}`;
  const personId = request.requester_id;
  // Whoever asked hears what became of it; the warning alone is theirs to stop.
  if (note === 'warn')
    await postNotice(services, trx, { topic: 'access-ending', personId, key, card, now, ...thread });
  else await postCard(trx, { key, to: { personId }, card, now, ...thread });
  if (request.beneficiary_id !== request.requester_id && request.beneficiary_kind === 'person') {
    await postNotice(services, trx, {
      topic: note === 'warn' ? 'access-ending' : 'access-for-you',
      personId: request.beneficiary_id,
      key: `${key}:for`,
      card,
      now,
    });
  }
  if (note === 'stuck') await noteToOwners(services, trx, request, note, now);
}

export async function noteToOwners(
  services: Services,
  trx: Trx,
  request: AccessRow,
  variant: string,
  now: Date,
): Promise<void> {
  const asset = services.catalog.current().view.get(request.asset_id);
  const people = await ownersOf(services, trx, asset);
  for (const team of services.config.authority.security)
    people.push(...(await services.directory.teamMembers(trx, team)));
  for (const id of new Set(people.map((person) => person.id))) {
    await postCard(trx, {
      key: `access:${request.id}:${variant}:owner:${id}`,
      to: { personId: id },
      card: { kind: 'access-note', id: request.id, variant },
      now,
    });
  }
}
