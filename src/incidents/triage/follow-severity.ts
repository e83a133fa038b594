import type { Trx } from '../../db/database.js';
import type { Services } from '../../services.js';
import type { AlertSeverity } from '../alerts/alert.js';
import type { ActOn } from '../change.js';
import { changeSeverityLocked } from '../change-severity.js';
import type { AlertGroup } from '../grouping/group.js';
import { isWorse, worstOf } from '../grouping/worst.js';
import type { Incident } from '../incident.js';
import { askSeverity } from '../nudge.js';
import { byAlert, severityById, severityRank, worseOf } from '../severity.js';
import { reachedBy, suggestedByGrowth } from '../suggested.js';
import { addEntry } from '../timeline.js';
import { isLive } from '../transitions.js';
import { acceptByPolicy, alertRule, sourceOf } from './by-policy.js';

export interface SeverityNews extends Pick<ActOn, 'actor' | 'now'> {
  group: AlertGroup;
  groupId: string;
  /** Whether the group had an incident before. */
  incidentId: string | null;
  /** How bad the group said it was. */
  saidBefore: AlertSeverity | null;
  /** What the incident reached before. */
  known: Parameters<typeof suggestedByGrowth>[1];
}

/**
 * What alerts say later may be worse than what they said first. In triage the severity is only suggested, so it follows, and a rule may take
 * the incident out of there; of a live one whoever leads is asked, unless a rule says to raise it. Nothing is ever lowered, and nothing that
 * was known when somebody set the severity is held against them.
 */
export async function followSeverity(
  services: Services,
  trx: Trx,
  incident: Incident,
  news: SeverityNews,
): Promise<void> {
  const { config } = services;
  const { group, now } = news;
  if (group.state === 'recovered' || (incident.state !== 'triage' && !isLive(incident.state))) return;
  const joined = news.incidentId === null;
  const before = joined ? await saidByOthers(trx, incident.id, news.groupId) : news.saidBefore;
  const becameWorse = before !== null && isWorse(group.severity, before);
  if (becameWorse)
    await addEntry(trx, {
      incidentId: incident.id,
      at: now,
      kind: 'alert',
      text: `Its alerts are worse than before: ${before} → ${group.severity}`,
      sourceKey: `group:${news.groupId}:worse:${group.severity}`,
      data: { group: news.groupId },
      now,
    });
  const grown = suggestedByGrowth(config, news.known, await reachedBy(trx, incident.id));
  const said = joined || becameWorse ? byAlert(config, group.severity) : null;
  const suggested = grown === null ? said : worseOf(config, grown, said);
  const why = suggested !== null && suggested === said ? 'alerts' : 'reach';
  if (suggested !== null && severityRank(config, suggested) < severityRank(config, incident.severity)) {
    const reason = why === 'alerts' ? `its alerts are ${group.severity}` : 'it reaches more than was known';
    if (incident.state === 'triage') {
      const raised = await changeSeverityLocked(services, trx, incident, {
        ...news,
        severity: suggested,
        reason,
      });
      return acceptByPolicy(services, trx, raised, news);
    }
    const rule = await alertRule(services, trx, incident, 'raise', { source: sourceOf(group) });
    if (rule !== undefined) {
      const by = `${reason}, raised by the rule "${rule.name}"`;
      await changeSeverityLocked(services, trx, incident, { ...news, severity: suggested, reason: by });
      return;
    }
    await addEntry(trx, {
      incidentId: incident.id,
      at: now,
      kind: 'severity',
      text: `${severityById(config, suggested).name} suggested: ${reason}`,
      sourceKey: `group:${news.groupId}:suggested:${suggested}`,
      data: { suggested },
      now,
    });
    await askSeverity(services, trx, incident, {
      why,
      suggested,
      occasion: `${news.groupId}:${suggested}`,
      now,
    });
    return;
  }
  // Where steward.yml says nothing of such alerts it is still worth a look.
  if (becameWorse && said === null && isLive(incident.state) && severityRank(config, incident.severity) > 0)
    await askSeverity(services, trx, incident, {
      why: 'alerts',
      suggested: null,
      occasion: `${news.groupId}:${group.severity}`,
      now,
    });
}

/** How bad the other alerts of an incident say it is. */
async function saidByOthers(trx: Trx, incidentId: string, groupId: string): Promise<AlertSeverity | null> {
  const others = await trx
    .selectFrom('alert_group')
    .select('severity')
    .where('incident_id', '=', incidentId)
    .where('id', '!=', groupId)
    .where('state', '=', 'open')
    .execute();
  return worstOf(others.map(({ severity }) => severity));
}
