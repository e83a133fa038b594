import { sql } from 'kysely';
import { type Actor, recordAudit } from '../../audit/record.js';
import type { Db, Trx } from '../../db/database.js';
import { IllegalTransitionError, NotFoundError } from '../../errors.js';
import { postCard, refreshCards } from '../../jobs/outgoing.js';
import type { GapStage, GapState, GapType, Wish } from '../tables.js';
import { foldQuestion } from './fold-question.js';

export const gapCardKind = 'answer-gap';

export interface ReportedGap {
  type: GapType;
  /** What was asked, or the name of what is wrong. */
  question: string;
  assetId?: string;
  tier?: number;
  /** Who asked: told once it is closed. */
  personId?: string;
  wish?: Wish;
  /** The same question once more for another reason: the demand stays as it is. */
  again?: boolean;
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
        .doUpdateSet({
          demand: gap.again ? sql`gap.demand` : sql`gap.demand + 1`,
          last_at: gap.now,
          ...(gap.wish === undefined ? {} : { wish: gap.wish }),
        }),
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

const moves: Record<GapState, readonly GapState[]> = {
  open: ['assigned', 'planned', 'closed', 'dismissed'],
  assigned: ['open', 'planned', 'closed', 'dismissed'],
  planned: ['assigned', 'planned', 'closed', 'dismissed'],
  closed: [],
  dismissed: [],
};

export interface GapMove {
  id: string;
  to: GapState;
  actor: Actor;
  now: Date;
  ownerId?: string;
  stage?: GapStage;
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
        ...(move.stage === undefined ? {} : { stage: move.stage }),
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
    // What askers were told on the way stays as it was: they get a message for each piece of news.
    await refreshCards(trx, { kind: gapCardKind, id: move.id, variant: 'owner' }, move.now);
    if (move.to === 'planned' && move.ownerId !== undefined && move.ownerId !== gap.owner_id)
      await tellOwner(trx, { gapId: move.id, ownerId: move.ownerId, by: move.actor.personId, now: move.now });
    if (move.to === 'planned' && move.promisedOn !== undefined && move.promisedOn !== gap.promised_on)
      await tellAskers(trx, { gapId: move.id, about: `planned:${move.promisedOn}`, now: move.now });
    if (move.to !== 'closed') return;
    if (move.assetId !== undefined && gap.type === 'missing') {
      await trx
        .insertInto('golden_question')
        .values({ question: gap.title, asset_id: move.assetId, created_at: move.now })
        .onConflict((conflict) => conflict.column('question').doUpdateSet({ asset_id: move.assetId ?? '' }))
        .execute();
    }
    await tellAskers(trx, { gapId: move.id, about: 'closed', now: move.now });
  });
}

/** Gives a gap that nobody has to somebody; one that is planned or has an owner stays as it is. */
export async function assignGap(trx: Trx, gapId: string, ownerId: string | undefined): Promise<void> {
  if (ownerId === undefined) return;
  await trx
    .updateTable('gap')
    .set({ owner_id: ownerId, state: 'assigned' })
    .where('id', '=', gapId)
    .where('state', '=', 'open')
    .where('owner_id', 'is', null)
    .execute();
}

/** Whoever gets a question from somebody else hears of it, once; who asked them before has the card already. */
async function tellOwner(
  trx: Trx,
  { gapId, ownerId, by, now }: { gapId: string; ownerId: string; by: string | null; now: Date },
): Promise<void> {
  if (ownerId === by) return;
  await postCard(trx, {
    key: `gap:${gapId}:${ownerId}`,
    to: { personId: ownerId },
    card: { kind: gapCardKind, id: gapId, variant: 'owner' },
    now,
  });
}

/** Everybody who asked hears what became of it, each in a card of their own: what it may name depends on who reads it. */
export async function tellAskers(
  trx: Trx,
  { gapId, about, now }: { gapId: string; about: string; now: Date },
): Promise<void> {
  const askers = await trx
    .selectFrom('gap_asker')
    .innerJoin('person', 'person.id', 'gap_asker.person_id')
    .select('gap_asker.person_id')
    .where('gap_asker.gap_id', '=', gapId)
    .where('gap_asker.wants_notice', '=', true)
    .where('person.status', '=', 'active')
    .execute();
  for (const { person_id: personId } of askers) {
    await postCard(trx, {
      key: `gap-${about}:${gapId}:${personId}`,
      to: { personId },
      card: { kind: gapCardKind, id: gapId, variant: `asker:${personId}` },
      now,
    });
  }
}
