import { recordAudit, scheduleActor } from '../audit/record.js';
import type { Trx } from '../db/database.js';
import type { Services } from '../services.js';
import { type AccessRow, move } from './lifecycle.js';
import { noteToRequester } from './notes.js';

/** The person can work now. */
export async function activate(services: Services, trx: Trx, request: AccessRow, now: Date): Promise<void> {
  await move(trx, request, 'active', { active_at: now, trouble: null, trouble_since: null }, now);
  await recordAudit(trx, {
    actor: scheduleActor,
    action: 'access.grant',
    subject: { kind: 'access', id: request.id },
    now,
    before: { state: request.state },
    after: { state: 'active', rightId: request.right_id, endsAt: request.ends_at?.toISOString() ?? null },
  });
  await noteToRequester(services, trx, request, 'granted', now);
}

/** Closes a request whose access is gone, or goes on through another. */
export async function end(
  services: Services,
  trx: Trx,
  request: AccessRow,
  now: Date,
  note: string | null,
): Promise<void> {
  const how = request.ending_how ?? 'expired';
  const reason = [request.ending_reason, note].filter((part) => part !== null).join(' ') || null;
  await move(trx, request, 'ended', { ended_how: how, ended_reason: reason, remains: null }, now);
  await recordAudit(trx, {
    actor:
      request.ending_by === null
        ? scheduleActor
        : { personId: request.ending_by, kind: 'person', channel: 'slack' },
    action: `access.${how}`,
    subject: { kind: 'access', id: request.id },
    now,
    before: { state: request.state },
    after: { state: 'ended', how },
    ...(reason === null ? {} : { text: { reason } }),
  });
  await noteToRequester(services, trx, request, 'ended', now);
}
