import type { Trx } from '../db/database.js';
import type { Services } from '../services.js';
import { type ActOn, changeIncident } from './change.js';
import { NotClosableError } from './errors.js';
import { type Incident, referenceOf } from './incident.js';
import { correctLocked } from './key-times.js';
import { move } from './move.js';
import { requireTransition } from './transitions.js';

/** What a closed incident must have. A drill needs none of it. */
export async function missingForClose(services: Services, trx: Trx, incident: Incident): Promise<string[]> {
  const missing = (await services.suspension.heldBy(trx, incident.id)).map(
    ({ assetName }) =>
      `giving back the suspended grants on ${assetName} (\`/incident restore ${incident.number}\`)`,
  );
  if (incident.drill) return missing;
  if (incident.started_at === null)
    missing.push('when the data went bad (`/incident link started <time>`, or in the review)');
  if (incident.acknowledged_at === null) missing.push('when somebody took it (acknowledged)');
  if (incident.mitigated_at === null) missing.push('when it was mitigated');
  if (incident.cause === null) missing.push('the cause');
  const vague = await trx
    .selectFrom('incident_task')
    .select(['number', 'title', 'owner_id', 'due_at'])
    .where('incident_id', '=', incident.id)
    .where('kind', '=', 'follow_up')
    .where('state', '=', 'open')
    .where((eb) => eb.or([eb('owner_id', 'is', null), eb('due_at', 'is', null)]))
    .orderBy('number')
    .execute();
  for (const { number, title, owner_id, due_at } of vague) {
    const lacks = [...(owner_id === null ? ['owner'] : []), ...(due_at === null ? ['due date'] : [])];
    const words = [...(owner_id === null ? ['@somebody'] : []), ...(due_at === null ? ['by friday'] : [])];
    missing.push(
      `${lacks.join(' and ')} of the follow-up "${title.slice(0, 60)}" (\`/incident task ${incident.number} give ${number} ${words.join(' ')}\`)`,
    );
  }
  const tasks = await trx
    .selectFrom('incident_task')
    .select(['number', 'title'])
    .where('incident_id', '=', incident.id)
    .where('kind', '=', 'task')
    .where('state', '=', 'open')
    .execute();
  for (const { number, title } of tasks)
    missing.push(
      `the task "${title.slice(0, 60)}" (do it, drop it or make it a follow-up: \`/incident task ${incident.number} followup ${number}\`)`,
    );
  return missing;
}

export interface CloseParams extends ActOn {
  cause?: string;
  startedAt?: Date;
}

export async function closeIncident(services: Services, act: CloseParams): Promise<Incident> {
  return changeIncident(services, act, 'incident.close', async (trx, incident) => {
    requireTransition(referenceOf(incident), incident.state, 'closed');
    if (act.startedAt !== undefined)
      await correctLocked(trx, incident, { ...act, times: { started: act.startedAt } });
    const filled = await trx
      .updateTable('incident')
      .set({ updated_at: act.now, ...(act.cause?.trim() ? { cause: act.cause.trim() } : {}) })
      .where('id', '=', incident.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const missing = await missingForClose(services, trx, filled);
    if (missing.length > 0) throw new NotClosableError(referenceOf(incident), missing);
    return move(services, trx, filled, 'closed', act, { closed_at: act.now });
  });
}
