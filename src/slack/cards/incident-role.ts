import type { Incident } from '../../incidents/incident.js';
import { referenceOf } from '../../incidents/incident.js';
import { readRole, roleDuties } from '../../incidents/people.js';
import { isLive } from '../../incidents/transitions.js';
import type { Services } from '../../services.js';
import { actions, section } from '../blocks.js';
import type { RenderedCard } from '../card.js';
import { headline, plainHeadline } from './incident-parts.js';

/** To whoever was given a role by somebody else: which one, what it asks of them, and when it is theirs no more. */
export async function roleCard(
  services: Services,
  incident: Incident,
  word: string,
  reader: string | null,
): Promise<RenderedCard | null> {
  const role = readRole(word);
  if (role === null) return null;
  const held = await services.db
    .selectFrom('incident_role')
    .select('person_id')
    .where('incident_id', '=', incident.id)
    .where('role', '=', role)
    .executeTakeFirst();
  if (held === undefined || held.person_id !== reader) {
    const text = `You are not ${role} of ${referenceOf(incident)} any more.`;
    return { text, blocks: [section(text)] };
  }
  if (!isLive(incident.state))
    return {
      text: `You were ${role} of ${plainHeadline(services, incident)}.`,
      blocks: [section(`You were *${role}* of this incident.\n${headline(services, incident)}`)],
    };
  const where = incident.channel_id === null ? '' : `\nIt is worked on in <#${incident.channel_id}>.`;
  return {
    text: `You are ${role} of ${plainHeadline(services, incident)}. ${roleDuties[role]}`,
    blocks: [
      section(
        `You are *${role}* of this incident.\n${headline(services, incident)}\n${roleDuties[role]}${where}`,
      ),
      actions([
        { text: 'Show the incident', actionId: 'incident:show', value: incident.id },
        { text: 'Catch me up', actionId: 'incident:catchup', value: incident.id },
      ]),
    ],
  };
}
