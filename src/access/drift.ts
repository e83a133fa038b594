import { createHash } from 'node:crypto';
import { matchRule } from '../approvals/plan/match-rule.js';
import { currentPolicy } from '../approvals/policy/policy-store.js';
import type { Policy } from '../approvals/policy/schema.js';
import { recordAudit, scheduleActor } from '../audit/record.js';
import type { Asset } from '../catalog/asset.js';
import type { Trx } from '../db/database.js';
import { enqueue } from '../jobs/outbox.js';
import { postNotice } from '../notices/post-notice.js';
import { ownersOf } from '../people/owners-of.js';
import type { Services } from '../services.js';
import { rightOf } from './apply.js';
import { accessFacts } from './facts.js';
import { type AccessRow, laneOfRight, move, readRequest, recordEvent, requestQuery } from './lifecycle.js';
import type { Holder, Provisioner } from './provisioners/provisioner.js';

export interface DriftFound {
  vanished: number;
  foreign: number;
  resolved: number;
}

/**
 * Compares what Steward granted with what the warehouses say, dataset by dataset: a grant that vanished, and one made outside.
 * Reported to the owner; repaired or removed where the policy that covers it says so.
 */
export async function sweepDrift(
  services: Services,
  params: { now: Date; signal: AbortSignal },
): Promise<DriftFound> {
  const { now, signal } = params;
  const found: DriftFound = { vanished: 0, foreign: 0, resolved: 0 };
  const policy = await currentPolicy(services.db).catch(() => null);
  const active = await requestQuery(services.db).where('access_request.state', '=', 'active').execute();
  for (const request of active) {
    const provisioner = services.warehouses.get(request.warehouse);
    if (!provisioner) continue;
    const probe = await provisioner
      .probe(rightOf(request), { after: 'grant', keep: [], signal })
      .catch(() => null);
    if (probe?.can !== false) continue;
    found.vanished += 1;
    await reportVanished(services, request, policy, probe.words, now);
  }
  const { view } = services.catalog.current();
  const seen = new Set<string>();
  for (const asset of view.assets()) {
    const name = services.warehouses.nameFor(asset);
    const provisioner = name === null ? null : services.warehouses.get(name);
    if (name === null || !provisioner || asset.relation === undefined || !isWatched(asset)) continue;
    const holders = await provisioner.who(asset.relation, { signal }).catch(() => null);
    if (holders === null) continue;
    for (const key of await reportForeign(services, {
      asset,
      warehouse: name,
      provisioner,
      holders,
      policy,
      now,
      signal,
    })) {
      seen.add(key);
      found.foreign += 1;
    }
  }
  found.resolved = await closeGone(services, seen, now);
  return found;
}

/** Grants made outside matter where somebody labelled the data. */
function isWatched(asset: Asset): boolean {
  return asset.classification.length > 0 || asset.columns.some((column) => column.classification.length > 0);
}

/** What the first rule that covers reading this asset says about drift. */
function driftPolicy(policy: Policy | null, asset: Asset | undefined, kind: 'vanished' | 'foreign'): string {
  if (!policy || !asset) return 'report';
  const facts = accessFacts(asset, { level: 'read', columns: [], durationMs: 86_400_000, extension: false });
  const request = {
    facts,
    beneficiary: 'self' as const,
    requesterTeams: [],
    businessHours: true,
    requesterOnCallFor: [],
  };
  const rule = policy.rules.find((item) => item.deny === undefined && matchRule(item, request).matches);
  return rule?.drift[kind] ?? 'report';
}

