import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { compileSql, relationOf } from './compile.js';
import type { Project, ProjectModel } from './project.js';

const partition = z.strictObject({
  grain: z.literal('day'),
  column: z.string(),
  time_zone: z.string(),
  retention_days: z.number(),
});

/** A daily mart and the SQL that rebuilds some of its days. */
export interface Pipeline {
  name: string;
  relation: string;
  column: string;
  timeZone: string;
  retentionDays: number;
  sql: string;
}

function indented(sql: string): string {
  return sql
    .split('\n')
    .map((line) => (line === '' ? line : `    ${line}`))
    .join('\n');
}

function pipelineOf(project: Project, model: ProjectModel): Pipeline {
  const { column, time_zone, retention_days } = partition.parse(model.properties.config.meta.partition);
  const relation = relationOf(model);
  const columns = model.properties.columns.map((each) => each.name).join(', ');
  const bound = (name: string): string => `(:${name}::timestamptz at time zone '${time_zone}')::date`;
  const days = `${column} >= ${bound('partition_start')}\n  and ${column} < ${bound('partition_end')}`;
  const sql = `-- Rebuilds the days of ${relation} that begin in [:partition_start, :partition_end), in ${time_zone}.
delete from ${relation}
where ${days};

insert into ${relation} (${columns})
select ${columns}
from (
${indented(compileSql(project, model.sql))}
) as rebuilt
where ${days};
`;
  return { name: model.name, relation, column, timeZone: time_zone, retentionDays: retention_days, sql };
}

/** The pipelines of the sample company: one for each model tagged `daily-mart`. */
export function buildPipelines(project: Project): Pipeline[] {
  return project.models
    .filter((model) => model.properties.config.tags.includes('daily-mart'))
    .map((model) => pipelineOf(project, model));
}

/** Writes each pipeline's SQL to `<name>.sql`. */
export function writePipelines(pipelines: readonly Pipeline[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, sql } of pipelines) writeFileSync(path.join(folder, `${name}.sql`), sql);
}
