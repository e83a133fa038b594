import type { EngineContext } from './context.js';
import { eachWaitingFor } from './each-waiting.js';
import { candidatesOf, liveStage, tellApprovers } from './stages.js';
import { usedOutside } from './standing.js';

/** What waits for somebody already is put to whoever stands in for them from now on, but for what that person may not decide. */
export async function tellStandIn(
  context: EngineContext,
  { fromPersonId, toPersonId, now }: { fromPersonId: string; toPersonId: string; now: Date },
): Promise<void> {
  const { db, directory } = context.services;
  const to = await directory.byId(db, toPersonId);
  if (to === null) return;
  await eachWaitingFor(
    context,
    { personId: fromPersonId, now },
    async (trx, { request, standing, stage }) => {
      if (standing.people.excluded.has(to.id)) return;
      const live = liveStage(stage.policy, standing.people, usedOutside(standing, stage.idx));
      if (!candidatesOf(live).some(({ id }) => id === fromPersonId)) return;
      await tellApprovers(context, trx, {
        request,
        stage,
        candidates: [{ id: to.id, name: to.name }],
        now,
      });
    },
  );
}
