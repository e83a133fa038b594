import type {
  ApprovedEvent,
  Beneficiaries,
  EndedEvent,
  Subject,
  SubjectFacts,
} from '../approvals/subject.js';
import { isHidden } from '../catalog/visibility.js';
import type { Db, Trx } from '../db/database.js';
import { NotFoundError } from '../errors.js';
import { enqueue, setTimer } from '../jobs/outbox.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { beneficiariesFor } from './beneficiaries.js';
import { type AccessWish, accessFacts } from './facts.js';
import { type AccessRow, cardKind, laneOfRight, move, readRequest, recordEvent } from './lifecycle.js';
import { maskedAsset } from './masked.js';
import { armEndTimers } from './timers.js';

type Base = Pick<Services, 'catalog' | 'directory' | 'config' | 'log'>;

/** Access requests, as the approval engine knows them. */
export function makeAccessSubject(services: Base): Subject {
  return {
    kind: 'access',
    noun: 'access request',
    cardKind,
    facts: async (trx, subjectId) => {
      const request = await readRequest(trx, subjectId);
      return factsOf(services, request, {
        durationMs: Number(request.duration_ms),
        extension: false,
        startsAt: request.wanted_start,
        endsAt: request.wanted_end,
      });
    },
    beneficiaries: async (trx, subjectId) =>
      beneficiariesOf(services, trx, await readRequest(trx, subjectId)),
    liveCount: (db, personId, rule) => countLive(db, personId, rule),
    onApproved: (trx, event) => onApproved(trx, event),
    onEnded: (trx, event) => onEnded(trx, event),
  };
}

/** More time for a running grant; judged by the rules for access with `extension: true`. */
export function makeExtensionSubject(services: Base): Subject {
  const read = async (trx: Trx, id: string) => {
    const extension = await trx
      .selectFrom('access_extension')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (!extension) throw new NotFoundError('There is no such extension.');
    return { extension, request: await readRequest(trx, extension.request_id) };
  };
  return {
    kind: 'access-extension',
    noun: 'extension',
    cardKind: 'access-extension',
    lockFirst: async (trx, id) => {
      const { extension } = await read(trx, id);
      await readRequest(trx, extension.request_id, true);
    },
    facts: async (trx, id) => {
      const { extension, request } = await read(trx, id);
      return factsOf(services, request, { durationMs: Number(extension.by_ms), extension: true });
    },
    beneficiaries: async (trx, id) => beneficiariesOf(services, trx, (await read(trx, id)).request),
    onApproved: async (trx, event) => {
      const { extension } = await read(trx, event.subjectId);
      const request = await readRequest(trx, extension.request_id, true);
      const byMs = Math.min(Number(extension.by_ms), event.durationMs ?? Number(extension.by_ms));
      await grantExtension(trx, request, { extensionId: extension.id, byMs, now: event.now });
    },
    onEnded: async (trx, event) => {
      const { extension } = await read(trx, event.subjectId);
      await trx
        .updateTable('access_extension')
        .set({ state: 'refused', decided_at: event.now })
        .where('id', '=', extension.id)
        .where('state', '=', 'requested')
        .execute();
      await refreshCards(trx, { kind: cardKind, id: extension.request_id }, event.now);
    },
  };
}

/** Moves the end, if the grant still runs. A shorter end than it has is never set. */
export async function grantExtension(
  trx: Trx,
  request: AccessRow,
  params: { extensionId: string; byMs: number; now: Date },
): Promise<boolean> {
  const runs = request.state === 'active' && request.ends_at !== null;
  await trx
    .updateTable('access_extension')
    .set({ state: runs ? 'granted' : 'refused', decided_at: params.now })
    .where('id', '=', params.extensionId)
    .where('state', '=', 'requested')
    .execute();
  if (!runs || request.ends_at === null) return false;
  const endsAt = new Date(request.ends_at.getTime() + params.byMs);
  await trx
    .updateTable('access_request')
    .set({ ends_at: endsAt, extensions: request.extensions + 1 })
    .where('id', '=', request.id)
    .where('state', '=', 'active')
    .execute();
  await armEndTimers(trx, { id: request.id, endsAt, startsAt: params.now, now: params.now });
  await recordEvent(trx, {
    requestId: request.id,
    kind: 'extended',
    detail: { from: request.ends_at.toISOString(), to: endsAt.toISOString() },
    now: params.now,
  });
  await refreshCards(trx, { kind: cardKind, id: request.id }, params.now);
  return true;
}

