import type { ApprovedEvent, EndedEvent, EndedOutcome, Subject } from '../approvals/subject.js';
import type { Trx } from '../db/database.js';
import type { Services } from '../services.js';
import { cardKind, recordEvent } from './events.js';
import { backfillFacts, storedFacts } from './facts.js';
import { dropFromIncident } from './incident-link.js';
import { loadBackfill, lockBackfill } from './load.js';
import { moveBackfill } from './move.js';
import { referenceOf } from './reference.js';
import { type BackfillState, liveStates } from './state.js';
import { wakeThoseWaitingFor, wakeWaiting } from './work.js';

const endStates = {
  denied: 'declined',
  withdrawn: 'withdrawn',
  expired: 'expired',
  cancelled: 'cancelled',
} as const satisfies Record<EndedOutcome, BackfillState>;

/** A backfill as the approval engine sees it. */
export function makeBackfillSubject(services: Services): Subject {
  return {
    kind: 'backfill',
    noun: 'backfill',
    cardKind,
    facts: async (trx, id, now) =>
      backfillFacts(services, trx, storedFacts(await loadBackfill(trx, id)), now),
    beneficiaries: async () => ({ kind: 'self', personIds: [] }),
    async liveCount(db, personId, rule) {
      const row = await db
        .selectFrom('backfill')
        .select((select) => select.fn.countAll<string>().as('n'))
        .where('requested_by', '=', personId)
        .where('rule', '=', rule)
        .where('state', 'in', [...liveStates])
        .executeTakeFirstOrThrow();
      return Number(row.n);
    },
    onApproved,
    onEnded,
  };
}

async function onApproved(trx: Trx, event: ApprovedEvent): Promise<void> {
  const backfill = await lockBackfill(trx, event.subjectId);
  await moveBackfill(trx, backfill, 'waiting', {
    actor: event.actor,
    now: event.now,
    action: 'backfill.approved',
    change: { rule: event.rule, hold: null },
  });
  const how =
    event.how === 'policy'
      ? `Small and safe: rule “${event.rule}” approves it without anybody.`
      : event.how === 'break-glass'
        ? `Approved by break-glass under rule “${event.rule}”.`
        : `Approved under rule “${event.rule}”.`;
  await recordEvent(trx, { backfillId: backfill.id, kind: 'approved', text: how, now: event.now });
  await wakeWaiting(trx, backfill.id, 'approved', event.now);
}

async function onEnded(trx: Trx, event: EndedEvent): Promise<void> {
  const backfill = await lockBackfill(trx, event.subjectId);
  const to = endStates[event.outcome];
  await moveBackfill(trx, backfill, to, {
    actor: event.actor,
    now: event.now,
    action: `backfill.${to}`,
    change: { finished_at: event.now, hold: event.reason },
  });
  await recordEvent(trx, {
    backfillId: backfill.id,
    kind: to,
    text: `${referenceOf(backfill)} was ${to}${event.reason === null ? '' : `: ${event.reason}`}. Nothing was rebuilt.`,
    now: event.now,
    channelOnly: true,
  });
  await dropFromIncident(trx, backfill, event.now);
  await wakeThoseWaitingFor(trx, backfill.id, event.now);
}
