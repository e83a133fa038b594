import type { ApprovedEvent, EndedEvent, EndedOutcome, Subject, SubjectFacts } from '../approvals/subject.js';
import type { Trx } from '../db/database.js';
import type { Services } from '../services.js';
import { type BackfillRow, cardKind, recordEvent } from './events.js';
import { loadBackfill, lockBackfill } from './load.js';
import { moveBackfill } from './move.js';
import { isQuiet } from './preview/conflicts.js';
import { referenceOf } from './reference.js';
import { usedToday } from './request.js';
import { type BackfillState, liveStates } from './state.js';
import { wakeThoseWaitingFor, wakeWaiting } from './work.js';

const endStates: Record<EndedOutcome, BackfillState> = {
  denied: 'declined',
  withdrawn: 'withdrawn',
  expired: 'expired',
  cancelled: 'cancelled',
};

/** A backfill as the approval engine sees it. */
export function makeBackfillSubject(services: Services): Subject {
  return {
    kind: 'backfill',
    noun: 'backfill',
    cardKind,
    facts: async (trx, id, now) => factsOf(services, trx, await loadBackfill(trx, id), now),
    beneficiaries: async () => ({ kind: 'self', personIds: [] }),
    async liveCount(trx, personId, rule) {
      const row = await trx
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

/** `when.facts` of policy rules: documented in docs/policies.md under backfills. */
async function factsOf(
  services: Services,
  trx: Trx,
  backfill: BackfillRow,
  now: Date,
): Promise<SubjectFacts> {
  const { preview } = backfill;
  const asset = services.catalog.current().view.get(backfill.asset_id);
  const used = await usedToday(trx, backfill.requested_by ?? backfill.id, now, backfill.id);
  const tiers = preview.downstream.flatMap(({ tier }) => (tier === undefined ? [] : [tier]));
  const has = (kind: string): boolean => preview.conflicts.some((conflict) => conflict.kind === kind);
  return {
    policyKind: 'backfill',
    title: `rebuild ${preview.readBack} of ${backfill.asset_name}`,
    ...(asset?.tier === undefined ? {} : { tier: asset.tier }),
    classification: asset?.classification ?? [],
    columns: [],
    ...(asset?.domain === undefined ? {} : { domain: asset.domain }),
    asset: backfill.asset_name,
    ...(asset?.relation === undefined ? {} : { relation: asset.relation }),
    owners: asset?.owners ?? [],
    ...(asset?.backupOwner === undefined ? {} : { backupOwner: asset.backupOwner }),
    extension: false,
    facts: {
      partitions: backfill.partitions,
      pipeline: backfill.pipeline,
      executor: backfill.executor,
      reprocess: backfill.reprocess,
      concurrency: backfill.concurrency,
      /** Age of the oldest partition, in days. */
      windowAgeDays: Math.floor((now.getTime() - backfill.window_from.getTime()) / 86_400_000),
      // What is not known is left out: a rule that asks for it then does not match, so nobody is waved through for want of runs.
      ...(preview.estimate.totalP90Seconds === null
        ? {}
        : { estimatedMinutes: Math.ceil(preview.estimate.totalP90Seconds / 60) }),
      ...(preview.estimate.cost === null ? {} : { estimatedCost: preview.estimate.cost }),
      ...(preview.estimate.rows === null ? {} : { estimatedRows: preview.estimate.rows }),
      downstreamCount: preview.downstreamTotal,
      /** Most important tier built from it; 9 when none has one. */
      downstreamTier: Math.min(9, ...tiers),
      quietHours: isQuiet(services.config, now),
      freeze: has('freeze'),
      openIncident: has('incident'),
      overlaps: has('backfill'),
      forIncident: backfill.incident_id !== null,
      /** Without this one. */
      personPartitionsToday: used.person,
      personRequestsToday: used.requests,
      partitionsToday: used.everybody,
    },
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
  });
  await wakeThoseWaitingFor(trx, backfill.id, event.now);
}
