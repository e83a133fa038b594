import { policyActor } from '../../audit/record.js';
import type { Trx } from '../../db/database.js';
import { enqueue } from '../../jobs/outbox.js';
import { postCard } from '../../jobs/outgoing.js';
import { onCallOrNobody } from '../../people/on-call.js';
import type { Services } from '../../services.js';
import { addMember, readOwner, setUpChannel } from '../announce.js';
import { incidentCard, lockIncident } from '../change.js';
import { lastTaskNumber } from '../checklist.js';
import type { Incident } from '../incident.js';
import { resolveLocked } from '../life.js';
import { pageLocked } from '../paging.js';
import { peopleWords } from '../report/summary.js';
import { addEntry } from '../timeline.js';
import { isLive } from '../transitions.js';

/** Does one action of a rule that fired. Doing it twice changes nothing. */
export async function runRuleAction(
  services: Services,
  params: { incidentId: string; rule: string; index: number; occasion: string; now: Date },
): Promise<string> {
  const rule = services.config.incidents.rules.find(({ name }) => name === params.rule);
  const action = rule?.do[params.index];
  if (action === undefined) return 'the rule is not in steward.yml any more';
  return services.db.transaction().execute(async (trx) => {
    const incident = await lockIncident(trx, params.incidentId);
    switch (action.action) {
      case 'invite':
        return inviteBy(services, trx, incident, action, params);
      case 'page': {
        const done = await pageLocked(services, trx, incident, {
          reason: action.reason ?? `rule "${params.rule}"`,
          actorId: null,
          now: params.now,
          ...(action.pager === undefined ? {} : { pager: action.pager }),
        });
        return done ? 'paged' : 'no pager is set up';
      }
      case 'post':
      case 'notify':
        if (incident.private) return 'private incidents are posted nowhere';
        await postCard(trx, {
          key: `incident:${incident.id}:rule:${params.rule}:${action.channel}`,
          to: { channelId: action.channel },
          card: {
            kind: incidentCard,
            id: incident.id,
            variant: action.action === 'post' ? 'announce' : 'consumer',
          },
          now: params.now,
        });
        return `posted to ${action.channel}`;
      case 'task': {
        const number = (await lastTaskNumber(trx, incident.id)) + 1;
        await trx
          .insertInto('incident_task')
          .values({
            incident_id: incident.id,
            number,
            kind: action.followUp ? 'follow_up' : 'task',
            title: action.title.slice(0, 300),
            source_key: `rule:${params.rule}:${params.index}`,
            created_at: params.now,
            updated_at: params.now,
          })
          .onConflict((conflict) => conflict.columns(['incident_id', 'source_key']).doNothing())
          .execute();
        return 'task added';
      }
      case 'webhook':
        if (incident.private) return 'private incidents leave the house nowhere';
        await enqueue(trx, {
          kind: 'incident.webhook',
          queue: 'io',
          key: `incident.webhook:rule:${incident.id}:${params.rule}:${params.occasion}:${action.index}`,
          payload: {
            incidentId: incident.id,
            index: action.index,
            event: `rule.${params.rule}`,
            at: params.now.toISOString(),
          },
          now: params.now,
        });
        return 'webhook queued';
      case 'resolve':
        if (!isLive(incident.state)) return `it is ${incident.state}`;
        await resolveLocked(services, trx, incident, { actor: policyActor, now: params.now });
        return 'resolved';
      case 'accept':
        return 'accepting is done when the alert comes';
      case 'raise':
        return 'raising is done when the alert comes';
    }
  });
}

async function inviteBy(
  services: Services,
  trx: Trx,
  incident: Incident,
  action: { people?: string[] | undefined; teams?: string[] | undefined; onCall?: string[] | undefined },
  { rule, now }: { rule: string; now: Date },
): Promise<string> {
  let added = 0;
  const add = async (people: readonly { id: string }[]): Promise<void> => {
    for (const { id } of people)
      if (await addMember(trx, { incidentId: incident.id, personId: id, how: 'rule', now })) added += 1;
  };
  for (const name of action.people ?? [])
    await add(await services.directory.resolveOwner(trx, readOwner(name)));
  for (const team of action.teams ?? []) await add(await services.directory.teamMembers(trx, team));
  for (const team of action.onCall ?? []) await add(await onCallOrNobody(services, trx, team, now));
  await addEntry(trx, {
    incidentId: incident.id,
    at: now,
    kind: 'role',
    text: `${peopleWords(added)} invited by the rule "${rule}"`,
    now,
  });
  if (incident.channel_state === 'ready') await setUpChannel(trx, incident.id, now, 'rule-invite');
  return `${added} invited`;
}
