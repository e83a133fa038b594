import type { ApprovedEvent, EndedEvent, EndedOutcome, Subject } from '../approvals/subject.js';
import { isHidden } from '../catalog/visibility.js';
import type { Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import { setTimer } from '../jobs/outbox.js';
import type { Services } from '../services.js';
import { factsOf } from './facts.js';
import { lockNames, takenMeanwhile } from './name-claims.js';
import { setNoticeTimers } from './notices.js';
import { cardKind, type DefinitionRow, loadDefinition, moveDefinition, referenceOf } from './record.js';
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
    onApproved: (trx, event) => onApproved(services, trx, event),
    onEnded,
  };
}

async function onApproved(services: Services, trx: Trx, event: ApprovedEvent): Promise<void> {
  const change = await lock(trx, event.subjectId);
  await requireNamesStillFree(services, trx, change);
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

/** A name leads to one thing: what took it since the change was proposed has it. */
async function requireNamesStillFree(services: Services, trx: Trx, change: DefinitionRow): Promise<void> {
  if (change.kind !== 'change') return;
  await lockNames(trx);
  const { view } = services.catalog.current();
  const taken = await takenMeanwhile(trx, view, change, (asset) => !isHidden(services.config, asset));
  if (taken === undefined) return;
  const by = taken.reference === undefined ? '' : ` (${taken.reference})`;
  throw new InvalidInputError(
    `“${taken.name}” names ${taken.asset.label ?? taken.asset.name}${by} meanwhile, and a name leads to one thing. Nothing was approved: deny ${referenceOf(change)}, and have it proposed again with other words.`,
  );
}

async function onEnded(trx: Trx, event: EndedEvent): Promise<void> {
  const change = await lock(trx, event.subjectId);
  await moveDefinition(trx, change, endStates[event.outcome], event);
}

async function lock(trx: Trx, id: string): Promise<DefinitionRow> {
  await trx.selectFrom('definition_change').select('id').where('id', '=', id).forUpdate().execute();
  return loadDefinition(trx, id);
}
