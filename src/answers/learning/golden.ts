import type { LoadedCatalog } from '../../catalog/store.js';
import { operatorViewer } from '../../catalog/visibility.js';
import type { Db } from '../../db/database.js';
import { answerQuestion } from '../answer.js';

export interface GoldenDrop {
  question: string;
  assetId: string;
}

/**
 * Asks every golden question of a newly synced catalog. Returns those that were answered rightly before and no longer are, for
 * their owners.
 */
export async function checkGoldenQuestions(db: Db, catalog: LoadedCatalog, now: Date): Promise<GoldenDrop[]> {
  const questions = await db
    .selectFrom('golden_question')
    .selectAll()
    .orderBy('created_at')
    .limit(5000)
    .execute();
  const drops: GoldenDrop[] = [];
  for (const golden of questions) {
    const answer = answerQuestion({
      view: catalog.view,
      index: catalog.index,
      now,
      viewer: operatorViewer,
      question: golden.question,
    });
    const passed = answer.outcome === 'answered' && answer.subject?.id === golden.asset_id;
    if (golden.passed === true && !passed)
      drops.push({ question: golden.question, assetId: golden.asset_id });
    await db
      .updateTable('golden_question')
      .set({ checked_at: now, passed })
      .where('id', '=', golden.id)
      .execute();
  }
  return drops;
}
