import { grouped } from '../../catalog/grouped.js';
import type { Db } from '../../db/database.js';

const dayMs = 86_400_000;
const questionsAtMost = 100_000;

/**
 * Questions that needed no colleague: answered, not asked again by the same person within a day, not marked unhelpful by them afterwards, and not put to the owner
 * within that day. Asked again is the same words, or the same wish about the same thing in other words; a question that was asked an hour before the period ends is judged by the day after it too.
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
  const putToOwner = await putToOwnerSince(db, from);
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
    const about = `${row.person_id} ${row.asset_id}`;
    // A mark is about what was answered until then; the last one stands for the person and the thing.
    const unhelped = (unhelpful.get(about) ?? Number.NEGATIVE_INFINITY) >= at;
    const owners = putToOwner.get(about)?.some((time) => time >= at && time - at <= dayMs) ?? false;
    if (row.outcome === 'answered' && !again && !unhelped && !owners) deflected += 1;
  }
  return { asked, deflected };
}

async function unhelpfulSince(db: Db, from: Date): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('answer_feedback')
    .select(['person_id', 'asset_id', 'at'])
    .where('helpful', '=', false)
    .where('at', '>=', from)
    .execute();
  return new Map(rows.map((row) => [`${row.person_id} ${row.asset_id}`, row.at.getTime()]));
}

/** When somebody had the owner of something asked on their behalf. */
async function putToOwnerSince(db: Db, from: Date): Promise<ReadonlyMap<string, number[]>> {
  const rows = await db
    .selectFrom('gap_asker')
    .innerJoin('gap', 'gap.id', 'gap_asker.gap_id')
    .select(['gap_asker.person_id', 'gap.asset_id', 'gap_asker.at'])
    .where('gap.type', '=', 'missing')
    .where('gap.asset_id', 'is not', null)
    .where('gap_asker.at', '>=', from)
    .execute();
  return grouped(
    rows,
    (row) => `${row.person_id} ${row.asset_id}`,
    (row) => row.at.getTime(),
  );
}
