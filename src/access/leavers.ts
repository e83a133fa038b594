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
    await services.db.transaction().execute(async (trx) => {
      // Locks the approval first, as a decision does.
      if (state === 'requested')
        await services.approvals.cancel(trx, { kind: 'access', subjectId: id, reason, actor, now });
      const request = await readRequest(trx, id, true);
      // Approved in that very moment, or live all along.
      if (!endableStates.some((live) => live === request.state)) return;
      if (request.beneficiary_id !== personId) return;
      await startEnding(services, trx, request, { how: 'revoked', reason, by: null, actor, now });
    });
  }
  return theirs.length;
}
