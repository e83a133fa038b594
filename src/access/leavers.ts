import type { Actor } from '../audit/record.js';
import type { Services } from '../services.js';
import { startEnding } from './end-access.js';
import { endableStates, readRequest, requestQuery } from './lifecycle.js';

const actor: Actor = { personId: null, kind: 'system', channel: 'slack' };

/**
 * Whoever left holds nothing any more and waits for nothing: their grants are taken back, what nobody decided yet is cancelled. What they asked
 * for on behalf of somebody who is still there goes on. Returns how many requests ended.
 */
export async function endForLeaver(
  services: Services,
  { personId, now }: { personId: string; now: Date },
): Promise<number> {
  const person = await services.directory.byId(services.db, personId);
  const reason = `The account of ${person?.name ?? 'whoever holds it'} was deactivated.`;
  const theirs = await requestQuery(services.db)
    .where('access_request.state', 'in', ['requested', ...endableStates])
    .where((where) =>
      where.or([
        where('access_request.beneficiary_id', '=', personId),
        where.and([
          where('access_request.requester_id', '=', personId),
          where('access_request.state', '=', 'requested'),
        ]),
      ]),
    )
    .orderBy('access_request.id')
    .execute();
  for (const { id, state } of theirs) {
    if (state !== 'requested') continue;
    await services.db
      .transaction()
      .execute((trx) =>
        services.approvals.cancel(trx, { kind: 'access', subjectId: id, reason, actor, now }),
      );
  }
  // All at once: ended one by one, the first would be said to go on through the second.
  await services.db.transaction().execute(async (trx) => {
    for (const { id } of theirs) {
      const request = await readRequest(trx, id, true);
      // Also what was approved in this very moment.
      if (request.beneficiary_id !== personId || !endableStates.some((live) => live === request.state))
        continue;
      await startEnding(services, trx, request, { how: 'revoked', reason, by: null, actor, now });
    }
  });
  return theirs.length;
}
