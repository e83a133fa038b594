import type { Asset } from '../catalog/asset.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { rolesOnAsset } from './authority.js';
import { heldStates, reference, requestQuery } from './lifecycle.js';
import type { Holder, ProbeSource } from './provisioners/provisioner.js';
import { adminNames, requireAskable } from './request-access.js';
import { maskedRelation, requireWarehouse } from './warehouses.js';

export interface WhoEntry {
  login: string;
  personName: string | null;
  privileges: string[];
  source: ProbeSource;
  /** Steward's own grants behind it: `ACC-12`, with their end. */
  grants: { reference: string; endsAt: Date | null }[];
}

export interface WhoAnswer {
  asset: Asset;
  warehouse: string;
  /** Null: the system cannot be asked, and only Steward's own grants are known. */
  holders: WhoEntry[] | null;
  /** Who can read its masked view; null where there is none, or the system cannot be asked. */
  masked: { relation: string; holders: WhoEntry[] } | null;
  own: { reference: string; personName: string; level: string; endsAt: Date | null }[];
}

/** Who can read a dataset, as the warehouse says, with Steward's grants told from others. */
export async function whoHasAccess(
  services: Services,
  params: { person: Person; asset: Asset | undefined; signal: AbortSignal },
): Promise<WhoAnswer> {
  const asset = requireAskable(services, params.person, params.asset);
  services.authority.require('access.who', await rolesOnAsset(services, services.db, params.person, asset));
  const { name, provisioner } = requireWarehouse(
    services.warehouses,
    asset,
    await adminNames(services, services.db),
  );
  const relation = asset.relation ?? '';
  const view = maskedRelation(asset);
  const [holders, ofView, grants] = await Promise.all([
    provisioner.who(relation, { signal: params.signal }),
    view === null ? null : provisioner.who(view, { signal: params.signal }),
    requestQuery(services.db)
      .innerJoin('person', 'person.id', 'access_request.beneficiary_id')
      .select('person.name as person_name')
      .where('access_request.asset_id', '=', asset.id)
      .where('access_request.state', 'in', [...heldStates])
      .orderBy('access_request.ends_at')
      .limit(200)
      .execute(),
  ]);
  const logins = [...new Set([...(holders ?? []), ...(ofView ?? [])].map((holder) => holder.login))];
  const people =
    logins.length === 0
      ? []
      : await services.db
          .selectFrom('person_warehouse')
          .innerJoin('person', 'person.id', 'person_warehouse.person_id')
          .select(['login', 'name'])
          .where('warehouse', '=', name)
          .where('login', 'in', logins)
          .execute();
  const entriesOf = (found: readonly Holder[], of: string): WhoEntry[] =>
    found.map((holder) => ({
      login: holder.login,
      personName: people.find((person) => person.login === holder.login)?.name ?? null,
      privileges: holder.privileges,
      source: holder.source,
      grants: holder.source.ours
        ? grants
            .filter((grant) => grant.login === holder.login && grant.relation === of)
            .map((grant) => ({ reference: reference(grant.number), endsAt: grant.ends_at }))
        : [],
    }));
  return {
    asset,
    warehouse: name,
    own: grants.map((grant) => ({
      reference: reference(grant.number),
      personName: grant.person_name,
      level: grant.level,
      endsAt: grant.ends_at,
    })),
    holders: holders && entriesOf(holders, relation),
    masked: view === null || ofView === null ? null : { relation: view, holders: entriesOf(ofView, view) },
  };
}
