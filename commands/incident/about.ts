import { type Incident, referenceOf } from '../../src/incidents/incident.js';
import type { Services } from '../../src/services.js';
import { targetOf } from '../../src/slack/cards/incident-target.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { Caller, Reply, Verb } from '../../src/slack/surface.js';

type About = (services: Services, caller: Caller, incident: Incident, rest: string) => Promise<Reply>;

/** A verb about one incident: its number, or the channel's own. `meansValue`: there a number alone is the verb's, and not an incident's. */
export function about(
  name: string,
  usage: string,
  summary: string,
  mode: Verb['mode'],
  run: About,
  meansValue = false,
): Verb {
  return {
    name,
    usage,
    summary,
    mode,
    run: async (services, caller, words) => {
      const target = await targetOf(services, caller, words, usage, meansValue);
      if ('reply' in target) return target.reply;
      return quietly(
        caller,
        target.incident,
        await run(services, caller, target.incident, target.rest.trim()),
      );
    },
  };
}

/** Who does it, to which incident, when: the first half of every domain call. */
export const act = (caller: Caller, incident: Incident) => ({
  incidentId: incident.id,
  actor: caller.actor,
  now: caller.now,
});

/** Said where the command was given: the others there should know. */
export const said = (text: string): Reply => ({ text, visibility: 'place' });

/** Of a private incident nothing is said where others read: outside its own channel the reply is for the asker alone. */
export function quietly(
  caller: Caller,
  incident: Pick<Incident, 'private' | 'channel_id'>,
  reply: Reply,
): Reply {
  if (!incident.private || (caller.channel !== null && caller.channel.id === incident.channel_id))
    return reply;
  return { ...reply, visibility: 'asker' };
}

/** `INC-12 is monitoring: orders are late`. */
export const stateWords = (incident: Incident): string =>
  `${referenceOf(incident)} is ${incident.state}: ${escapeMrkdwn(incident.title)}`;
