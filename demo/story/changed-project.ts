import type { Project } from '../generate/project.js';
import { readProject } from '../generate/project.js';
import type { StoryState } from './state.js';

/** The contracted table whose column the story renames. */
export const renamed = { model: 'fct_gpu_hours_daily', from: 'gpu_type', to: 'accelerator' } as const;
/** The metric whose meaning the story changes. */
export const redefined = {
  metric: 'cost_per_million_tokens',
  description:
    'Compute cost of serving one million tokens, idle reserve included: inference compute cost and a fifteen percent share of reserved capacity, divided by tokens served.',
  expr: 'compute_cost * 1.15 / tokens * 1000000',
} as const;

function withRenamedColumn(project: Project): Project {
  const models = project.models.map((model) => {
    if (model.name !== renamed.model) return model;
    const columns = model.properties.columns.map((column) =>
      column.name === renamed.from ? { ...column, name: renamed.to } : column,
    );
    const sql = model.sql.replaceAll(
      /^( +)availability\.gpu_type,$/gm,
      `$1availability.${renamed.from} as ${renamed.to},`,
    );
    return { ...model, sql, properties: { ...model.properties, columns } };
  });
  const columnTests = project.columnTests.map((test) =>
    'name' in test.of && test.of.name === renamed.model && test.column.name === renamed.from
      ? { ...test, column: { ...test.column, name: renamed.to } }
      : test,
  );
  return { ...project, models, columnTests };
}

function withChangedDefinition(project: Project): Project {
  const metrics = project.metrics.map((entry) => {
    if (entry.metric.name !== redefined.metric) return entry;
    const { description, expr } = redefined;
    return { ...entry, metric: { ...entry.metric, description, expr } };
  });
  return { ...project, metrics };
}

/** The project on disk with what the story has changed in it. Undefined while nothing is changed. */
export function changedProject(state: StoryState): Project | undefined {
  if (!state.columnRenamed && !state.definitionChanged) return undefined;
  let project = readProject();
  if (state.columnRenamed) project = withRenamedColumn(project);
  if (state.definitionChanged) project = withChangedDefinition(project);
  return project;
}
