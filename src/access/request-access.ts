import { randomUUID } from 'node:crypto';
import { requireTicket } from '../approvals/ticket.js';
import { type Actor, recordAudit } from '../audit/record.js';
import type { Asset } from '../catalog/asset.js';
import { mayKnowOf } from '../catalog/visibility.js';
import type { Db, Trx } from '../db/database.js';
import { InvalidInputError, StewardError } from '../errors.js';
import type { Person } from '../people/person.js';
import { peopleOfAccount } from '../people/service-accounts.js';
import type { Services } from '../services.js';
import { standingRoles } from './authority.js';
import { beneficiariesFor } from './beneficiaries.js';
import { accessFacts } from './facts.js';
import { ensureRight, reference } from './lifecycle.js';
import { maskedAsset } from './masked.js';
import type { AccessLevel } from './tables.js';
import { levelsOf, requireWarehouse, targetRelation } from './warehouses.js';

export interface RequestAccess {
  person: Person;
  actor: Actor;
  assetIds: readonly string[];
  level: AccessLevel;
  /** Only with a single dataset. Empty: the whole of it. */
  columns: readonly string[];
  reason: string | null;
  purposeId?: string;
  termsAccepted?: boolean;
  ticket?: string;
  durationMs: number;
  /** Start later, or end at a moment instead of after a time. */
  startsAt?: Date;
  endsAt?: Date;
  /** Another person or a service account; absent: for oneself. */
  forPersonId?: string;
  /** The form it came from: sending the same form twice asks once. */
  viewId: string | null;
  now: Date;
}

export type RequestResult =
  | {
      assetId: string;
      assetName: string;
      ok: true;
      requestId: string;
      number: number;
      state: 'pending' | 'approved';
    }
  | { assetId: string; assetName: string; ok: false; error: StewardError };

/** Longest that can be asked whatever the policy says: access without an end is not given. */
export const longestMs = 366 * 86_400_000;
const datasetsAtMost = 10;

/**
 * Asks for access to one or several datasets, each decided on its own: one that cannot be asked for does not hold up the
 * others. Throws only when nothing at all could be looked at.
 */
export async function requestAccess(services: Services, wish: RequestAccess): Promise<RequestResult[]> {
  services.authority.require('access.request', standingRoles(services, wish.person));
  const assetIds = [...new Set(wish.assetIds)];
  if (assetIds.length === 0 || assetIds.length > datasetsAtMost) {
    throw new InvalidInputError(`Choose between 1 and ${datasetsAtMost} datasets. Nothing was requested.`, {
      dataset: `Choose between 1 and ${datasetsAtMost} datasets.`,
    });
  }
  if (wish.columns.length > 0 && assetIds.length > 1) {
    throw new InvalidInputError(
      'Columns can only be chosen for one dataset at a time. Nothing was requested.',
      {
        columns: 'Choose one dataset, or no columns.',
      },
    );
  }
  const batchId = randomUUID();
  const results: RequestResult[] = [];
  for (const [index, assetId] of assetIds.entries()) {
    const asset = knownTo(services, wish.person, services.catalog.current().view.get(assetId));
    const assetName = asset?.name ?? 'the dataset';
    try {
      const ticketSeen = await ticketOf(services, wish, asset);
      const made = await services.db
        .transaction()
        .execute((trx) => requestOne(services, trx, { wish, asset, batchId, index, ticketSeen }));
      results.push({ assetId, assetName, ok: true, ...made });
    } catch (error) {
      if (!(error instanceof StewardError)) throw error;
      await recordRefusal(services, wish, assetId, error);
      results.push({ assetId, assetName, ok: false, error });
    }
  }
  return results;
}

/** What a wish means in the warehouse, before anything is written. */
interface Prepared {
  asset: Asset;
  warehouse: string;
  relation: string;
  login: string;
  columns: string[];
  times: { durationMs: number; startsAt: Date | null; endsAt: Date | null };
  beneficiary: Person;
}

async function prepare(
  services: Services,
  db: Db | Trx,
  wish: RequestAccess,
  found: Asset | undefined,
): Promise<Prepared> {
  const asset = requireAskable(services, wish.person, found);
  const admins = await adminNames(services, db);
  const { name: warehouse, provisioner } = requireWarehouse(services.warehouses, asset, admins);
  const relation = targetRelation(asset, wish.level);
  const levels = levelsOf(asset, provisioner);
  if (relation === null || !levels.includes(wish.level)) {
    throw new InvalidInputError(
      `"${wish.level}" cannot be given on ${asset.name}. Nothing was requested. Choose ${levels.join(' or ')}.`,
      { level: `Choose ${levels.join(' or ')}.` },
    );
  }
  const columns = checkColumns(asset, wish, provisioner.columns);
  const times = checkTimes(wish);
  const beneficiary = await findBeneficiary(services, db, wish);
  const login = services.warehouses.identityOf(warehouse, beneficiary);
  if (login === null) {
    const missing = loginMissing({ warehouse, beneficiary, person: wish.person });
    throw new InvalidInputError(
      `${missing}, so access would lead nowhere. Nothing was requested. Ask ${admins} to add the login, then ask again.`,
      { dataset: `${missing}. Ask ${admins}.` },
    );
  }
  return { asset, warehouse, relation, login, columns, times, beneficiary };
}

