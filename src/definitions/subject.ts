import type { ApprovedEvent, EndedEvent, EndedOutcome, Subject } from '../approvals/subject.js';
import type { Trx } from '../db/database.js';
import { setTimer } from '../jobs/outbox.js';
import type { Services } from '../services.js';
import { factsOf } from './facts.js';
import { setNoticeTimers } from './notices.js';
import { cardKind, type DefinitionRow, loadDefinition, moveDefinition } from './record.js';
import type { DefinitionState } from './state.js';

/** The schedule that writes patches; an approval wakes it at once. */
export const exportKind = 'definition.export';

const endStates: Record<EndedOutcome, DefinitionState> = {
  denied: 'denied',
  withdrawn: 'withdrawn',
  expired: 'expired',
  cancelled: 'cancelled',
};

/** A definition change or a deprecation as the approval engine sees it. */
export function makeDefinitionSubject(services: Services): Subject {
  return {
    kind: 'definition',
    noun: 'definition change',
    cardKind,
    async facts(trx, id, now) {
      const change = await loadDefinition(trx, id);
      return factsOf(services, {
        kind: change.kind,
        assetId: change.asset_id,
        assetName: change.asset_name,
        effectiveDate: change.effective_date,
        now,
      });
    },
    beneficiaries: async () => ({ kind: 'self', personIds: [] }),
    onApproved,
    onEnded,
  };
}

async function onApproved(trx: Trx, event: ApprovedEvent): Promise<void> {
  const change = await lock(trx, event.subjectId);
  await moveDefinition(trx, change, 'approved', event);
  await setNoticeTimers(trx, change, event.now);
  await setTimer(trx, {
    kind: exportKind,
    queue: 'work',
    key: `schedule:${exportKind}`,
    payload: {},
    runAt: event.now,
    now: event.now,
  });
}

async function onEnded(trx: Trx, event: EndedEvent): Promise<void> {
  const change = await lock(trx, event.subjectId);
  await moveDefinition(trx, change, endStates[event.outcome], event);
}

async function lock(trx: Trx, id: string): Promise<DefinitionRow> {
  await trx.selectFrom('definition_change').select('id').where('id', '=', id).forUpdate().execute();
  return loadDefinition(trx, id);
}
