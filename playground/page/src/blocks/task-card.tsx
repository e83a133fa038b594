import type { RichTextBlock } from '@slack/types';
import type { ReactNode } from 'react';
import { Plain, SafeLink } from '../text/mrkdwn-view.js';
import { RichText } from '../text/rich-text-view.js';

type Status = 'pending' | 'in_progress' | 'complete' | 'error';

export interface Task {
  task_id?: unknown;
  title: string;
  status?: Status;
  details?: RichTextBlock | string;
  output?: RichTextBlock | string;
  sources?: { type: string; url: string; text?: string }[];
}

const statusNames: Record<Status, string> = {
  pending: 'Pending',
  in_progress: 'In progress',
  complete: 'Complete',
  error: 'Failed',
};
const statusSigns: Record<Status, string> = { pending: '○', in_progress: '◐', complete: '✓', error: '✕' };

/** One step of an agent's work. */
export function TaskCardView({ task }: { task: Task }): ReactNode {
  const status: Status = task.status !== undefined && task.status in statusNames ? task.status : 'pending';
  return (
    <div className={`task-card task-${status}`}>
      <span className="task-sign" role="img" aria-label={statusNames[status]}>
        {statusSigns[status]}
      </span>
      <div className="task-body">
        <div className="task-title">
          <Plain text={task.title} />
        </div>
        <TaskText value={task.details} className="task-details" />
        <TaskText value={task.output} className="task-output" />
        {task.sources !== undefined && task.sources.length > 0 && (
          <div className="task-sources">
            {task.sources.map((source, index) => (
              <SafeLink key={index} url={source.url}>
                {source.text ?? source.url}
              </SafeLink>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}

function TaskText({
  value,
  className,
}: {
  value: RichTextBlock | string | undefined;
  className: string;
}): ReactNode {
  if (value === undefined) return null;
  return (
    <div className={className}>
      {typeof value === 'string' ? <Plain text={value} /> : <RichText elements={value.elements} />}
    </div>
  );
}

/** A plan's title is a string in the SDK's types and a text object in some of Slack's examples. */
export function PlanBlockView({
  block,
}: {
  block: { title: string | { text: string }; tasks?: unknown[] };
}): ReactNode {
  const tasks = (block.tasks ?? []).filter(isTask);
  const done = tasks.filter((task) => task.status === 'complete').length;
  return (
    <section className="plan">
      <div className="plan-head">
        <span className="plan-title">
          <Plain text={typeof block.title === 'string' ? block.title : block.title.text} />
        </span>
        {tasks.length > 0 && (
          <span className="plan-count">
            {done} of {tasks.length}
          </span>
        )}
      </div>
      {tasks.map((task, index) => (
        <TaskCardView key={typeof task.task_id === 'string' ? task.task_id : index} task={task} />
      ))}
    </section>
  );
}

function isTask(value: unknown): value is Task {
  return typeof value === 'object' && value !== null && 'title' in value && typeof value.title === 'string';
}
