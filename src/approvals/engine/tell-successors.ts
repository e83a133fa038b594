import { refreshCards } from '../../jobs/outgoing.js';
import type { EngineContext } from './context.js';
import { eachWaitingFor } from './each-waiting.js';
import { candidatesOf, liveStage, tellApprovers, withStandIns } from './stages.js';
import { usedOutside } from './standing.js';

/** What waits for somebody who left is put to whoever may decide it now, without waiting for a reminder; to the administrators where that is nobody. */
export async function tellSuccessors(
  context: EngineContext,
  { personId, now }: { personId: string; now: Date },
): Promise<void> {
  await eachWaitingFor(context, { personId, now }, async (trx, { request, standing, stage }) => {
    const live = liveStage(stage.policy, standing.people, usedOutside(standing, stage.idx));
    const asked = await withStandIns(context, trx, candidatesOf(live), standing.people, now);
    await tellApprovers(context, trx, { request, stage, candidates: asked, now });
    await refreshCards(trx, { kind: context.subject(request.kind).cardKind, id: request.subject_id }, now);
  });
}
