import { type Incident, listIncidents } from '../../incidents/incident.js';
import { liveStates } from '../../incidents/transitions.js';
import { actions, context, header, section } from '../blocks.js';
import { headline } from '../cards/incident-parts.js';
import { escapeMrkdwn, slackDate } from '../mrkdwn.js';
import type { HomeSection } from '../surface.js';

/** Open incidents this person can see, what waits in triage, and their own open tasks. */
export const incidentHome: HomeSection = {
  name: 'Incidents',
  order: 20,
  render: async (services, person) => {
    const live = await listIncidents(services, person, { states: liveStates, limit: 5 });
    const triage = await listIncidents(services, person, { states: ['triage'], limit: 6 });
    const tasks = await services.db
      .selectFrom('incident_task')
      .innerJoin('incident', 'incident.id', 'incident_task.incident_id')
      .select(['incident.number', 'incident_task.title', 'incident_task.due_at'])
      .where('incident_task.owner_id', '=', person.id)
      .where('incident_task.state', '=', 'open')
      .orderBy('incident_task.due_at')
      .limit(5)
      .execute();
    const row = (incident: Incident) =>
      section(headline(services, incident), {
        type: 'button' as const,
        text: { type: 'plain_text' as const, text: 'Show' },
        action_id: 'incident:show',
        value: incident.id,
      });
    return [
      header('Incidents'),
      ...(live.length === 0 ? [section('No incident is open.')] : live.map(row)),
      ...(triage.length === 0
        ? []
        : [
            context(`${triage.length > 5 ? 'More than 5' : triage.length} in triage`),
            ...triage.slice(0, 3).map(row),
          ]),
      ...(tasks.length === 0
        ? []
        : [
            section(
              `*Yours to do*\n${tasks.map((task) => `• INC-${task.number} ${escapeMrkdwn(task.title)}${task.due_at === null ? '' : `, due ${slackDate(task.due_at, '{date_short_pretty}')}`}`).join('\n')}`,
            ),
          ]),
      actions([{ text: 'Declare an incident', actionId: 'incident:declare', value: 'new' }]),
    ];
  },
};
