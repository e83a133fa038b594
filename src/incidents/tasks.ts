import type { Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import { setTimer } from '../jobs/outbox.js';
import { postCard, refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { type ActOn, auditIncident, changeIncident } from './change.js';
import { lastTaskNumber } from './checklist.js';
import { canSee, type Incident, referenceOf } from './incident.js';
import type { TaskKind } from './tables.js';
import { taskCard } from './task-reminder.js';
import { tellTaskTickets } from './tickets.js';
import { addEntry } from './timeline.js';

export interface AddTask extends ActOn {
  kind: TaskKind;
  title: string;
  action?: 'rollback' | 'hotfix' | 'backfill' | 'other';
  ownerId?: string | null;
  dueAt?: Date | null;
  link?: string;
  /** `<channel>:<ts>` of the message it was made from: the same message makes one. */
  sourceKey?: string;
  /** For typed actions that are done already: a rollback with its link. */
  done?: boolean;
}

/** A task (now), a follow-up (after) or a typed action (rollback, hotfix, backfill). */
export async function addTask(
  services: Services,
  params: AddTask,
): Promise<{ incident: Incident; number: number }> {
  const title = params.title.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
  if (title === '')
    throw new InvalidInputError(
      "Say what has to be done, for example `/incident task 12 check yesterday's partitions`.",
      { title: 'say what has to be done' },
    );
  return changeIncident(services, params, 'incident.task', async (trx, incident) => {
    if (params.sourceKey !== undefined) {
      const known = await trx
        .selectFrom('incident_task')
        .select('number')
        .where('incident_id', '=', incident.id)
        .where('source_key', '=', params.sourceKey)
        .executeTakeFirst();
      if (known !== undefined) return { incident, number: known.number };
    }
    await mayBeGiven(services, trx, incident, params.ownerId);
    const number = (await lastTaskNumber(trx, incident.id)) + 1;
    // What was done already was done by whom it names, else by whoever says so.
    const didIt = params.done ? (params.ownerId ?? params.actor.personId) : null;
    const ownerId = params.ownerId ?? didIt;
    const task = await trx
      .insertInto('incident_task')
      .values({
        incident_id: incident.id,
        number,
        kind: params.kind,
        action: params.action ?? null,
        title,
        owner_id: ownerId,
        due_at: params.dueAt ?? null,
        state: params.done ? 'done' : 'open',
        done_at: params.done ? params.now : null,
        done_by: didIt,
        link: params.link ?? null,
        source_key: params.sourceKey ?? null,
        created_by: params.actor.personId,
        created_at: params.now,
        updated_at: params.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await addEntry(trx, {
      incidentId: incident.id,
      at: params.now,
      kind: params.kind === 'action' ? 'action' : 'task',
      text:
        params.kind === 'action'
          ? `${params.action ?? 'action'}: ${title}`
          : `${params.kind === 'follow_up' ? 'Follow-up' : 'Task'} ${number}: ${title}`,
      actorId: didIt ?? params.actor.personId,
      link: params.link ?? null,
      data: { task: task.id, action: params.action ?? null },
      now: params.now,
    });
    await auditIncident(trx, params, incident, 'incident.task', {
      after: { number, kind: params.kind, action: params.action ?? null, owner: ownerId },
      text: { title },
    });
    if (params.dueAt) await armDue(trx, task.id, params.dueAt, params.now);
    if (!params.done) await tellOwner(trx, params, { id: task.id, owner_id: ownerId });
    return { incident, number };
  });
}

export interface ChangeTask extends ActOn {
  number: number;
  state?: 'open' | 'done' | 'dropped';
  ownerId?: string | null;
  dueAt?: Date | null;
  kind?: 'task' | 'follow_up';
}

export async function changeTask(services: Services, params: ChangeTask): Promise<Incident> {
  return changeIncident(services, params, 'incident.task', async (trx, incident) => {
    await mayBeGiven(services, trx, incident, params.ownerId);
    // A step of the runbook and what was done already are neither tasks nor follow-ups.
    const onlyState = params.ownerId === undefined && params.dueAt === undefined && params.kind === undefined;
    const changed = await trx
      .updateTable('incident_task')
      .set({
        updated_at: params.now,
        ...(params.state === undefined
          ? {}
          : {
              state: params.state,
              done_at: params.state === 'done' ? params.now : null,
              done_by: params.state === 'done' ? params.actor.personId : null,
            }),
        ...(params.ownerId === undefined ? {} : { owner_id: params.ownerId }),
        ...(params.dueAt === undefined ? {} : { due_at: params.dueAt }),
        ...(params.kind === undefined ? {} : { kind: params.kind }),
      })
      .where('incident_id', '=', incident.id)
      .where('number', '=', params.number)
      .where('kind', 'in', onlyState ? ['checklist', 'task', 'follow_up', 'action'] : ['task', 'follow_up'])
      .returningAll()
      .executeTakeFirst();
    if (changed === undefined)
      throw new InvalidInputError(`There is no task ${params.number} in this incident. Nothing was changed.`);
    if (params.state === 'done') {
      await addEntry(trx, {
        incidentId: incident.id,
        at: params.now,
        kind: 'task',
        text: `Done: ${changed.title}`,
        actorId: params.actor.personId,
        data: { task: changed.id },
        now: params.now,
      });
    }
    if (params.state !== undefined) await tellTaskTickets(trx, changed.id, params.now);
    await refreshCards(trx, { kind: taskCard, id: changed.id }, params.now);
    await auditIncident(trx, params, incident, 'incident.task-change', {
      after: { number: params.number, state: changed.state, owner: changed.owner_id },
    });
    if (params.ownerId !== undefined && changed.state === 'open') await tellOwner(trx, params, changed);
    if (changed.due_at !== null && changed.state === 'open')
      await armDue(trx, changed.id, changed.due_at, params.now);
    return incident;
  });
}

/** A task is no way into a private incident: whoever is not in it would never hear of it. */
async function mayBeGiven(
  services: Services,
  trx: Trx,
  incident: Incident,
  ownerId: string | null | undefined,
): Promise<void> {
  if (!incident.private || !ownerId) return;
  const owner = await services.directory.byId(trx, ownerId);
  if (await canSee(services, trx, incident, owner)) return;
  const reference = referenceOf(incident);
  throw new InvalidInputError(
    `${owner?.name ?? 'That person'} is not in ${reference}, which is private, and would not hear of it. Nothing was changed. Invite them to its channel or give them a role (\`/incident role ${incident.number} scribe @…\`), then the task.`,
    { owner: `not in ${reference}` },
  );
}

/** Whoever is given something to do by somebody else hears it at once, not only when it is due. */
async function tellOwner(
  trx: Trx,
  act: Pick<ActOn, 'actor' | 'now'>,
  task: { id: string; owner_id: string | null },
): Promise<void> {
  if (task.owner_id === null || task.owner_id === act.actor.personId) return;
  await postCard(trx, {
    key: `incident-task:${task.id}:owner:${task.owner_id}`,
    to: { personId: task.owner_id },
    card: { kind: taskCard, id: task.id, variant: 'yours' },
    now: act.now,
  });
}

async function armDue(trx: Trx, taskId: string, dueAt: Date, now: Date): Promise<void> {
  await setTimer(trx, {
    kind: 'incident.task-due',
    queue: 'work',
    key: `incident:task:${taskId}:due`,
    payload: { taskId },
    runAt: dueAt,
    now,
  });
}

/** Whether a message was made a task already. */
export async function hasTaskOf(services: Services, incidentId: string, sourceKey: string): Promise<boolean> {
  const task = await services.db
    .selectFrom('incident_task')
    .select('id')
    .where('incident_id', '=', incidentId)
    .where('source_key', '=', sourceKey)
    .executeTakeFirst();
  return task !== undefined;
}

export async function tasksOf(services: Services, incidentId: string) {
  return services.db
    .selectFrom('incident_task')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('number')
    .execute();
}
