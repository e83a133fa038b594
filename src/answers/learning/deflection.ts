import type { Db } from '../../db/database.js';

const dayMs = 86_400_000;
const questionsAtMost = 100_000;

/**
 * Questions that needed no colleague: answered, not asked again by the same person within a day, and not marked unhelpful by them. Asked again is the same
 * words, or the same wish about the same thing in other words; a question that was asked an hour before the period ends is judged by the day after it too.
 */
export async function deflection(
  db: Db,
  { from, to }: { from: Date; to: Date },
): Promise<{ asked: number; deflected: number }> {
  const rows = await db
    .selectFrom('question')
    .select(['id', 'at', 'person_id', 'folded', 'intent', 'outcome', 'asset_id'])
    .where('at', '>=', from)
    .where('at', '<', new Date(to.getTime() + dayMs))
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(questionsAtMost)
    .execute();
  const unhelpful = await unhelpfulSince(db, from);
  const askedNext = new Map<string, number>();
  let asked = 0;
  let deflected = 0;
  for (const row of rows) {
    const at = row.at.getTime();
    const person = row.person_id ?? row.id;
    const keys = [
      `${person} ${row.folded}`,
      ...(row.asset_id === null ? [] : [`${person} ${row.intent} ${row.asset_id}`]),
    ];
    const again = keys.some((key) => (askedNext.get(key) ?? Number.POSITIVE_INFINITY) - at <= dayMs);
    for (const key of keys) askedNext.set(key, at);
    if (row.at >= to) continue;
    asked += 1;
    const helped = row.asset_id === null || !unhelpful.has(`${row.person_id} ${row.asset_id}`);
    if (row.outcome === 'answered' && !again && helped) deflected += 1;
  }
  return { asked, deflected };
}

async function unhelpfulSince(db: Db, from: Date): Promise<Set<string>> {
  const rows = await db
    .selectFrom('answer_feedback')
    .select(['person_id', 'asset_id'])
    .where('helpful', '=', false)
    .where('at', '>=', from)
    .execute();
  return new Set(rows.map((row) => `${row.person_id} ${row.asset_id}`));
}
