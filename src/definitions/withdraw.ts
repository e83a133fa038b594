import type { Actor } from '../audit/record.js';
import type { Role } from '../authority/authority.js';
import type { Db, Trx } from '../db/database.js';
import { NotFoundError } from '../errors.js';
import { enqueue } from '../jobs/outbox.js';
import { postCard } from '../jobs/outgoing.js';
import { ownersOf } from '../people/owners-of.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { noticeEffectKind } from './notices.js';
import { cardKind, type DefinitionRow, moveDefinition, referenceOf } from './record.js';

/** Who looks after an approved change until its source has it: whoever proposed it, and the owners of what it is about. Active people, each once. */
export async function keepersOf(
  services: Pick<Services, 'directory' | 'catalog'>,
  db: Db | Trx,
  change: Pick<DefinitionRow, 'requested_by' | 'asset_id'>,
): Promise<Person[]> {
  const { requested_by: requesterId, asset_id: assetId } = change;
  const requester = requesterId === null ? null : await services.directory.byId(db, requesterId);
  const owners = await ownersOf(services, db, services.catalog.current().view.get(assetId));
  const all = requester?.status === 'active' ? [requester, ...owners] : owners;
  return [...new Map(all.map((person) => [person.id, person])).values()];
}

/**
 * Takes back a change that is approved and that its source does not have: answers stop speaking of it, nobody is reminded, and where it was a deprecation those
 * who were warned hear that it stays. What stands in the repository stays there: Steward closes no pull request.
 * @returns what people call it, `DEF-3`.
 * @throws NotFoundError, NotAllowedError, IllegalTransitionError once it is in the source or withdrawn.
 */
export async function withdrawApproved(
  services: Services,
  params: { changeId: string; person: Person; actor: Actor; now: Date },
): Promise<string> {
  const { changeId, person, actor, now } = params;
  return services.db.transaction().execute(async (trx) => {
    const change = await trx
      .selectFrom('definition_change')
      .selectAll()
      .where('id', '=', changeId)
      .forUpdate()
      .executeTakeFirst();
    if (change === undefined)
      throw new NotFoundError('There is no such definition change. Nothing was changed.');
    const keepers = await keepersOf(services, trx, change);
    services.authority.require('definition.withdraw', rolesOf(change, person, keepers));
    // Before it is decided it is withdrawn as a request, by the engine that decides it.
    if (change.state === 'proposed')
      throw new NotFoundError(
        `${referenceOf(change)} is not approved. Nothing was changed: withdraw the request.`,
      );
    await moveDefinition(trx, change, 'withdrawn', { actor, now });
    for (const { id } of keepers.filter((keeper) => keeper.id !== person.id)) {
      await postCard(trx, {
        key: `definition:${change.id}:withdrawn:${id}`,
        to: { personId: id },
        card: { kind: cardKind, id: change.id, variant: 'keeper' },
        now,
      });
    }
    if (change.kind === 'deprecate')
      await enqueue(trx, {
        kind: noticeEffectKind,
        queue: 'work',
        key: `${noticeEffectKind}:${change.id}:withdrawn`,
        payload: { changeId: change.id, phase: 'withdrawn' },
        now,
      });
    return referenceOf(change);
  });
}

function rolesOf(change: DefinitionRow, person: Person, keepers: readonly Person[]): ReadonlySet<Role> {
  const roles = new Set<Role>();
  if (person.kind !== 'member' || person.status !== 'active') return roles;
  if (person.isAdmin) roles.add('admin');
  if (change.requested_by === person.id) roles.add('requester');
  else if (keepers.some(({ id }) => id === person.id)) roles.add('owner');
  return roles;
}
