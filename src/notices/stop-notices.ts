import type { AuditAction } from '../audit/actions.js';
import { type Actor, recordAudit } from '../audit/record.js';
import type { Db, Trx } from '../db/database.js';
import { NotFoundError } from '../errors.js';
import type { Services } from '../services.js';
import { type Topic, topicOf } from './topics.js';

interface Choice {
  personId: string;
  topic: string;
  actor: Actor;
  now: Date;
}

/** No more notices of this topic for this person; what waits for their morning is left out of it. Twice is once. */
export async function stopNotices(services: Pick<Services, 'db'>, choice: Choice): Promise<Topic> {
  const topic = requireTopic(choice.topic);
  await services.db.transaction().execute(async (trx) => {
    const stopped = await trx
      .insertInto('notice_stop')
      .values({ person_id: choice.personId, topic: topic.id, at: choice.now })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (stopped.numInsertedOrUpdatedRows === 1n) await record(trx, 'notice.stop', choice);
  });
  return topic;
}

/** Takes a stop back. What was left out meanwhile does not come again. */
export async function resumeNotices(services: Pick<Services, 'db'>, choice: Choice): Promise<Topic> {
  const topic = requireTopic(choice.topic);
  await services.db.transaction().execute(async (trx) => {
    const resumed = await trx
      .deleteFrom('notice_stop')
      .where('person_id', '=', choice.personId)
      .where('topic', '=', topic.id)
      .executeTakeFirst();
    if (resumed.numDeletedRows === 1n) await record(trx, 'notice.resume', choice);
  });
  return topic;
}

/** Topics this person stopped, oldest stop first. */
export async function stoppedTopics(db: Db | Trx, personId: string): Promise<Topic[]> {
  const rows = await db
    .selectFrom('notice_stop')
    .select('topic')
    .where('person_id', '=', personId)
    .orderBy('at')
    .execute();
  return rows.flatMap((row) => topicOf(row.topic) ?? []);
}

function requireTopic(id: string): Topic {
  const topic = topicOf(id);
  if (!topic) throw new NotFoundError('There are no such notices any more. Nothing was changed.');
  return topic;
}

function record(trx: Trx, action: AuditAction, choice: Choice): Promise<void> {
  return recordAudit(trx, {
    actor: choice.actor,
    action,
    subject: { kind: 'person', id: choice.personId },
    now: choice.now,
    after: { topic: choice.topic },
  });
}
