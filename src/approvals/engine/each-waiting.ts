import type { Trx } from '../../db/database.js';
import type { EngineContext } from './context.js';
import { lockRequest, type RequestRow } from './finish.js';
import { waitingFor } from './read-view.js';
import type { StageRow } from './stages.js';
import { readStanding, type Standing } from './standing.js';

/** More would wait for nobody; those that are left come with their reminders. */
const readAtMost = 100;

export interface Waiting {
  request: RequestRow;
  standing: Standing;
  /** The open one. */
  stage: StageRow;
}

/** Does something about each undecided request that was put to somebody, locked and read afresh, each in a transaction of its own. What fails is left to the request's next reminder. */
export async function eachWaitingFor(
  context: EngineContext,
  { personId, now }: { personId: string; now: Date },
  act: (trx: Trx, waiting: Waiting) => Promise<void>,
): Promise<void> {
  const { db, log } = context.services;
  for (const { requestId, reference } of await waitingFor(db, { personId, limit: readAtMost })) {
    try {
      await db.transaction().execute(async (trx) => {
        const request = await lockRequest(context, trx, requestId);
        if (request.state !== 'pending') return;
        const standing = await readStanding(context, trx, request, now);
        if (standing.open) await act(trx, { request, standing, stage: standing.open });
      });
    } catch (error) {
      log.warn({ error, reference }, 'nobody could be told of what waits');
    }
  }
}
