import { type Actor, scheduleActor } from '../../audit/record.js';
import type { Trx } from '../../db/database.js';
import { StewardError } from '../../errors.js';
import type { Services } from '../../services.js';
import { type BackfillRow, recordEvent, tellPeople } from '../events.js';
import { ExecutorUnavailableError } from '../executors/executor.js';
import { tellIncident } from '../incident-link.js';
import { lockBackfill } from '../load.js';
import { moveBackfill } from '../move.js';
import { openNotices } from '../notices.js';
import { describeSlices } from '../partition.js';
import { isPipeline } from '../pipelines.js';
import { planChunks } from '../plan-chunks.js';
import { isQuiet, quietHoursWords } from '../preview/conflicts.js';
import { describeChange, type MadePreview, makePreview } from '../preview/make-preview.js';
import type { Conflict, Preview } from '../preview/preview.js';
import { progressOf } from '../progress.js';
import { referenceOf } from '../reference.js';
import { windowSlices } from '../stored-window.js';
import { wakeRun, wakeWaiting } from '../work.js';

/** How soon somebody who waits looks again: others that end wake it sooner. */
const lookAgainMs = 60_000;

/**
 * Begins an approved backfill when its turn has come. Looks at the world again first: what differs from the stored preview
 * stops it and asks; what stands in the way makes it wait. Harmless when there is nothing to begin.
 */
export async function beginBackfill(
  services: Services,
  params: { backfillId: string; now: Date },
): Promise<void> {
  const { now } = params;
  const backfill = await services.db
    .selectFrom('backfill')
    .selectAll()
    .where('id', '=', params.backfillId)
    .executeTakeFirst();
  if (backfill === undefined || backfill.state !== 'waiting') return;
  const asset = services.catalog.current().view.get(backfill.asset_id);
  if (asset === undefined || !isPipeline(asset)) {
    await halt(
      services,
      backfill,
      `${backfill.asset_name} is no longer a pipeline in the catalog. Nothing was started.`,
      now,
    );
    return;
  }
  let made: MadePreview;
  try {
    made = await makePreview(services, {
      asset,
      slices: windowSlices(backfill),
      reprocess: backfill.reprocess,
      direction: backfill.direction,
      concurrency: backfill.concurrency,
      maySee: () => true,
      exceptId: backfill.id,
      incidentId: backfill.incident_id,
      now,
    });
  } catch (error) {
    if (error instanceof ExecutorUnavailableError) {
      await hold(services, backfill, error.message, now, error.retryAfterMs);
      return;
    }
    if (!(error instanceof StewardError)) throw error;
    await halt(services, backfill, error.message, now);
    return;
  }
  // Whoever was approved first goes first; those behind it do not block it.
  const earlier = await blockersOf(services, backfill, made.preview.conflicts);
  const first = earlier[0];
  if (first !== undefined) {
    await hold(services, backfill, first.words, now, lookAgainMs);
    return;
  }
  const change =
    backfill.preview_hash === made.hash
      ? describeChange(backfill.preview, { ...made.preview, partitions: backfill.preview.partitions })
      : describeChange(backfill.preview, made.preview);
  if (change !== null) {
    await halt(
      services,
      backfill,
      `Things are not as they were when this was approved: ${change}. Nothing was started.`,
      now,
    );
    return;
  }
  await startRun(services, backfill, made, scheduleActor, now);
}

/** Backfills that were asked for earlier, and everything else that holds. A later one waits for us, not we for it. */
async function blockersOf(
  services: Services,
  backfill: BackfillRow,
  conflicts: readonly Conflict[],
): Promise<Conflict[]> {
  const knownFreezes = new Set(
    backfill.preview.conflicts.flatMap(({ kind, reference }) => (kind === 'freeze' ? [reference] : [])),
  );
  const quietAtApproval = await approvedInQuietHours(services, backfill);
  // What was on when it was approved has been approved with it; what began since holds it until it is over.
  const holding = conflicts.filter(
    ({ weight, kind, reference }) =>
      weight !== 'ask' ||
      (kind === 'freeze' && !knownFreezes.has(reference)) ||
      (kind === 'quiet-hours' && !quietAtApproval),
  );
  const kept: Conflict[] = [];
  for (const conflict of holding) {
    if (conflict.kind === 'quiet-hours') {
      kept.push({
        ...conflict,
        words: `${quietHoursWords(services.config)} began since it was approved. It starts when they are over.`,
      });
      continue;
    }
    if (conflict.kind !== 'backfill') {
      kept.push(conflict);
      continue;
    }
    const number = Number(conflict.reference?.slice(3));
    const other = await services.db
      .selectFrom('backfill')
      .select(['state', 'number'])
      .where('number', '=', number)
      .executeTakeFirst();
    if (other === undefined) continue;
    const begun = other.state !== 'requested' && other.state !== 'waiting';
    // One that merely waits for approval may wait for days: it gives way to what is approved.
    if (begun || (other.state === 'waiting' && other.number < backfill.number)) kept.push(conflict);
  }
  return kept;
}

/** Whoever approves or accepts during quiet hours knows what time it is. */
async function approvedInQuietHours(services: Services, backfill: BackfillRow): Promise<boolean> {
  const agreed = await services.db
    .selectFrom('backfill_event')
    .select('at')
    .where('backfill_id', '=', backfill.id)
    .where('kind', 'in', ['approved', 'accepted'])
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return agreed !== undefined && isQuiet(services.config, agreed.at);
}