function factsOf(
  services: Base,
  request: AccessRow,
  wish: Omit<AccessWish, 'level' | 'columns'>,
): SubjectFacts {
  const { view } = services.catalog.current();
  const asset = view.get(request.asset_id);
  if (!asset) {
    throw new NotFoundError(
      `${request.asset_name} is no longer in the catalog, so nothing can be decided about it. The request can be withdrawn.`,
    );
  }
  const masked = maskedAsset(services, asset);
  return {
    ...accessFacts(asset, { level: request.level, columns: request.columns, ...wish }, masked),
    hidden: isHidden(services.config, asset),
  };
}

async function beneficiariesOf(services: Base, trx: Trx, request: AccessRow): Promise<Beneficiaries> {
  const person = await services.directory.byId(trx, request.beneficiary_id);
  if (!person) return { kind: request.beneficiary_kind, personIds: [request.beneficiary_id] };
  return beneficiariesFor(trx, person, request.requester_id);
}

async function countLive(db: Db | Trx, personId: string, rule: string): Promise<number> {
  const row = await db
    .selectFrom('access_request')
    .innerJoin('approval_request', (join) =>
      join
        .on((on) => on('approval_request.subject_id', '=', on.cast<string>('access_request.id', 'text')))
        .on('approval_request.kind', '=', 'access'),
    )
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('access_request.requester_id', '=', personId)
    .where('access_request.state', '<>', 'ended')
    .where('approval_request.rule', '=', rule)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** The clock starts now, at the approval, or at the later start that was asked for. */
async function onApproved(trx: Trx, event: ApprovedEvent): Promise<void> {
  const request = await readRequest(trx, event.subjectId, true);
  const { now } = event;
  const startsAt = request.wanted_start && request.wanted_start > now ? request.wanted_start : now;
  const asked = request.wanted_end ?? new Date(startsAt.getTime() + Number(request.duration_ms));
  const endsAt =
    event.durationMs === undefined
      ? asked
      : new Date(Math.min(asked.getTime(), startsAt.getTime() + event.durationMs));
  const approved = {
    approved_at: now,
    starts_at: startsAt,
    ends_at: endsAt,
    rule: event.rule,
    policy_hash: event.policyHash,
    how: event.how,
  };
  if (endsAt <= now) {
    await move(
      trx,
      request,
      'ended',
      {
        ...approved,
        ended_how: 'lapsed',
        ended_reason:
          'The end that was asked for had passed when it was approved. Ask again with a later end.',
      },
      now,
    );
    return;
  }
  if (startsAt > now) {
    await move(trx, request, 'approved', approved, now);
    await setTimer(trx, {
      kind: 'access.start',
      queue: 'work',
      key: `access.start:${request.id}`,
      payload: { requestId: request.id },
      runAt: startsAt,
      now,
    });
  } else {
    await move(trx, request, 'provisioning', approved, now);
    await enqueueApply(trx, request, 'grant', now);
  }
  await armEndTimers(trx, { id: request.id, endsAt, startsAt, now });
}

async function onEnded(trx: Trx, event: EndedEvent): Promise<void> {
  const request = await readRequest(trx, event.subjectId, true);
  const how = event.outcome === 'expired' ? 'lapsed' : event.outcome;
  await move(
    trx,
    request,
    'ended',
    { ended_how: how, ended_reason: event.reason, rule: event.rule, policy_hash: event.policyHash },
    event.now,
  );
}

/** Work on the warehouse's side, in the right's lane. The effect reads what is to be done; the key only says why it was woken. */
export async function enqueueApply(
  trx: Trx,
  request: Pick<AccessRow, 'id' | 'object_key'>,
  why: string,
  now: Date,
): Promise<void> {
  await enqueue(trx, {
    kind: 'access.apply',
    queue: 'io',
    key: `access.apply:${request.id}:${why}`,
    lane: laneOfRight(request.object_key),
    payload: { requestId: request.id },
    now,
  });
}