/** `You have no login in the warehouse "main"`: where access would lead nowhere. */
export function loginMissing(params: { warehouse: string; beneficiary: Person; person: Person }): string {
  const { warehouse, beneficiary, person } = params;
  const whose = beneficiary.id === person.id ? 'You have' : `${beneficiary.name} has`;
  return `${whose} no login in the warehouse "${warehouse}"`;
}

/** What the form checks before it is sent: everything that asking would refuse. Writes nothing. */
export async function checkAccess(services: Services, wish: RequestAccess): Promise<void> {
  services.authority.require('access.request', standingRoles(services, wish.person));
  const alongside = new Map<string, number>();
  for (const [index, assetId] of [...new Set(wish.assetIds)].entries()) {
    const found = services.catalog.current().view.get(assetId);
    try {
      const rule = await checkOne(services, wish, found, alongside);
      alongside.set(rule, (alongside.get(rule) ?? 0) + 1);
    } catch (error) {
      if (index === 0 || !(error instanceof StewardError)) throw error;
      throw oneOfMore(error, knownTo(services, wish.person, found)?.name ?? 'One of them');
    }
  }
}

/** Checks one dataset of a wish and gives the rule that decides it. */
async function checkOne(
  services: Services,
  wish: RequestAccess,
  found: Asset | undefined,
  alongside: ReadonlyMap<string, number>,
): Promise<string> {
  const { ticket, purposeId, termsAccepted } = wish;
  const { rule } = await services.approvals.check(services.db, {
    ...(await judgedBy(services, wish, found)),
    reason: wish.reason,
    ...(ticket === undefined ? {} : { ticket }),
    ...(purposeId === undefined ? {} : { purposeId }),
    ...(termsAccepted === undefined ? {} : { termsAccepted }),
    alongside,
  });
  await ticketOf(services, wish, found);
  return rule;
}

/** The form is drawn for the first dataset: what is wrong with another is said beside that one's name. */
function oneOfMore(error: StewardError, name: string): InvalidInputError {
  const fields = error instanceof InvalidInputError ? Object.values(error.fields) : [];
  const words = `${name}: ${fields.join(' ') || error.message} Leave it out, or ask for it on its own.`;
  return new InvalidInputError(`Nothing was requested. ${words}`, { 'more-datasets': words });
}

/** What rules look at, of a wish that nothing is written of yet. */
async function judgedBy(services: Services, wish: RequestAccess, found: Asset | undefined) {
  const { asset, columns, times, beneficiary } = await prepare(services, services.db, wish, found);
  const facts = accessFacts(
    asset,
    { level: wish.level, columns, durationMs: times.durationMs, extension: false },
    maskedAsset(services, asset),
  );
  return {
    facts,
    beneficiaries: await beneficiariesFor(services.db, beneficiary, wish.person.id),
    requesterId: wish.person.id,
    now: wish.now,
  };
}

/** Asked outside every transaction: a ticket system may be slow. */
async function ticketOf(services: Services, wish: RequestAccess, found: Asset | undefined) {
  if (wish.ticket === undefined) return null;
  const { rule } = await services.approvals.preview(services.db, await judgedBy(services, wish, found));
  return requireTicket(services, rule, wish.ticket);
}

async function requestOne(
  services: Services,
  trx: Trx,
  params: {
    wish: RequestAccess;
    asset: Asset | undefined;
    batchId: string;
    index: number;
    ticketSeen: 'there' | 'unknown' | null;
  },
): Promise<{ requestId: string; number: number; state: 'pending' | 'approved' }> {
  const { wish, index } = params;
  const { now } = wish;
  if (wish.viewId !== null) {
    const already = await trx
      .selectFrom('access_request')
      .select(['id', 'number', 'state'])
      .where('view_id', '=', wish.viewId)
      .where('view_index', '=', index)
      .executeTakeFirst();
    if (already) {
      const state = already.state === 'requested' ? 'pending' : 'approved';
      return { requestId: already.id, number: already.number, state };
    }
  }
  const { asset, warehouse, relation, login, columns, times, beneficiary } = await prepare(
    services,
    trx,
    wish,
    params.asset,
  );
  const rightId = await ensureRight(trx, {
    warehouse,
    login,
    relation,
    level: wish.level,
    columns,
    personId: beneficiary.id,
    now,
  });
  const row = await trx
    .insertInto('access_request')
    .values({
      batch_id: params.batchId,
      view_id: wish.viewId,
      view_index: index,
      requester_id: wish.person.id,
      beneficiary_kind:
        beneficiary.id === wish.person.id ? 'self' : beneficiary.kind === 'service' ? 'service' : 'person',
      beneficiary_id: beneficiary.id,
      asset_id: asset.id,
      asset_name: asset.name,
      right_id: rightId,
      level: wish.level,
      columns,
      duration_ms: times.durationMs,
      wanted_start: times.startsAt,
      wanted_end: times.endsAt,
      state: 'requested',
      created_at: now,
    })
    .returning(['id', 'number'])
    .executeTakeFirstOrThrow();
  const opened = await services.approvals.openRequest(trx, {
    kind: 'access',
    subjectId: row.id,
    reference: reference(row.number),
    requesterId: wish.person.id,
    actor: wish.actor,
    reason: wish.reason,
    ticketSeen: params.ticketSeen,
    now,
    ...(wish.ticket === undefined ? {} : { ticket: wish.ticket }),
    ...(wish.purposeId === undefined ? {} : { purposeId: wish.purposeId }),
    ...(wish.termsAccepted === undefined ? {} : { termsAccepted: wish.termsAccepted }),
  });
  return { requestId: row.id, number: row.number, state: opened.state };
}

