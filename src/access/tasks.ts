import { type Actor, recordAudit } from '../audit/record.js';
import type { Trx } from '../db/database.js';
import { NotAllowedError, NotFoundError } from '../errors.js';
import { postCard, refreshCards } from '../jobs/outgoing.js';
import type { Person } from '../people/person.js';
import { teamName } from '../people/team-name.js';
import type { Services } from '../services.js';
import { settleSuspension } from './hold.js';
import { type AccessRow, isUuid, move, readRequest, recordEvent } from './lifecycle.js';
import { activate, end } from './settle.js';

/** Where a person must do it: one task of a kind, tracked until it is done, and opened again when it is to be done once more (after a hold). */
export async function openTask(
  services: Services,
  trx: Trx,
  request: AccessRow,
  kind: 'grant' | 'revoke',
  team: string,
  now: Date,
): Promise<void> {
  const task = await trx
    .insertInto('access_task')
    .values({ request_id: request.id, kind, team, state: 'open', created_at: now })
    .onConflict((conflict) =>
      conflict
        .columns(['request_id', 'kind'])
        .doUpdateSet({ team, state: 'open', created_at: now, done_at: null, done_by: null })
        .where('access_task.state', '<>', 'open'),
    )
    .returning('id')
    .executeTakeFirst();
  if (!task) return;
  await recordEvent(trx, { requestId: request.id, kind: 'task', detail: { kind, team }, now });
  const channelId = services.config.teams.find((item) => item.id === team)?.channel;
  const card = { kind: 'access-task', id: task.id };
  const key = `access-task:${task.id}:${now.getTime()}`;
  if (channelId !== undefined) {
    await postCard(trx, { key, to: { channelId }, card, now });
    return;
  }
  for (const member of await services.directory.teamMembers(trx, team)) {
    await postCard(trx, {
      key: `${key}:${member.id}`,
      to: { personId: member.id },
      card,
      now,
    });
  }
}

/** A member of the team says that it is done. Not the person it is for. */
export async function completeTask(
  services: Services,
  params: { taskId: string; person: Person; actor: Actor; now: Date },
): Promise<void> {
  const { person, now } = params;
  await services.db.transaction().execute(async (trx) => {
    const task = !isUuid(params.taskId)
      ? undefined
      : await trx
          .selectFrom('access_task')
          .selectAll()
          .where('id', '=', params.taskId)
          .forUpdate()
          .executeTakeFirst();
    if (!task) throw new NotFoundError('There is no such task.');
    if (!person.teams.includes(task.team)) {
      throw new NotAllowedError(
        `Only members of ${teamName(services.config, task.team)} can mark this as done. Nothing was changed.`,
      );
    }
    const request = await readRequest(trx, task.request_id, true);
    if (person.id === request.beneficiary_id || person.id === request.requester_id) {
      throw new NotAllowedError('It is for you, so a colleague must do it. Nothing was changed.');
    }
    if (task.state !== 'open') return;
    await trx
      .updateTable('access_task')
      .set({ state: 'done', done_at: now, done_by: person.id })
      .where('id', '=', task.id)
      .execute();
    await recordAudit(trx, {
      actor: params.actor,
      action: `access.task_${task.kind}`,
      subject: { kind: 'access', id: request.id },
      now,
      after: { taskId: task.id },
    });
    await recordEvent(trx, { requestId: request.id, kind: 'task-done', detail: { kind: task.kind }, now });
    if (task.kind === 'grant' && request.state === 'provisioning')
      await activate(services, trx, request, now);
    if (task.kind === 'revoke' && request.state === 'revoking') await end(services, trx, request, now, null);
    if (task.kind === 'revoke' && request.state === 'suspending') {
      await move(trx, request, 'suspended', {}, now);
      await settleSuspension(services, trx, request, now);
    }
    await refreshCards(trx, { kind: 'access-task', id: task.id }, now);
  });
}
