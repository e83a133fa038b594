import type { ReactNode } from 'react';
import { PlanBlockView, type Task, TaskCardView } from '../blocks/task-card.js';

type Chunk = { [key: string]: unknown };

/** What a stream's tasks and plan said so far. Chunks come with `id` where the block has `task_id`. */
export function StreamChunks({ chunks }: { chunks: readonly Chunk[] }): ReactNode {
  if (chunks.length === 0) return null;
  const plan = chunks.find((chunk) => chunk.type === 'plan_update');
  const tasks = chunks
    .filter((chunk) => chunk.type === 'task_update' || chunk.type === 'task_card')
    .map(toTask);
  if (typeof plan?.title === 'string') return <PlanBlockView block={{ title: plan.title, tasks }} />;
  return tasks.map((task, index) => (
    <TaskCardView key={typeof task.task_id === 'string' ? task.task_id : index} task={task} />
  ));
}

function toTask(chunk: Chunk): Task {
  const task: Task = {
    task_id: chunk.id ?? chunk.task_id,
    title: typeof chunk.title === 'string' ? chunk.title : '',
  };
  if (chunk.status === 'in_progress' || chunk.status === 'complete' || chunk.status === 'error')
    task.status = chunk.status;
  if (typeof chunk.details === 'string') task.details = chunk.details;
  if (typeof chunk.output === 'string') task.output = chunk.output;
  if (Array.isArray(chunk.sources)) task.sources = chunk.sources.filter(isSource);
  return task;
}

function isSource(value: unknown): value is { type: string; url: string; text?: string } {
  return typeof value === 'object' && value !== null && 'url' in value && typeof value.url === 'string';
}