/** The asset, where this person may know of it: what is hidden from them is not even called by its name. */
function knownTo(services: Services, person: Person, asset: Asset | undefined): Asset | undefined {
  return asset && mayKnowOf(asset, person, services.config.catalog.visibility) ? asset : undefined;
}

/** What is hidden from this person is answered exactly like what is not there. */
export function requireAskable(services: Services, person: Person, asset: Asset | undefined): Asset {
  const known = knownTo(services, person, asset);
  if (!known?.relation) {
    throw new InvalidInputError(
      'There is no such dataset to ask for. Nothing was requested. `/access request` searches by name.',
      {
        dataset: 'There is no such dataset to ask for.',
      },
    );
  }
  return known;
}

function checkColumns(asset: Asset, wish: RequestAccess, supported: boolean): string[] {
  if (wish.columns.length === 0) return [];
  if (!supported || wish.level === 'masked') {
    throw new InvalidInputError(
      'Single columns cannot be given here. Nothing was requested. Ask for the whole dataset or for another level.',
      {
        columns: 'Single columns cannot be given here.',
      },
    );
  }
  const known = new Set(asset.columns.map((column) => column.name));
  const unknown = wish.columns.filter((column) => !known.has(column));
  if (unknown.length > 0) {
    throw new InvalidInputError(`${asset.name} has no column ${unknown.join(', ')}. Nothing was requested.`, {
      columns: `There is no column ${unknown.join(', ')}.`,
    });
  }
  return [...new Set(wish.columns)];
}

function checkTimes(wish: RequestAccess): { durationMs: number; startsAt: Date | null; endsAt: Date | null } {
  const startsAt = wish.startsAt && wish.startsAt > wish.now ? wish.startsAt : null;
  const from = startsAt ?? wish.now;
  const endsAt = wish.endsAt ?? null;
  const durationMs = endsAt ? endsAt.getTime() - from.getTime() : wish.durationMs;
  if (!Number.isFinite(durationMs) || durationMs < 60_000 || durationMs > longestMs) {
    const far = `at least a minute and at most a year after ${startsAt ? 'its start' : 'now'}`;
    throw new InvalidInputError(`Access needs an end, ${far}. Nothing was requested.`, {
      [endsAt ? 'end' : 'duration']: `Choose an end ${far}.`,
    });
  }
  if (from.getTime() - wish.now.getTime() > longestMs) {
    throw new InvalidInputError('The start is more than a year away. Nothing was requested.', {
      start: 'Choose a start within a year.',
    });
  }
  return { durationMs: Math.round(durationMs), startsAt, endsAt };
}

async function findBeneficiary(services: Services, db: Db | Trx, wish: RequestAccess): Promise<Person> {
  if (!wish.forPersonId || wish.forPersonId === wish.person.id) return wish.person;
  const person = await services.directory.byId(db, wish.forPersonId);
  if (person?.status !== 'active' || (person.kind !== 'member' && person.kind !== 'service')) {
    throw new InvalidInputError(
      'Access can be asked for an active colleague or a service account. Nothing was requested.',
      {
        for: 'Choose an active colleague or a service account.',
      },
    );
  }
  if (person.kind === 'service' && !(await peopleOfAccount(db, person.id)).includes(wish.person.id)) {
    throw new InvalidInputError(
      `Access for ${person.name} is asked for by those who run it. Nothing was requested. Ask one of them.`,
      { 'for-service': 'Choose an account that you run.' },
    );
  }
  return person;
}

export async function adminNames(services: Services, db: Trx | Services['db']): Promise<string> {
  const people = await Promise.all(
    services.config.authority.admins.map((email) => services.directory.byEmail(db, email)),
  );
  return (
    people.flatMap((person) => (person?.status === 'active' ? [person.name] : [])).join(' or ') ||
    'your Steward administrator'
  );
}

/** A refused wish leaves a trace too: an auditor sees who asked for what they could not have. */
async function recordRefusal(
  services: Services,
  wish: RequestAccess,
  assetId: string,
  error: StewardError,
): Promise<void> {
  if (error.code === 'invalid_input') return;
  await services.db.transaction().execute((trx) =>
    recordAudit(trx, {
      actor: wish.actor,
      action: 'access.refused',
      subject: { kind: 'asset', id: assetId },
      now: wish.now,
      after: { level: wish.level, code: error.code },
      text: { sentence: error.message },
    }),
  );
}
