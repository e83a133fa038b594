import type { Actor } from '../audit/record.js';
import { recordAudit } from '../audit/record.js';
import type { Trx } from '../db/database.js';
import { IllegalTransitionError } from '../errors.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { rolesOnRequest } from './authority.js';
import { type AccessRow, cardKind, move, readRequest, recordEvent, reference } from './lifecycle.js';
import { noteToOwners } from './notes.js';
import type { Probe } from './provisioners/provisioner.js';

/**
 * A revoke that leaves access is never shown as done. If something of ours is left it is tried again at once; what others
 * gave is shown with its source, told to the owner and to security, and looked at again until it is gone or accepted.
 */
export async function tellRemains(
  services: Services,
  trx: Trx,
  request: AccessRow,
  probe: Probe,
  now: Date,
): Promise<Date> {
  await trx
    .updateTable('access_request')
    .set({
      remains: JSON.stringify(probe.sources),
      trouble: probe.words,
      trouble_since: request.trouble_since ?? now,
    })
    .where('id', '=', request.id)
    .execute();
  await refreshCards(trx, { kind: cardKind, id: request.id }, now);
  if (probe.sources.some((source) => source.ours)) return new Date(now.getTime() + 60_000);
  if (request.remains === null) {
    await recordAudit(trx, {
      actor: { personId: null, kind: 'schedule', channel: 'schedule' },
      action: 'access.remains',
      subject: { kind: 'access', id: request.id },
      now,
      after: { sources: probe.sources.map((source) => source.kind) },
    });
    await noteToOwners(services, trx, request, 'remains', now);
  }
  return new Date(now.getTime() + 6 * 3_600_000);
}

/** The owner or security says that what is left is meant to be: the request ends, and says through what access goes on. */
export async function acceptRemains(
  services: Services,
  params: { requestId: string; person: Person; actor: Actor; now: Date },
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const request = await readRequest(trx, params.requestId, true);
    services.authority.require(
      'access.accept-remains',
      await rolesOnRequest(services, trx, params.person, request),
    );
    if (request.state !== 'revoking' || request.remains === null) {
      throw new IllegalTransitionError(
        `Nothing is left over of ${reference(request.number)}. Nothing was changed.`,
        request.state,
        'ended',
      );
    }
    const how = request.ending_how ?? 'expired';
    const reason = `Steward's grant is gone. Access that others gave goes on: ${request.trouble ?? ''}. Accepted by ${params.person.name}.`;
    await move(trx, request, 'ended', { ended_how: how, ended_reason: reason }, params.now);
    await recordEvent(trx, {
      requestId: request.id,
      kind: 'remains-accepted',
      detail: { sources: request.remains },
      now: params.now,
    });
    await recordAudit(trx, {
      actor: params.actor,
      action: 'access.accept_remains',
      subject: { kind: 'access', id: request.id },
      now: params.now,
      before: { state: 'revoking' },
      after: { state: 'ended', how },
      text: { reason },
    });
  });
}
