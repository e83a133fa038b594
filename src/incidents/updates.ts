import type { Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';
import { tellAudiences, tellSubscriber } from './announce.js';
import { writeNotices } from './blast/store.js';
import { type ActOn, auditIncident, changeIncident } from './change.js';
import { type Incident, referenceOf, rolesIn } from './incident.js';
import { severityById } from './severity.js';
import { addEntry } from './timeline.js';
import { arm, reminderTime } from './timers.js';
import { isLive, requireTransition } from './transitions.js';

/** One form, written once; every audience gets its part. */
export interface UpdateParams extends ActOn {
  wrong: string;
  doNotUse?: string;
  useInstead?: string;
  eta?: Date | null;
  nextUpdateAt?: Date | null;
  deliveryKey: string;
}

export async function postUpdate(services: Services, params: UpdateParams): Promise<Incident> {
  const wrong = params.wrong.trim();
  if (wrong === '')
    throw new InvalidInputError('Say what is wrong, in words a consumer of the data understands.', {
      wrong: 'say what is wrong',
    });
  return changeIncident(services, params, 'incident.update', async (trx, incident) => {
    if (!isLive(incident.state) && incident.state !== 'resolved')
      requireTransition(referenceOf(incident), incident.state, 'investigating');
    const done = await trx
      .selectFrom('incident_update')
      .select('id')
      .where('delivery_key', '=', params.deliveryKey)
      .executeTakeFirst();
    if (done !== undefined) return incident;
    const { now } = params;
    // Of a data exposure consumers hear only what security or legal let through.
    const roles = await rolesIn(services, trx, incident, params.actor, now);
    const forConsumers =
      incident.kind !== 'data_exposure' || services.authority.can('incident.update-exposure', roles);
    const severity = severityById(services.config, incident.severity);
    const next = params.nextUpdateAt ?? new Date(now.getTime() + severity.updateEvery);
    const last = await trx
      .selectFrom('incident_update')
      .select(({ fn }) => fn.max('number').as('last'))
      .where('incident_id', '=', incident.id)
      .executeTakeFirst();
    const number = Number(last?.last ?? 0) + 1;
    await trx
      .insertInto('incident_update')
      .values({
        incident_id: incident.id,
        number,
        at: now,
        by: params.actor.personId,
        wrong,
        do_not_use: clean(params.doNotUse),
        use_instead: clean(params.useInstead),
        eta: params.eta ?? null,
        next_update_at: next,
        for_consumers: forConsumers,
        delivery_key: params.deliveryKey,
      })
      .execute();
    const updated = await trx
      .updateTable('incident')
      .set({
        last_update_at: now,
        next_update_at: next,
        reminders_snoozed_until: null,
        acknowledged_at: incident.acknowledged_at ?? now,
        updated_at: now,
      })
      .where('id', '=', incident.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await addEntry(trx, {
      incidentId: incident.id,
      at: now,
      kind: 'update',
      text: `Update ${number}: ${wrong}`,
      actorId: params.actor.personId,
      data: { number },
      now,
    });
    await auditIncident(trx, params, incident, 'incident.update', {
      after: { number, forConsumers },
      text: { wrong, doNotUse: params.doNotUse ?? '', useInstead: params.useInstead ?? '' },
    });
    await writeNotices(trx, updated, now);
    if (isLive(incident.state))
      await arm(trx, incident.id, 'update', reminderTime(services, updated, next), now);
    await tellAudiences(services, trx, updated, now);
    await tellSubscribers(trx, updated, now);
    return updated;
  });
}

/** Subscribers have one message, brought up to date in place. */
async function tellSubscribers(trx: Trx, incident: Incident, now: Date): Promise<void> {
  const subscribers = await trx
    .selectFrom('incident_member')
    .select('person_id')
    .where('incident_id', '=', incident.id)
    .where('subscribed', '=', true)
    .execute();
  for (const { person_id } of subscribers) await tellSubscriber(trx, incident, person_id, now);
}

function clean(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
