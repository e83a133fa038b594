import { sql } from 'kysely';
import { type Actor, recordAudit } from '../audit/record.js';
import type { Db, Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import { postCard } from '../jobs/outgoing.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { cardKind, channelCardKey, recordEvent } from './events.js';
import { planInIncident } from './incident-link.js';
import { purposeOf, seenTicket } from './judge-wish.js';
import { checkLimits } from './limits.js';
import { findPipeline, type PipelineAsset } from './pipelines.js';
import type { Direction } from './plan-chunks.js';
import { type MadePreview, makePreview } from './preview/make-preview.js';
import { referenceOf } from './reference.js';
import { requireOn } from './roles.js';
import { liveStates } from './state.js';
import type { Reprocess } from './tables.js';
import { maySeeOf } from './visibility.js';
import { parseWindow, type Window } from './window/parse.js';

export interface BackfillWish {
  /** Asset id, name, relation or pipeline. */
  pipeline: string;
  /** As typed. */
  window: string;
  reprocess: Reprocess;
  direction: Direction;
  concurrency: number;
  stopAfter?: number;
  reason: string;
  incidentId?: string | null;
  ticket?: string;
  /** Where the rule asks for one: a purpose of the policy, and that its terms were accepted. */
  purposeId?: string;
  termsAccepted?: boolean;
}

export interface ReadWish {
  asset: PipelineAsset;
  window: Window;
  made: MadePreview;
}

/** Understands a wish and looks at what it would do. Writes nothing: for the form, and before asking. */
export async function readWish(
  services: Services,
  wish: BackfillWish,
  person: Person,
  now: Date,
): Promise<ReadWish> {
  const maySee = maySeeOf(services.config, person);
  const asset = findPipeline(services.catalog.current().view, wish.pipeline, maySee);
  if (!Number.isInteger(wish.concurrency) || wish.concurrency < 1 || wish.concurrency > 100) {
    throw new InvalidInputError('How many at once must be a whole number from 1 to 100.', {
      concurrency: 'A whole number from 1 to 100.',
    });
  }
  readReason(wish.reason);
  const window = parseWindow(wish.window, asset.partition, now);
  const made = await makePreview(services, {
    asset,
    slices: window.slices,
    reprocess: wish.reprocess,
    direction: wish.direction,
    concurrency: wish.concurrency,
    maySee,
    incidentId: wish.incidentId ?? null,
    notes: window.notes,
    now,
  });
  return { asset, window, made };
}

/** Why it is needed, without what surrounds it. Throws `InvalidInputError` where nothing was said. */
export function readReason(text: string): string {
  const reason = text.trim();
  if (reason !== '') return reason;
  throw new InvalidInputError('Say why it is needed: whoever approves reads it.', {
    reason: 'Say why it is needed.',
  });
}

export interface Requested {
  id: string;
  reference: string;
  /** `joined`: another backfill already does all of it. `approved`: policy lets it run at once. */
  outcome: 'pending' | 'approved' | 'joined';
  /** One sentence for whoever asked. */
  text: string;
}

/**
 * Asks for a backfill. Of two people who ask for overlapping windows at once the second joins (all of it is covered already) or
 * waits for the first; nothing is ever rebuilt twice for both. `requestKey` makes a repeated delivery one request.
 */
export async function requestBackfill(
  services: Services,
  params: { wish: BackfillWish; person: Person; actor: Actor; requestKey: string; now: Date },
): Promise<Requested> {
  const { wish, person, actor, now } = params;
  const earlier = await byRequestKey(services.db, params.requestKey);
  if (earlier !== null) return earlier;
  const read = await readWish(services, wish, person, now);
  await requireOn(
    services,
    services.db,
    'backfill.request',
    { person },
    { asset: read.asset, requesterId: null, now },
  );
  const ticketSeen = await seenTicket(services, { read, wish, person, now });

  return services.db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`backfill.request:${read.asset.id}`}, 0))`.execute(
      trx,
    );
    const again = await byRequestKey(trx, params.requestKey);
    if (again !== null) return again;
    await checkLimits(services, trx, person.id, read.made.slices.length, now);
    const { made, window } = read;
    const overlap = await overlapping(trx, read);
    const joined = overlap.find((other) => covers(other, read, wish));
    const inserted = await trx
      .insertInto('backfill')
      .values({
        state: joined === undefined ? 'requested' : 'joined',
        asset_id: read.asset.id,
        asset_name: read.asset.name,
        executor: read.asset.executor.name,
        pipeline: read.asset.executor.pipeline,
        grain: read.asset.partition.grain,
        time_zone: read.asset.partition.timeZone,
        requested_by: person.id,
        request_key: params.requestKey,
        window_text: wish.window.slice(0, 500),
        window_from: window.from,
        window_to: window.to,
        partitions: made.slices.length,
        reprocess: wish.reprocess,
        direction: wish.direction,
        concurrency: made.dependsOnPast ? 1 : wish.concurrency,
        stop_after: wish.stopAfter ?? services.config.backfills.stopAfter,
        depends_on_past: made.dependsOnPast,
        reason: wish.reason.trim().slice(0, 2_000),
        incident_id: wish.incidentId ?? null,
        preview: JSON.stringify(made.preview),
        preview_hash: made.hash,
        joined_to: joined?.id ?? null,
        waits_for: joined === undefined ? (overlap[0]?.id ?? null) : null,
        created_at: now,
        updated_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const reference = referenceOf(inserted);
    await recordAudit(trx, {
      actor,
      action: 'backfill.request',
      subject: { kind: 'backfill', id: inserted.id },
      now,
      after: {
        state: inserted.state,
        asset: read.asset.id,
        from: window.from.toISOString(),
        to: window.to.toISOString(),
        partitions: made.slices.length,
        previewHash: made.hash,
        incident: wish.incidentId ?? null,
      },
      text: { reason: inserted.reason, window: inserted.window_text, asset: read.asset.name },
    });
    if (joined !== undefined) {
      await trx
        .insertInto('backfill_watcher')
        .values({ backfill_id: joined.id, person_id: person.id })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await recordEvent(trx, {
        backfillId: joined.id,
        kind: 'joined',
        text: `${reference} asked for the same partitions and joined.`,
        now,
      });
      return {
        id: inserted.id,
        reference,
        outcome: 'joined' as const,
        text: `${referenceOf(joined)} already rebuilds all of that (${joined.state}). Your request joined it as ${reference}; you are told how it ends. Nothing runs twice.`,
      };
    }
    await planInIncident(trx, inserted, now);
    const channelId = services.config.slack.channels.backfills;
    // A channel is read by anybody: what not everybody may see is shown to those concerned only.
    if (channelId !== undefined && maySeeOf(services.config, { teams: [] })(read.asset)) {
      await postCard(trx, {
        key: channelCardKey(inserted.id),
        to: { channelId },
        card: { kind: cardKind, id: inserted.id, variant: 'channel' },
        now,
      });
    }
    const opened = await services.approvals.openRequest(trx, {
      kind: 'backfill',
      subjectId: inserted.id,
      reference,
      requesterId: person.id,
      actor,
      reason: inserted.reason,
      ...(wish.ticket === undefined ? {} : { ticket: wish.ticket, ticketSeen }),
      ...purposeOf(wish),
      now,
    });
    await trx
      .updateTable('backfill')
      .set({ approval_id: opened.requestId })
      .where('id', '=', inserted.id)
      .execute();
    return {
      id: inserted.id,
      reference,
      outcome: opened.state,
      text: sentence(reference, read, opened.state, overlap[0]),
    };
  });
}

function sentence(
  reference: string,
  read: ReadWish,
  state: 'pending' | 'approved',
  overlap: { number: number } | undefined,
): string {
  const what = `${reference}: ${read.made.preview.readBack} of ${read.asset.name}.`;
  const waits =
    overlap === undefined
      ? ''
      : ` It waits for ${referenceOf(overlap)}, which covers some of the same partitions.`;
  return state === 'approved'
    ? `${what} Small and safe by policy, so nobody has to approve it: it starts now.${waits}`
    : `${what} It waits for approval; the card shows by whom.${waits}`;
}

async function byRequestKey(db: Db | Trx, key: string): Promise<Requested | null> {
  const row = await db
    .selectFrom('backfill')
    .select(['id', 'number', 'state'])
    .where('request_key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return null;
  const reference = referenceOf(row);
  const outcome = row.state === 'joined' ? 'joined' : row.state === 'requested' ? 'pending' : 'approved';
  return {
    id: row.id,
    reference,
    outcome,
    text: `${reference} was requested with this form already (${row.state}).`,
  };
}

async function overlapping(trx: Trx, read: ReadWish) {
  return trx
    .selectFrom('backfill')
    .select(['id', 'number', 'state', 'preview', 'reprocess'])
    .where('asset_id', '=', read.asset.id)
    .where('state', 'in', [...liveStates])
    .where('window_from', '<', read.window.to)
    .where('window_to', '>', read.window.from)
    .orderBy('number')
    .execute();
}

/** All partitions asked for are in the other one, and it has not begun to look at its results. */
function covers(
  other: Awaited<ReturnType<typeof overlapping>>[number],
  read: ReadWish,
  wish: BackfillWish,
): boolean {
  if (other.state === 'cancelling' || other.state === 'verifying') return false;
  if (wish.reprocess === 'all' && other.reprocess !== 'all') return false;
  const keys = new Set(other.preview.partitions.map(({ key }) => key));
  return read.made.slices.every(({ key }) => keys.has(key));
}
