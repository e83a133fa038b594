import type { Db } from '../db/database.js';

/** A change that is approved while the source still says the old thing. Answers read this and nothing else of definition changes. */
export interface PendingDefinition {
  /** What people see: `DEF-3`. */
  reference: string;
  kind: 'change' | 'deprecate';
  /** From when it holds, or the last day of use, ISO date. */
  day: string;
  /** Name of what takes its place. */
  successor: string | null;
}

/** The newest approved change of an asset that no sync has seen yet; one look-up in a partial index. */
export async function pendingDefinition(db: Db, assetId: string): Promise<PendingDefinition | null> {
  const row = await db
    .selectFrom('definition_change')
    .select(['number', 'kind', 'effective_date', 'successor'])
    .where('asset_id', '=', assetId)
    .where('state', '=', 'approved')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    reference: `DEF-${row.number}`,
    kind: row.kind,
    day: row.effective_date,
    successor: row.successor,
  };
}

/** In plain words, for the card and for those who only hear it. */
export function pendingSentence({ reference, kind, day, successor }: PendingDefinition): string {
  if (kind === 'change')
    return `A new definition is approved (${reference}, from ${day}) and not in the source yet.`;
  const instead = successor === null ? '' : ` Use ${successor} instead.`;
  return `Its deprecation is approved (${reference}): last day of use ${day}.${instead}`;
}
