import { operatorActor, recordAudit } from '../audit/record.js';
import type { Db } from '../db/database.js';

export interface Erasure {
  dryRun: boolean;
  auditTexts: number;
  replies: number;
}

/**
 * Erases what tells who somebody was: the row keeps its uuid, so that the audit chain stays whole, and loses name, e-mail, Slack id,
 * teams, logins, their words in the audit and their kept answers. Null when nobody has this e-mail.
 */
export async function erasePerson(
  db: Db,
  params: { email: string; now: Date; dryRun: boolean },
): Promise<Erasure | null> {
  return db.transaction().execute(async (trx) => {
    const person = await trx
      .selectFrom('person')
      .select('id')
      .where('email', '=', params.email.toLowerCase())
      .forUpdate()
      .executeTakeFirst();
    if (!person) return null;
    const theirs = trx.selectFrom('audit').select('id').where('actor_id', '=', person.id);
    const count = async (query: Promise<{ n: string }>): Promise<number> => Number((await query).n);
    const auditTexts = await count(
      trx
        .selectFrom('audit_text')
        .select((select) => select.fn.countAll<string>().as('n'))
        .where('audit_id', 'in', theirs)
        .executeTakeFirstOrThrow(),
    );
    const replies = await count(
      trx
        .selectFrom('reply')
        .select((select) => select.fn.countAll<string>().as('n'))
        .where('person_id', '=', person.id)
        .executeTakeFirstOrThrow(),
    );
    if (params.dryRun) return { dryRun: true, auditTexts, replies };
    await trx.deleteFrom('audit_text').where('audit_id', 'in', theirs).execute();
    await trx.deleteFrom('reply').where('person_id', '=', person.id).execute();
    await trx.deleteFrom('team_member').where('person_id', '=', person.id).execute();
    await trx.deleteFrom('person_warehouse').where('person_id', '=', person.id).execute();
    await trx.deleteFrom('notice_stop').where('person_id', '=', person.id).execute();
    await trx.deleteFrom('notice_waiting').where('person_id', '=', person.id).execute();
    await trx
      .updateTable('person')
      .set({
        name: 'erased person',
        email: null,
        slack_id: null,
        time_zone: null,
        manager_id: null,
        status: 'erased',
        updated_at: params.now,
      })
      .where('id', '=', person.id)
      .execute();
    await recordAudit(trx, {
      actor: operatorActor,
      action: 'person.erase',
      subject: { kind: 'person', id: person.id },
      now: params.now,
      after: { auditTexts, replies },
    });
    return { dryRun: false, auditTexts, replies };
  });
}
