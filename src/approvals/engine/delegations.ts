import { type Actor, recordAudit } from '../../audit/record.js';
import type { Db, Trx } from '../../db/database.js';
import { InvalidInputError, NotAllowedError, NotFoundError } from '../../errors.js';
import type { Services } from '../../services.js';
import type { EngineContext } from './context.js';
import { mayBeAsked } from './may-be-asked.js';

/** Live stand-ins: from whom to whom. From the table and from `people.away.delegate` in steward.yml. Not transitive. */
async function liveDelegations(
  services: Services,
  db: Db | Trx,
  now: Date,
): Promise<{ fromId: string; toId: string }[]> {
  const rows = await db
    .selectFrom('approval_delegation')
    .select(['from_id', 'to_id'])
    .where('starts_at', '<=', now)
    .where('ends_at', '>', now)
    .where('ended_at', 'is', null)
    .execute();
  const live = rows.map((row) => ({ fromId: row.from_id, toId: row.to_id }));
  const today = now.toISOString().slice(0, 10);
  for (const person of services.config.people) {
    const away = person.away;
    if (!away?.delegate || away.from > today || away.to < today) continue;
    const from = await services.directory.byEmail(db, person.email);
    const to = await services.directory.byEmail(db, away.delegate);
    if (from && to) live.push({ fromId: from.id, toId: to.id });
  }
  return live;
}

/** People this one stands in for now. */
export async function principalsOf(
  services: Services,
  db: Db | Trx,
  personId: string,
  now: Date,
): Promise<string[]> {
  const live = await liveDelegations(services, db, now);
  return live.filter((item) => item.toId === personId).map((item) => item.fromId);
}

/** People who stand in for any of these now. */
export async function standInsFor(
  services: Services,
  db: Db | Trx,
  personIds: readonly string[],
  now: Date,
): Promise<string[]> {
  const live = await liveDelegations(services, db, now);
  return live.filter((item) => personIds.includes(item.fromId)).map((item) => item.toId);
}

export interface DelegateParams {
  fromPersonId: string;
  toPersonId: string;
  startsAt: Date;
  endsAt: Date;
  reason: string | null;
  actor: Actor;
  now: Date;
}

const longestMs = 90 * 86_400_000;

/** Only for oneself: nobody hands out another person's approvals. */
export async function delegate(context: EngineContext, params: DelegateParams): Promise<string> {
  const { services } = context;
  const { fromPersonId, toPersonId, startsAt, endsAt, now } = params;
  if (params.actor.personId !== fromPersonId) {
    throw new NotAllowedError('You can only choose a stand-in for yourself. Nothing was changed.');
  }
  if (fromPersonId === toPersonId) {
    throw new InvalidInputError('Choose somebody else as your stand-in.', {
      person: 'Choose somebody else.',
    });
  }
  if (endsAt <= startsAt || endsAt <= now || endsAt.getTime() - startsAt.getTime() > longestMs) {
    throw new InvalidInputError('A stand-in needs an end after its start, at most 90 days later.', {
      end: 'Choose an end after the start, at most 90 days later.',
    });
  }
  return services.db.transaction().execute(async (trx) => {
    const to = await services.directory.byId(trx, toPersonId);
    if (!mayBeAsked(to)) {
      throw new InvalidInputError('Only an active colleague can stand in for you. Nothing was changed.', {
        person: 'Choose an active colleague.',
      });
    }
    const row = await trx
      .insertInto('approval_delegation')
      .values({
        from_id: fromPersonId,
        to_id: toPersonId,
        starts_at: startsAt,
        ends_at: endsAt,
        reason: params.reason,
        created_at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await recordAudit(trx, {
      actor: params.actor,
      action: 'approval.delegate',
      subject: { kind: 'delegation', id: row.id },
      now,
      after: { from: fromPersonId, to: toPersonId, startsAt, endsAt },
      ...(params.reason === null ? {} : { text: { reason: params.reason } }),
    });
    return row.id;
  });
}

export async function endDelegation(
  context: EngineContext,
  params: { delegationId: string; personId: string; actor: Actor; now: Date },
): Promise<void> {
  await context.services.db.transaction().execute(async (trx) => {
    const ended = await trx
      .updateTable('approval_delegation')
      .set({ ended_at: params.now })
      .where('id', '=', params.delegationId)
      .where('from_id', '=', params.personId)
      .where('ended_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!ended) throw new NotFoundError('There is no such stand-in of yours that is still running.');
    await recordAudit(trx, {
      actor: params.actor,
      action: 'approval.delegation_end',
      subject: { kind: 'delegation', id: params.delegationId },
      now: params.now,
    });
  });
}