/** From here on partitions are rewritten: chunks, notices and the first wake are one transaction. */
async function startRun(
  services: Services,
  seen: BackfillRow,
  made: MadePreview,
  actor: Actor,
  now: Date,
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const backfill = await lockBackfill(trx, seen.id);
    if (backfill.state !== 'waiting') return;
    await insertChunks(trx, backfill, made, now);
    const running = await moveBackfill(trx, backfill, 'running', {
      actor,
      now,
      action: 'backfill.start',
      change: {
        started_at: now,
        counted_from: now,
        hold: null,
        waits_for: null,
        epoch: backfill.epoch + 1,
        shown_at: now,
      },
    });
    const { eta } = await progressOf(trx, running, now);
    await openNotices(trx, services.catalog.current().view, running, eta, now);
    await recordEvent(trx, {
      backfillId: backfill.id,
      kind: 'started',
      text: `Started: ${describeSlices(made.slices)} in ${made.preview.chunks} chunk${made.preview.chunks === 1 ? '' : 's'}, ${backfill.direction === 'forward' ? 'oldest' : 'newest'} first.`,
      now,
    });
    await tellIncident(trx, running, { text: `started, ${made.preview.readBack}`, verdict: null }, now);
    await wakeRun(trx, backfill.id, `start:${running.epoch}`, now);
  });
}

async function insertChunks(trx: Trx, backfill: BackfillRow, made: MadePreview, now: Date): Promise<void> {
  const rows = new Map(made.preview.partitions.map(({ key, rows: count }) => [key, count]));
  for (const batch of batches(made.slices, 500)) {
    await trx
      .insertInto('backfill_partition')
      .values(
        batch.map((slice) => ({
          backfill_id: backfill.id,
          key: slice.key,
          range_from: slice.start,
          range_to: slice.end,
          rows_before: rows.get(slice.key) ?? null,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const planned = planChunks(made.slices, {
    direction: backfill.direction,
    chunkSize: made.executor.chunkSize,
  });
  for (const batch of batches(planned, 500)) {
    await trx
      .insertInto('backfill_chunk')
      .values(
        batch.flatMap(({ seq, slices }) => {
          const ordered = [...slices].sort((a, b) => a.start.getTime() - b.start.getTime());
          const first = ordered[0];
          const last = ordered.at(-1);
          if (first === undefined || last === undefined) return [];
          return {
            backfill_id: backfill.id,
            seq,
            asset_id: backfill.asset_id,
            executor: backfill.executor,
            pipeline: backfill.pipeline,
            partition_keys: ordered.map(({ key }) => key),
            range_from: first.start,
            range_to: last.end,
            updated_at: now,
          };
        }),
      )
      .execute();
  }
}

async function hold(
  services: Services,
  seen: BackfillRow,
  words: string,
  now: Date,
  againMs: number,
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const backfill = await lockBackfill(trx, seen.id);
    if (backfill.state !== 'waiting') return;
    if (backfill.hold !== words) {
      await trx
        .updateTable('backfill')
        .set({ hold: words, updated_at: now })
        .where('id', '=', backfill.id)
        .execute();
      await recordEvent(trx, { backfillId: backfill.id, kind: 'waiting', text: `Waiting: ${words}`, now });
    }
    await wakeWaiting(trx, backfill.id, `hold:${now.getTime()}`, now, new Date(now.getTime() + againMs));
  });
}

async function halt(services: Services, seen: BackfillRow, words: string, now: Date): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const backfill = await lockBackfill(trx, seen.id);
    if (backfill.state !== 'waiting') return;
    await moveBackfill(trx, backfill, 'halted', {
      actor: scheduleActor,
      now,
      action: 'backfill.halt',
      change: { hold: words },
    });
    await recordEvent(trx, { backfillId: backfill.id, kind: 'halted', text: words, now });
    if (backfill.requested_by !== null) {
      await tellPeople(trx, {
        backfillId: backfill.id,
        personIds: [backfill.requested_by],
        variant: 'halted',
        about: `halted:${backfill.epoch}`,
        now,
      });
    }
    await tellPeople(trx, {
      backfillId: backfill.id,
      personIds: await whoMayAccept(services, trx, backfill),
      variant: 'decide',
      about: `halted:${now.getTime()}`,
      now,
    });
  });
}

/** Owners of the asset, without whoever asked: those who can let it start although things have changed. */
async function whoMayAccept(services: Services, trx: Trx, backfill: BackfillRow): Promise<string[]> {
  const owners = services.catalog.current().view.get(backfill.asset_id)?.owners ?? [];
  const found = new Set<string>();
  for (const owner of owners)
    for (const person of await services.directory.resolveOwner(trx, owner)) found.add(person.id);
  if (backfill.requested_by !== null) found.delete(backfill.requested_by);
  return [...found];
}

/**
 * Starts although things have changed: an owner (not whoever asked) has looked at what is true now. The new preview takes the
 * old one's place and its difference is in the audit.
 */
export async function acceptNow(
  services: Services,
  params: { backfillId: string; preview: Preview; hash: string; actor: Actor; now: Date },
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const backfill = await lockBackfill(trx, params.backfillId);
    await moveBackfill(trx, backfill, 'waiting', {
      actor: params.actor,
      now: params.now,
      action: 'backfill.accept-change',
      change: { hold: null },
    });
    await trx
      .updateTable('backfill')
      .set({
        preview: JSON.stringify(params.preview),
        preview_hash: params.hash,
        partitions: params.preview.partitions.length,
      })
      .where('id', '=', backfill.id)
      .execute();
    await recordEvent(trx, {
      backfillId: backfill.id,
      kind: 'accepted',
      text: `${referenceOf(backfill)} goes on with what is true now.`,
      now: params.now,
    });
    await wakeWaiting(trx, backfill.id, `accepted:${params.now.getTime()}`, params.now);
  });
}

function* batches<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
