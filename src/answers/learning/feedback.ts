import { sql } from 'kysely';
import { type Actor, recordAudit } from '../../audit/record.js';
import type { Db } from '../../db/database.js';
import type { FeedbackReason } from '../tables.js';
import { reportGap } from './gaps.js';

export interface Rating {
  actor: Actor;
  personId: string;
  assetId: string;
  helpful: boolean;
  /** Why not; said with one more press. */
  reason?: FeedbackReason;
  /** Name of the asset, for the queue. */
  title: string;
  now: Date;
}

/**
 * Keeps what somebody thinks of an answer. Slack sends every change of a thumb as an event of its own, so the last one wins per
 * person and asset. Not helpful, with a reason, is also a gap.
 */
export async function rateAnswer(db: Db, rating: Rating): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const reason = rating.helpful ? null : (rating.reason ?? null);
    await trx
      .insertInto('answer_feedback')
      .values({
        person_id: rating.personId,
        asset_id: rating.assetId,
        helpful: rating.helpful,
        reason,
        at: rating.now,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['person_id', 'asset_id'])
          .doUpdateSet({ helpful: rating.helpful, reason, at: rating.now })
          .where(sql<boolean>`answer_feedback.at <= excluded.at`),
      )
      .execute();
    if (reason !== null) {
      await reportGap(trx, {
        type: reason === 'outdated' ? 'stale' : 'incorrect',
        question: rating.title,
        assetId: rating.assetId,
        personId: rating.personId,
        now: rating.now,
      });
    }
    await recordAudit(trx, {
      actor: rating.actor,
      action: 'answer.rate',
      subject: { kind: 'asset', id: rating.assetId },
      now: rating.now,
      after: { helpful: rating.helpful, reason },
    });
  });
}
