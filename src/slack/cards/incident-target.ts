import {
  canSee,
  type Incident,
  incidentByNumber,
  incidentOfChannel,
  listIncidents,
  readNumber,
} from '../../incidents/incident.js';
import { openStates } from '../../incidents/transitions.js';
import type { Services } from '../../services.js';
import { actions, section } from '../blocks.js';
import { escapeMrkdwn } from '../mrkdwn.js';
import type { Caller, Reply } from '../surface.js';
import { headline, plainHeadline } from './incident-parts.js';

export type Target = { incident: Incident; rest: string } | { reply: Reply };

/** The incident in whose channel the words stand, where the person may see it. */
async function ownIncident(services: Services, caller: Caller): Promise<Incident | null> {
  if (caller.channel === null) return null;
  const own = await incidentOfChannel(services.db, caller.channel.id);
  return own !== null && (await canSee(services, services.db, own, caller.person)) ? own : null;
}

/**
 * Which incident the words are about: the number they begin with, else the channel's own, else the latest open ones are offered.
 *
 * @param meansValue a number alone is what the verb needs, where the channel says which incident: `severity 2`.
 */
export async function targetOf(
  services: Services,
  caller: Caller,
  words: string,
  usage: string,
  meansValue = false,
): Promise<Target> {
  const match = /^\s*(?:INC[-\s]?|#)?(\d{1,9})\b[\s,:]*([\s\S]*)$/i.exec(words);
  const number = match?.[1] === undefined ? null : readNumber(match[1]);
  if (number !== null && !(meansValue && match?.[2] === '' && (await ownIncident(services, caller)) !== null))
    return { incident: await incidentByNumber(services, caller.person, number), rest: match?.[2] ?? '' };
  const own = await ownIncident(services, caller);
  if (own !== null) return { incident: own, rest: words.trim() };
  const open = await listIncidents(services, caller.person, { states: openStates, limit: 5 });
  const [only] = open;
  if (only === undefined)
    return {
      reply: {
        text: 'No incident is open. `/incident declare` opens one, `/incident list all` shows the closed ones.',
        visibility: 'asker',
      },
    };
  const which = `Which incident? Name its number, for example \`/incident ${usage.replace('<n>', String(only.number))}\``;
  const text = `${which}. Open now: ${open.map((incident) => plainHeadline(services, incident)).join('; ')}.`;
  return {
    reply: {
      text,
      blocks: [
        section(escapeMrkdwn(`${which}.`)),
        ...open.map((incident) =>
          section(headline(services, incident), {
            type: 'button',
            text: { type: 'plain_text', text: 'Show' },
            action_id: `incident:show`,
            value: incident.id,
          }),
        ),
      ],
      visibility: 'asker',
    },
  };
}

/** A list of incidents, one line and one button each. */
export function listReply(
  services: Services,
  incidents: readonly Incident[],
  title: string,
  none: string,
): Reply {
  if (incidents.length === 0)
    return {
      text: none,
      blocks: [
        section(none),
        actions([{ text: 'Declare an incident', actionId: 'incident:declare', value: 'new' }]),
      ],
      visibility: 'asker',
    };
  return {
    text: `${title}: ${incidents.map((incident) => plainHeadline(services, incident)).join('; ')}.`,
    blocks: [
      section(`*${title}*`),
      ...incidents.slice(0, 20).map((incident) =>
        section(headline(services, incident), {
          type: 'button' as const,
          text: { type: 'plain_text' as const, text: 'Show' },
          action_id: 'incident:show',
          value: incident.id,
        }),
      ),
    ],
    visibility: 'asker',
    shareable: incidents.every((incident) => !incident.private),
  };
}
