import { canSee, referenceOf } from '../../incidents/incident.js';
import { taskCard } from '../../incidents/task-reminder.js';
import { actions, section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn, slackDate } from '../mrkdwn.js';

/** A task or follow-up to whoever owns it: that it is theirs (`yours`), or that it is due. Of a private incident only its people hear. */
export const incidentTaskCard: CardRenderer = {
  kind: taskCard,
  render: async (services, id, { variant, reader = null }) => {
    const task = await services.db
      .selectFrom('incident_task')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    const incident =
      task === undefined
        ? undefined
        : await services.db
            .selectFrom('incident')
            .selectAll()
            .where('id', '=', task.incident_id)
            .executeTakeFirst();
    if (task === undefined || incident === undefined) return null;
    const person = reader === null ? null : await services.directory.byId(services.db, reader);
    if (!(await canSee(services, services.db, incident, person))) return null;
    const what = task.kind === 'follow_up' ? 'Follow-up' : 'Task';
    const over = task.state !== 'open';
    const handedOn = reader !== null && task.owner_id !== reader;
    const state = over
      ? `is ${task.state}`
      : handedOn
        ? 'is not yours any more'
        : variant === 'yours'
          ? 'is yours'
          : 'is due';
    const text = `${what} of ${referenceOf(incident)} ${state}: ${escapeMrkdwn(task.title)}`;
    return {
      text,
      blocks: [
        section(
          `${text}${task.due_at === null || over ? '' : ` (due ${slackDate(task.due_at, '{date_short_pretty}')})`}`,
        ),
        ...(over || handedOn
          ? []
          : [
              actions([
                {
                  text: 'Done',
                  actionId: 'incident:task-done',
                  value: `${incident.id}|${task.number}`,
                  style: 'primary' as const,
                },
                { text: 'Show the incident', actionId: 'incident:show', value: incident.id },
              ]),
            ]),
      ],
    };
  },
};
