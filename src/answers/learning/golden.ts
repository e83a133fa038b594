import { sql } from 'kysely';
import type { Asset } from '../../catalog/asset.js';
import type { LoadedCatalog } from '../../catalog/store.js';
import { operatorViewer } from '../../catalog/visibility.js';
import type { Db, Trx } from '../../db/database.js';
import { postCard } from '../../jobs/outgoing.js';
import type { Services } from '../../services.js';
import { answerQuestion } from '../answer.js';
import { likelyPeople } from './likely-people.js';

export interface GoldenDrop {
  id: string;
  question: string;
  assetId: string;
}

export const goldenCardKind = 'golden-drop';

/** Questions asked per call: a processor must return within ten seconds. */
const batchSize = 500;

/**
 * Asks golden questions that were not asked since the catalog changed. Returns those that were answered rightly before and no longer are, and whether
 * there are more to ask. `onDrop` is told of each before it is noted as asked: what a crash cuts off is reported the next time.
 */
export async function checkGoldenQuestions(
  db: Db,
  catalog: LoadedCatalog,
  params: { changedAt: Date; now: Date; onDrop?: (drop: GoldenDrop) => Promise<void> },
): Promise<{ drops: GoldenDrop[]; more: boolean }> {
  const questions = await db
    .selectFrom('golden_question')
    .selectAll()
    .where((where) => where.or([where('checked_at', 'is', null), where('checked_at', '<', params.changedAt)]))
    .orderBy(sql`checked_at nulls first`)
    .limit(batchSize)
    .execute();
  const drops: GoldenDrop[] = [];
  for (const golden of questions) {
    const answer = answerQuestion({
      view: catalog.view,
      index: catalog.index,
      now: params.now,
      viewer: operatorViewer,
      question: golden.question,
    });
    // What several sources describe answers under one id, which may be another than that of the source it was known from then.
    const right = catalog.view.get(golden.asset_id)?.id ?? golden.asset_id;
    const passed = answer.outcome === 'answered' && answer.subject?.id === right;
    if (golden.passed === true && !passed) {
      const drop = { id: golden.id, question: golden.question, assetId: golden.asset_id };
      await params.onDrop?.(drop);
      drops.push(drop);
    }
    await db
      .updateTable('golden_question')
      .set({ checked_at: params.now, passed })
      .where('id', '=', golden.id)
      .execute();
  }
  return { drops, more: questions.length === batchSize };
}

const toldAtMost = 3;

/** Tells the owners that a question which was answered rightly is not any more, and notes it in the same transaction: their card reads that. */
export async function reportDrop(
  services: Services,
  drop: GoldenDrop,
  { changedAt, now }: { changedAt: Date; now: Date },
): Promise<void> {
  const { view } = services.catalog.current();
  await services.db.transaction().execute(async (trx) => {
    const people = await likelyPeople(services, trx, {
      asset: view.get(drop.assetId) ?? (await lastKnown(trx, drop.assetId)),
      question: drop.question,
      now,
    });
    for (const person of people.slice(0, toldAtMost)) {
      await postCard(trx, {
        // Once per change of the catalog, whoever of several looks at it.
        key: `golden:${drop.id}:${changedAt.getTime()}:${person.id}`,
        to: { personId: person.id },
        card: { kind: goldenCardKind, id: drop.id },
        now,
      });
    }
    await trx
      .updateTable('golden_question')
      .set({ passed: false, told_at: now })
      .where('id', '=', drop.id)
      .execute();
  });
}

/** What left the catalog, as its source had it last: whoever answered for it knows best where it went. */
async function lastKnown(trx: Trx, assetId: string): Promise<Asset | undefined> {
  const row = await trx
    .selectFrom('asset')
    .select(['id', 'source', 'draft'])
    .where('id', '=', assetId)
    .executeTakeFirst();
  return row && { ...row.draft, id: row.id, source: row.source };
}
