import type { EngineContext } from './context.js';
import { lockRequest } from './finish.js';
import { waitingFor } from './read-view.js';
import { candidatesOf, liveStage, tellApprovers } from './stages.js';
import { readStanding, usedOutside } from './standing.js';

/** More would wait for nobody; those that are left come with their reminders. */
const toldAtMost = 100;

/** What waits for somebody already is put to whoever stands in for them from now on, but for what that person may not decide. */
export async function tellStandIn(
  context: EngineContext,
  { fromPersonId, toPersonId, now }: { fromPersonId: string; toPersonId: string; now: Date },
): Promise<void> {
  const { db, directory, log } = context.services;
  const to = await directory.byId(db, toPersonId);
  if (to === null) return;
  for (const { requestId, reference } of await waitingFor(db, {
    personId: fromPersonId,
    limit: toldAtMost,
  })) {
    try {
      await db.transaction().execute(async (trx) => {
        const request = await lockRequest(context, trx, requestId);
        if (request.state !== 'pending') return;
        const standing = await readStanding(context, trx, request, now);
        const stage = standing.open;
        if (!stage || standing.people.excluded.has(to.id)) return;
        const live = liveStage(stage.policy, standing.people, usedOutside(standing, stage.idx));
        if (!candidatesOf(live).some(({ id }) => id === fromPersonId)) return;
        await tellApprovers(context, trx, {
          request,
          stage,
          candidates: [{ id: to.id, name: to.name }],
          now,
        });
      });
    } catch (error) {
      // The stand-in stands; the next reminder of this request tries again.
      log.warn({ error, reference }, 'a stand-in could not be told of what waits');
    }
  }
}
