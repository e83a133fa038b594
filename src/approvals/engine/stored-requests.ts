import type { Db } from '../../db/database.js';
import { StewardError } from '../../errors.js';
import type { StoredRequest, StoredRequests } from '../approvals.js';
import type { EngineContext } from './context.js';
import { readPolicyRequest } from './read-people.js';

/**
 * Open requests and those asked since a moment, as rules see them. Labels, owners and teams are as they are now, working hours
 * and rotations as they were at asking, so that two policies differ by their own words alone. Writes nothing.
 */
export async function storedRequests(
  context: EngineContext,
  db: Db,
  params: { since: Date },
): Promise<StoredRequests> {
  return db
    .transaction()
    .setAccessMode('read only')
    .execute(async (trx) => {
      const rows = await trx
        .selectFrom('approval_request')
        .innerJoin('person', 'person.id', 'approval_request.requester_id')
        .select([
          'approval_request.kind',
          'approval_request.subject_id',
          'approval_request.reference',
          'approval_request.requester_id',
          'approval_request.state',
          'approval_request.opened_at',
          'person.name as requester',
        ])
        .where((where) =>
          where.or([
            where('approval_request.state', '=', 'pending'),
            where('approval_request.opened_at', '>=', params.since),
          ]),
        )
        .orderBy('approval_request.opened_at')
        .orderBy('approval_request.id')
        .execute();
      const requests: StoredRequest[] = [];
      const unreadable: string[] = [];
      for (const row of rows) {
        const subject = context.subject(row.kind);
        const now = row.opened_at;
        try {
          const facts = await subject.facts(trx, row.subject_id, now);
          const beneficiaries = await subject.beneficiaries(trx, row.subject_id, now);
          const { requester_id: requesterId, reference, requester, state } = row;
          const ask = { requesterId, facts, beneficiaries, now };
          const request = await readPolicyRequest(context.services, trx, ask);
          requests.push({ reference, requester, state, request });
        } catch (error) {
          // Its dataset or pipeline is gone: no rule can be asked. A broken database is another matter.
          if (!(error instanceof StewardError)) throw error;
          unreadable.push(row.reference);
        }
      }
      return { requests, unreadable };
    });
}