async function reportVanished(
  services: Services,
  request: AccessRow,
  policy: Policy | null,
  words: string,
  now: Date,
): Promise<void> {
  const asset = services.catalog.current().view.get(request.asset_id);
  const rule = policy?.rules.find((item) => item.name === request.rule);
  const repair = (rule?.drift.vanished ?? driftPolicy(policy, asset, 'vanished')) === 'repair';
  await services.db.transaction().execute(async (trx) => {
    const key = keyOf('vanished', request.warehouse, request.relation, request.login, request.right_id);
    const drift = await trx
      .insertInto('access_drift')
      .values({
        key,
        kind: 'vanished',
        warehouse: request.warehouse,
        relation: request.relation,
        login: request.login,
        asset_id: request.asset_id,
        right_id: request.right_id,
        detail: JSON.stringify({ words, requestId: request.id }),
        found_at: now,
        seen_at: now,
        ...(repair ? { resolved_at: now, resolution: 'repaired' as const } : {}),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!drift) return;
    await recordEvent(trx, { requestId: request.id, kind: 'drift', detail: { words, repair }, now });
    await recordAudit(trx, {
      actor: scheduleActor,
      action: 'access.drift_vanished',
      subject: { kind: 'access', id: request.id },
      now,
      after: { repair },
      text: { words },
    });
    if (repair) {
      // Back through the same door as the first grant: granted, probed, recorded.
      await move(trx, await readRequest(trx, request.id, true), 'provisioning', {}, now);
      await enqueue(trx, {
        kind: 'access.apply',
        queue: 'io',
        key: `access.apply:${request.id}:repair:${now.getTime()}`,
        lane: laneOfRight(request.object_key),
        payload: { requestId: request.id },
        now,
      });
    }
    await tellOwners(services, trx, asset, drift.id, now);
  });
}

async function reportForeign(
  services: Services,
  params: {
    asset: Asset;
    warehouse: string;
    provisioner: Provisioner;
    holders: readonly Holder[];
    policy: Policy | null;
    now: Date;
    signal: AbortSignal;
  },
): Promise<string[]> {
  const { asset, warehouse, now } = params;
  const relation = asset.relation ?? '';
  const ours = await requestQuery(services.db)
    .where('access_right.warehouse', '=', warehouse)
    .where('access_right.relation', '=', relation)
    .where('access_request.state', 'in', ['provisioning', 'active', 'revoking'])
    .execute();
  const granted = new Set(ours.map((request) => request.login));
  const keys: string[] = [];
  for (const holder of params.holders) {
    const { source } = holder;
    // Owners, superusers and roles are how the warehouse is run; a direct or public grant is what drifts.
    if (source.kind !== 'direct' && source.kind !== 'public') continue;
    if (source.kind === 'direct' && granted.has(holder.login)) continue;
    const login = source.kind === 'public' ? 'PUBLIC' : holder.login;
    const key = keyOf('foreign', warehouse, relation, login, source.by);
    if (keys.includes(key)) continue;
    keys.push(key);
    const remove =
      source.kind === 'direct' && source.ours && driftPolicy(params.policy, asset, 'foreign') === 'remove';
    await services.db.transaction().execute(async (trx) => {
      await trx
        .updateTable('access_drift')
        .set({ seen_at: now })
        .where('key', '=', key)
        .where('resolved_at', 'is', null)
        .execute();
      const drift = await trx
        .insertInto('access_drift')
        .values({
          key,
          kind: 'foreign',
          warehouse,
          relation,
          login,
          asset_id: asset.id,
          detail: JSON.stringify({ privileges: holder.privileges, by: source.by, remove }),
          found_at: now,
          seen_at: now,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst();
      if (!drift) return;
      await recordAudit(trx, {
        actor: scheduleActor,
        action: 'access.drift_foreign',
        subject: { kind: 'asset', id: asset.id },
        now,
        after: { source: source.kind, privileges: holder.privileges, remove },
        text: { login, by: source.by },
      });
      await tellOwners(services, trx, asset, drift.id, now);
    });
    if (remove) await removeForeign(services, { ...params, key, login });
  }
  return keys;
}

async function removeForeign(
  services: Services,
  params: {
    asset: Asset;
    provisioner: Provisioner;
    key: string;
    login: string;
    now: Date;
    signal: AbortSignal;
  },
): Promise<void> {
  const { provisioner, key, login, now, signal } = params;
  const right = { login, relation: params.asset.relation ?? '', level: 'write' as const, columns: [] };
  const context = { key, now, until: null, keep: [], companions: [], signal };
  const change = await provisioner.revoke(right, context).catch(() => null);
  const probe = change
    ? await provisioner.probe(right, { after: 'revoke', keep: [], signal }).catch(() => null)
    : null;
  if (!change || probe?.can !== false) return;
  await services.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('access_drift')
      .set({
        resolved_at: now,
        resolution: 'removed',
        detail: JSON.stringify({ statements: change.statements, probe: probe.words }),
      })
      .where('key', '=', key)
      .where('resolved_at', 'is', null)
      .execute();
    await recordAudit(trx, {
      actor: scheduleActor,
      action: 'access.drift_removed',
      subject: { kind: 'asset', id: params.asset.id },
      now,
      after: { statements: change.statements.length },
      text: { login, statements: change.statements.join('; ') },
    });
  });
}

/** What is not seen any more has been put right by somebody. */
async function closeGone(services: Services, seen: ReadonlySet<string>, now: Date): Promise<number> {
  const open = await services.db
    .selectFrom('access_drift')
    .select(['id', 'key'])
    .where('kind', '=', 'foreign')
    .where('resolved_at', 'is', null)
    .execute();
  const gone = open.filter((row) => !seen.has(row.key)).map((row) => row.id);
  if (gone.length === 0) return 0;
  await services.db
    .updateTable('access_drift')
    .set({ resolved_at: now, resolution: 'gone' })
    .where('id', 'in', gone)
    .execute();
  return gone.length;
}

async function tellOwners(
  services: Services,
  trx: Trx,
  asset: Asset | undefined,
  driftId: string,
  now: Date,
): Promise<void> {
  for (const owner of await ownersOf(services, trx, asset)) {
    await postNotice(services, trx, {
      topic: 'access-drift',
      personId: owner.id,
      key: `access-drift:${driftId}:${owner.id}`,
      card: { kind: 'access-drift', id: driftId },
      now,
    });
  }
}

function keyOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
