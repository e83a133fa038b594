import type { IncidentRule } from '../../config/incident-rule-schema.js';
import type { Trx } from '../../db/database.js';
import type { Services } from '../../services.js';
import type { ActOn } from '../change.js';
import type { AlertGroup } from '../grouping/group.js';
import type { Incident } from '../incident.js';
import { accept } from '../life.js';
import { factsOf } from '../rules/fire.js';
import { matches, type RuleFacts } from '../rules/match.js';

/** The first rule on alerts that does this and fits the incident as it is. */
export async function alertRule(
  services: Services,
  trx: Trx,
  incident: Incident,
  action: 'accept' | 'resolve' | 'raise',
  more: Partial<RuleFacts> = {},
): Promise<IncidentRule | undefined> {
  const does = services.config.incidents.rules.filter(
    (rule) => rule.on === 'alert' && rule.do.some((step) => step.action === action),
  );
  if (does.length === 0) return undefined;
  const facts = { ...(await factsOf(services, trx, incident)), ...more };
  return does.find((rule) => matches(rule, facts));
}

/** Policy may take an incident out of triage at once, for assets and severities that it names. */
export async function acceptByPolicy(
  services: Services,
  trx: Trx,
  incident: Incident,
  act: Pick<ActOn, 'actor' | 'now'> & { group: AlertGroup },
): Promise<void> {
  const rule = await alertRule(services, trx, incident, 'accept', { source: sourceOf(act.group) });
  if (rule === undefined) return;
  await accept(services, trx, incident, act, ` by the rule "${rule.name}"`);
}

/** Where a group's first alert came from: what a rule's `source` is compared with. */
export function sourceOf(group: AlertGroup): string {
  return group.alerts[0]?.alert.source ?? '';
}
