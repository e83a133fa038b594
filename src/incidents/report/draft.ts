import type { Trx } from '../../db/database.js';
import { enqueue } from '../../jobs/outbox.js';
import { refreshCards } from '../../jobs/outgoing.js';
import { faultOf } from '../../llm/check-phrasing.js';
import type { Services } from '../../services.js';
import { incidentCard } from '../change.js';
import type { Incident } from '../incident.js';
import type { ReviewDraft } from '../tables.js';

export const draftKind = 'incident.review-draft';

/** Asks for a draft of the review. Without a model nothing comes of it; what is private is shown to no model. */
export async function wantDraft(trx: Trx, incident: Incident, now: Date): Promise<void> {
  if (incident.private || incident.drill) return;
  await enqueue(trx, {
    kind: draftKind,
    queue: 'io',
    key: `${draftKind}:${incident.id}:${now.getTime()}`,
    lane: `incident-draft:${incident.id}`,
    payload: { incidentId: incident.id },
    maxAttempts: 2,
    now,
  });
}

export async function keepDraft(services: Services, incidentId: string, draft: ReviewDraft): Promise<void> {
  const now = new Date(draft.at);
  await services.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('incident')
      .set({ review_draft: JSON.stringify(draft), updated_at: now })
      .where('id', '=', incidentId)
      .where('private', '=', false)
      .execute();
    await refreshCards(trx, { kind: incidentCard, id: incidentId }, now);
  });
}

/** One sentence of a draft with the numbers of the entries it rests on, as the timeline is numbered now. */
export interface DraftSentence {
  text: string;
  entries: number[];
}

/**
 * The draft against the timeline as it is now. A sentence goes when what it rests on was taken out, or was rewritten so that it no longer
 * holds: the timeline is the truth, the draft only follows.
 */
export function draftAgainst(
  draft: ReviewDraft | null,
  timeline: readonly { id: string; text: string }[],
): DraftSentence[] {
  if (draft === null) return [];
  const numbers = new Map(timeline.map(({ id }, index) => [id, index + 1]));
  return draft.sentences.flatMap((sentence) => {
    const entries = sentence.cites.flatMap((id) => numbers.get(id) ?? []).sort((a, b) => a - b);
    return entries.length === 0 || faultOf([sentence], timeline) !== undefined
      ? []
      : [{ text: sentence.text, entries }];
  });
}
