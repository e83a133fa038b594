import type { Trx } from '../../db/database.js';
import { enqueue } from '../../jobs/outbox.js';
import type { Services } from '../../services.js';
import type { Incident } from '../incident.js';
import { matches, type RuleFacts } from './match.js';

/** What the rules are told about an incident. */
export async function factsOf(services: Services, trx: Trx, incident: Incident): Promise<RuleFacts> {
  const assets = await trx
    .selectFrom('incident_asset')
    .select(['name', 'tier', 'asset_id', 'relation'])
    .where('incident_id', '=', incident.id)
    .execute();
  const { view } = services.catalog.current();
  const direct = assets.filter(({ relation }) => relation === 'direct');
  return {
    severity: incident.severity,
    state: incident.state,
    kind: incident.kind,
    private: incident.private,
    drill: incident.drill,
    cause: incident.cause,
    via: incident.declared_via,
    tiers: [...new Set(assets.flatMap(({ tier }) => (tier === null ? [] : [tier])))],
    domains: [...new Set(assets.flatMap(({ asset_id }) => view.get(asset_id)?.domain ?? []))],
    assets: direct.flatMap(({ name, asset_id }) => [name, view.get(asset_id)?.name ?? name]),
  };
}

/**
 * Fires the rules of one occasion, each once for the same occasion whatever is redelivered. The actions themselves are work of their
 * own, so that one that fails holds nothing up.
 */
export async function fireRules(
  services: Services,
  trx: Trx,
  incident: Incident,
  on: 'declare' | 'severity' | 'status',
  occasion: string,
  now: Date,
): Promise<string[]> {
  const candidates = services.config.incidents.rules.filter((rule) => rule.on === on);
  if (candidates.length === 0) return [];
  const facts = await factsOf(services, trx, incident);
  const fired: string[] = [];
  for (const rule of candidates) {
    if (!matches(rule, facts)) continue;
    const claimed = await trx
      .insertInto('incident_rule_firing')
      .values({ incident_id: incident.id, rule: rule.name, occasion: `${on}:${occasion}`, at: now })
      .onConflict((conflict) => conflict.columns(['incident_id', 'rule', 'occasion']).doNothing())
      .executeTakeFirst();
    if ((claimed.numInsertedOrUpdatedRows ?? 0n) === 0n) continue;
    fired.push(rule.name);
    for (const index of rule.do.keys()) {
      await enqueue(trx, {
        kind: 'incident.rule',
        queue: 'work',
        key: `incident.rule:${incident.id}:${rule.name}:${on}:${occasion}:${index}`,
        lane: `incident:${incident.id}`,
        payload: { incidentId: incident.id, rule: rule.name, index, occasion: `${on}:${occasion}` },
        now,
      });
    }
  }
  return fired;
}

/** Which rules would fire for an incident as it is now, and what they would do: nothing happens. */
export async function dryRunRules(
  services: Services,
  incident: Incident,
): Promise<{ rule: string; on: string; actions: string[] }[]> {
  const facts = await services.db.transaction().execute((trx) => factsOf(services, trx, incident));
  return services.config.incidents.rules
    .filter((rule) => matches(rule, facts))
    .map((rule) => ({ rule: rule.name, on: rule.on, actions: rule.do.map(({ action }) => action) }));
}
