import type { AuditAction } from '../audit/actions.js';
import { type Actor, recordAudit } from '../audit/record.js';
import type { Trx } from '../db/database.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import type { IncidentAction } from './authority.js';
import { NoIncidentError } from './errors.js';
import { authorise, type Incident } from './incident.js';

/** The kind of card every message about an incident shows. */
export const incidentCard = 'incident';

export interface ActOn {
  incidentId: string;
  actor: Actor;
  now: Date;
}

/**
 * One change of one incident: locks its row, checks the right to it, runs `body` and brings every message about it up to date, in one
 * transaction.
 */
export async function changeIncident<Result>(
  services: Services,
  act: ActOn,
  action: IncidentAction,
  body: (trx: Trx, incident: Incident) => Promise<Result>,
): Promise<Result> {
  return services.db.transaction().execute(async (trx) => {
    const incident = await lockIncident(trx, act.incidentId);
    await authorise(services, trx, incident, act.actor, action, act.now);
    const result = await body(trx, incident);
    await refreshCards(trx, { kind: incidentCard, id: incident.id }, act.now);
    return result;
  });
}

export async function lockIncident(trx: Trx, id: string): Promise<Incident> {
  const incident = await trx
    .selectFrom('incident')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (incident === undefined) throw new NoIncidentError();
  return incident;
}

/** An audit row of an incident: `text` holds what people wrote. */
export async function auditIncident(
  trx: Trx,
  act: Pick<ActOn, 'actor' | 'now'>,
  incident: Pick<Incident, 'id'>,
  action: AuditAction,
  parts: {
    before?: Record<string, unknown>;
    after?: Record<string, unknown>;
    text?: Record<string, unknown>;
  } = {},
): Promise<void> {
  await recordAudit(trx, {
    actor: act.actor,
    action,
    subject: { kind: 'incident', id: incident.id },
    now: act.now,
    ...parts,
  });
}
