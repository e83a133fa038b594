import { sql } from 'kysely';
import { type Actor, recordAudit } from '../../audit/record.js';
import type { Db, Trx } from '../../db/database.js';
import { IllegalTransitionError, NotFoundError } from '../../errors.js';
import { postCard } from '../../jobs/outgoing.js';
import type { GapState, GapType } from '../tables.js';
import { foldQuestion } from './fold-question.js';

export interface ReportedGap {
  type: GapType;
  /** What was asked, or the name of what is wrong. */
  question: string;
  assetId?: string;
  tier?: number;
  /** Who asked: told once it is closed. */
  personId?: string;
  wish?: 'metric' | 'dataset' | 'source';
  now: Date;
}

/**
 * Keeps something that could not be answered. The same words again raise the demand of the gap that is there. Returns its id, or null
 * when the words say nothing at all.
 */
export async function reportGap(trx: Trx, gap: ReportedGap): Promise<string | null> {
  const folded = gap.assetId === undefined ? foldQuestion(gap.question) : `asset:${gap.assetId}`;
  if (folded === '') return null;
  const row = await trx
    .insertInto('gap')
    .values({
      type: gap.type,
      folded,
      title: gap.question.replace(/\s+/g, ' ').trim().slice(0, 300),
      asset_id: gap.assetId ?? null,
      wish: gap.wish ?? null,
      tier: gap.tier ?? null,
      first_at: gap.now,
      last_at: gap.now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['type', 'folded'])
        .where('state', 'in', ['open', 'assigned', 'planned'])
        .doUpdateSet({ demand: sql`gap.demand + 1`, last_at: gap.now }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  if (gap.personId !== undefined) {
    await trx
      .insertInto('gap_asker')
      .values({ gap_id: row.id, person_id: gap.personId, at: gap.now })
      .onConflict((conflict) => conflict.columns(['gap_id', 'person_id']).doNothing())
      .execute();
  }
  return row.id;
}

export interface QueuedGap {
  id: string;
  type: GapType;
  title: string;
  state: GapState;
  demand: number;
  tier: number | null;
  ownerId: string | null;
  promisedOn: string | null;
  lastAt: Date;
}

/** Live gaps, most wanted first. `after`: the last one of the page before. */
export async function listGaps(
  db: Db,
  page: { limit?: number; after?: { demand: number; lastAt: Date; id: string } } = {},
): Promise<QueuedGap[]> {
  let query = db
    .selectFrom('gap')
    .select(['id', 'type', 'title', 'state', 'demand', 'tier', 'owner_id', 'promised_on', 'last_at'])
    .where('state', 'in', ['open', 'assigned', 'planned'])
    .orderBy('demand', 'desc')
    .orderBy('last_at', 'desc')
    .orderBy('id', 'desc');
  const { after } = page;
  if (after)
    query = query.where(
      sql<boolean>`(demand, last_at, id) < (${after.demand}, ${after.lastAt}, ${after.id}::uuid)`,
    );
  const rows = await query.limit(page.limit ?? 20).execute();
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    title: row.title,
    state: row.state,
    demand: row.demand,
    tier: row.tier,
    ownerId: row.owner_id,
    promisedOn: row.promised_on,
    lastAt: row.last_at,
  }));
}

const moves: Record<GapState, readonly GapState[]> = {
  open: ['assigned', 'planned', 'closed', 'dismissed'],
  assigned: ['open', 'planned', 'closed', 'dismissed'],
  planned: ['assigned', 'closed', 'dismissed'],
  closed: [],
  dismissed: [],
};

export interface GapMove {
  id: string;
  to: GapState;
  actor: Actor;
  now: Date;
  ownerId?: string;
  /** ISO date. */
  promisedOn?: string;
  resolution?: string;
  /** Closed: the asset that now answers it. Becomes a golden question. */
  assetId?: string;
}

/**
 * Moves a gap along its states. Closing one makes its words a golden question and tells everyone who asked.
 * @throws NotFoundError, IllegalTransitionError
 */
export async function moveGap(db: Db, move: GapMove): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const gap = await trx
      .selectFrom('gap')
      .selectAll()
      .where('id', '=', move.id)
      .forUpdate()
      .executeTakeFirst();
    if (!gap) throw new NotFoundError('There is no such entry in the queue.');
    if (!moves[gap.state].includes(move.to)) {
      throw new IllegalTransitionError(
        `This entry is already ${gap.state}. Nothing was changed.`,
        gap.state,
        move.to,
      );
    }
    const ended = move.to === 'closed' || move.to === 'dismissed';
    await trx
      .updateTable('gap')
      .set({
        state: move.to,
        ...(move.ownerId === undefined ? {} : { owner_id: move.ownerId }),
        ...(move.promisedOn === undefined ? {} : { promised_on: move.promisedOn }),
        ...(ended
          ? { closed_at: move.now, closed_by: move.actor.personId, resolution: move.resolution ?? null }
          : {}),
        ...(move.assetId === undefined ? {} : { resolved_asset_id: move.assetId }),
      })
      .where('id', '=', move.id)
      .execute();
    await recordAudit(trx, {
      actor: move.actor,
      action: 'gap.move',
      subject: { kind: 'gap', id: move.id },
      now: move.now,
      before: { state: gap.state },
      after: { state: move.to, assetId: move.assetId ?? null },
      ...(move.resolution === undefined ? {} : { text: { resolution: move.resolution } }),
    });
    if (move.to !== 'closed') return;
    if (move.assetId !== undefined && gap.type === 'missing') {
      await trx
        .insertInto('golden_question')
        .values({ question: gap.title, asset_id: move.assetId, created_at: move.now })
        .onConflict((conflict) => conflict.column('question').doUpdateSet({ asset_id: move.assetId ?? '' }))
        .execute();
    }
    await tellAskers(trx, move.id, move.now);
  });
}

async function tellAskers(trx: Trx, gapId: string, now: Date): Promise<void> {
  const askers = await trx
    .selectFrom('gap_asker')
    .innerJoin('person', 'person.id', 'gap_asker.person_id')
    .select('gap_asker.person_id')
    .where('gap_asker.gap_id', '=', gapId)
    .where('gap_asker.wants_notice', '=', true)
    .where('person.status', '=', 'active')
    .execute();
  for (const { person_id } of askers) {
    await postCard(trx, {
      key: `gap-closed:${gapId}:${person_id}`,
      to: { personId: person_id },
      card: { kind: 'answer-gap', id: gapId, variant: 'asker' },
      now,
    });
  }
}
