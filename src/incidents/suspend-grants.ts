import { InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';
import { brokenAssets } from './blast/store.js';
import { type ActOn, auditIncident, changeIncident } from './change.js';
import { type Incident, referenceOf } from './incident.js';
import { addEntry } from './timeline.js';
import { isLive } from './transitions.js';

export interface SuspendGrants extends ActOn {
  /** Default: everything the incident says is exposed. */
  assetIds?: readonly string[];
  reason?: string;
}

/** Holds back every grant on the exposed datasets. What the warehouse says of it follows in the timeline (`noteSuspension`). */
export async function suspendGrants(
  services: Services,
  params: SuspendGrants,
): Promise<{ incident: Incident; grants: number; datasets: number }> {
  return changeIncident(services, params, 'incident.suspend-grants', async (trx, incident) => {
    if (incident.kind !== 'data_exposure')
      throw new InvalidInputError(
        `Grants are suspended for a data exposure only, and ${referenceOf(incident)} is none. \`/access revoke\` ends a single grant. Nothing was changed.`,
      );
    if (!isLive(incident.state))
      throw new InvalidInputError(`${referenceOf(incident)} is ${incident.state}. Nothing was suspended.`);
    const exposed = await brokenAssets(trx, incident.id);
    const wanted = params.assetIds ?? exposed;
    if (wanted.length === 0 || wanted.some((id) => !exposed.includes(id)))
      throw new InvalidInputError(
        wanted.length === 0
          ? `${referenceOf(incident)} names no dataset yet: \`/incident asset ${incident.number} <name>\` adds one. Nothing was suspended.`
          : `Only datasets of ${referenceOf(incident)} can be held back: \`/incident asset ${incident.number} <name>\` adds one first. Nothing was suspended.`,
      );
    const grants = await services.suspension.suspend(trx, {
      assetIds: wanted,
      incidentId: incident.id,
      reason: params.reason?.trim() ?? '',
      actor: params.actor,
      now: params.now,
    });
    await addEntry(trx, {
      incidentId: incident.id,
      at: params.now,
      kind: 'action',
      text: `Suspending ${grantWords(grants)} on ${datasetWords(wanted.length)}${params.reason?.trim() ? `: ${params.reason.trim()}` : ''}`,
      actorId: params.actor.personId,
      data: { suspended: [...wanted] },
      now: params.now,
    });
    await auditIncident(trx, params, incident, 'incident.suspend-grants', {
      after: { assets: [...wanted], grants },
      text: { reason: params.reason ?? '' },
    });
    return { incident, grants, datasets: wanted.length };
  });
}

/** Gives back what this incident holds. Grants whose time has passed meanwhile end instead. */
export async function restoreGrants(
  services: Services,
  params: ActOn,
): Promise<{ incident: Incident; grants: number }> {
  return changeIncident(services, params, 'incident.restore-grants', async (trx, incident) => {
    const held = await services.suspension.heldBy(trx, incident.id);
    if (held.length === 0)
      throw new InvalidInputError(`${referenceOf(incident)} holds no grants back. Nothing was changed.`);
    const { actor, now } = params;
    const grants = await services.suspension.lift(trx, { incidentId: incident.id, actor, now });
    await addEntry(trx, {
      incidentId: incident.id,
      at: now,
      kind: 'action',
      text: `Suspension of ${datasetWords(held.length)} lifted: ${grantWords(grants)} given back`,
      actorId: actor.personId,
      now,
    });
    await auditIncident(trx, params, incident, 'incident.restore-grants', { after: { grants } });
    return { incident, grants };
  });
}

/** The warehouse has answered for every grant on a dataset: what it said, once, in the timeline. */
export async function noteSuspension(services: Services, params: ActOn & { assetId: string }): Promise<void> {
  const held = (await services.suspension.heldBy(services.db, params.incidentId)).find(
    ({ assetId }) => assetId === params.assetId,
  );
  if (held === undefined) return;
  await changeIncident(services, params, 'incident.note', async (trx, incident) => {
    const rest = held.grants - held.confirmed - held.stillIn.length;
    const words = [
      `${held.confirmed} of ${grantWords(held.grants)} on ${held.assetName} let nobody in any more, the warehouse confirms`,
      ...(held.stillIn.length === 0
        ? []
        : [`${held.stillIn.length} still get in by another way: ${held.stillIn.slice(0, 3).join('; ')}`]),
      ...(rest > 0 ? [`${rest} were not in force yet or could not be probed`] : []),
    ];
    await addEntry(trx, {
      incidentId: incident.id,
      at: params.now,
      kind: 'action',
      text: words.join('. '),
      sourceKey: `suspension:${held.assetId}:${held.startedAt.getTime()}`,
      now: params.now,
    });
  });
}

export function grantWords(count: number): string {
  return `${count} grant${count === 1 ? '' : 's'}`;
}

export function datasetWords(count: number): string {
  return `${count} dataset${count === 1 ? '' : 's'}`;
}
