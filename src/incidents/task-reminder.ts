import { postCard } from '../jobs/outgoing.js';
import type { Services } from '../services.js';

/** The card of one due task, to whoever owns it: they have to act. */
export const taskCard = 'incident-task';

export async function remindTask(services: Services, params: { taskId: string; now: Date }): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const task = await trx
      .selectFrom('incident_task')
      .selectAll()
      .where('id', '=', params.taskId)
      .forUpdate()
      .executeTakeFirst();
    if (task === undefined || task.state !== 'open' || task.owner_id === null) return;
    if (task.due_at === null || task.due_at > params.now) return;
    await trx
      .updateTable('incident_task')
      .set({ reminded_at: params.now })
      .where('id', '=', task.id)
      .execute();
    await postCard(trx, {
      key: `incident-task:${task.id}:due:${task.due_at.getTime()}`,
      to: { personId: task.owner_id },
      card: { kind: taskCard, id: task.id },
      now: params.now,
    });
  });
}
