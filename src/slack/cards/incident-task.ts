import { referenceOf } from '../../incidents/incident.js';
import { taskCard } from '../../incidents/task-reminder.js';
import { actions, section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn, slackDate } from '../mrkdwn.js';

/** A task or follow-up that is due, to whoever owns it. */
export const incidentTaskCard: CardRenderer = {
  kind: taskCard,
  render: async (services, id) => {
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
    const what = task.kind === 'follow_up' ? 'Follow-up' : 'Task';
    const over = task.state !== 'open';
    const text = `${what} of ${referenceOf(incident)} ${over ? `is ${task.state}` : 'is due'}: ${escapeMrkdwn(task.title)}`;
    return {
      text,
      blocks: [
        section(
          `${text}${task.due_at === null || over ? '' : ` (due ${slackDate(task.due_at, '{date_short_pretty}')})`}`,
        ),
        ...(over
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
