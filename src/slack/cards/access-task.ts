import { reference, requestQuery } from '../../access/lifecycle.js';
import { actions, context, section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn } from '../mrkdwn.js';
import { plainCard } from './approval-parts.js';

/** Something a person must do by hand in a system that Steward cannot reach. */
export const accessTaskCard: CardRenderer = {
  kind: 'access-task',
  render: async (services, id) => {
    const task = await services.db
      .selectFrom('access_task')
      .leftJoin('person', 'person.id', 'access_task.done_by')
      .selectAll('access_task')
      .select('person.name as done_name')
      .where('access_task.id', '=', id)
      .executeTakeFirst();
    const request = task
      ? await requestQuery(services.db).where('access_request.id', '=', task.request_id).executeTakeFirst()
      : undefined;
    if (!task || !request) return null;
    const verb = task.kind === 'grant' ? 'Give' : 'Take back';
    const direction = task.kind === 'grant' ? 'to' : 'from';
    const columns = request.columns.length > 0 ? ` (only ${request.columns.join(', ')})` : '';
    const what = `${verb} ${request.level} access on ${request.relation}${columns} ${direction} ${request.login} in ${request.warehouse}, for ${reference(request.number)}.`;
    if (task.state !== 'open') {
      const text = `Done by ${task.done_name ?? 'a colleague'}: ${what}`;
      return plainCard(text, [context(`:white_check_mark: ${escapeMrkdwn(text)}`)]);
    }
    return plainCard(`To do by hand: ${what} Mark it as done afterwards.`, [
      section(`*To do by hand:* ${escapeMrkdwn(what)}`),
      actions([
        {
          text: 'Mark as done',
          actionId: 'access:task-done',
          value: task.id,
          style: 'primary',
          label: `Mark as done: ${reference(request.number)}`,
        },
      ]),
    ]);
  },
};
