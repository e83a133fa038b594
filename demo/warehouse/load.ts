import { readdirSync } from 'node:fs';
import type { Client } from 'pg';
import { compileSql, inBuildOrder, relationOf } from '../generate/compile.js';
import { lateToday } from '../generate/planted.js';
import { type Project, type ProjectModel, readProject } from '../generate/project.js';
import { demoPath } from '../paths.js';
import { beginStory } from '../story/state.js';
import { makeLogins, makeRoles } from './roles.js';
import { readSql, withValues } from './sql-file.js';

export const schemas = ['raw', 'staging', 'intermediate', 'marts'] as const;

/** Days of usage behind `now`. */
const usageDays = 60;

export interface WarehouseOptions {
  /** The day the story begins; rows run up to it. */
  now: Date;
  /** The same seed gives the same rows. */
  seed: number;
  /** Login names of the people, each made with the right to connect and nothing more. */
  logins?: readonly string[];
  /** Of these: hold the open marts by their job. */
  openMarts?: readonly string[];
  /** Password of a login; absent: none is set, and the server must trust the connection. */
  password?: (login: string) => string;
}

function literals(options: WarehouseOptions): Record<string, string> {
  if (!Number.isSafeInteger(options.seed)) throw new RangeError('seed must be an integer');
  const firstDay = new Date(options.now.getTime() - usageDays * 86_400_000);
  firstDay.setUTCHours(0, 0, 0, 0);
  return {
    now: `timestamptz '${options.now.toISOString()}'`,
    first_day: `timestamptz '${firstDay.toISOString()}'`,
    seed: String(options.seed),
    heartbeat_lag: String(lateToday.lagMinutes),
  };
}

function createModel(project: Project, model: ProjectModel): string {
  const relation = relationOf(model);
  const create = `create ${model.materialized} ${relation} as\n${compileSql(project, model.sql)};\n`;
  const statements = [create];
  const { columns, config } = model.properties;
  if (config.contract?.enforced) {
    for (const column of columns.filter((each) => each.constraints.length > 0)) {
      statements.push(`alter table ${relation} alter column ${column.name} set not null;\n`);
    }
  }
  const day = columns.find((column) => column.granularity === 'day');
  if (model.materialized === 'table' && day) statements.push(`create index on ${relation} (${day.name});\n`);
  return statements.join('');
}

/**
 * Fills an empty database, or one filled before, with the sample company's warehouse: generated raw tables, and every model
 * built from the SQL of the dbt project. `client` must be a superuser; everything ends up owned by `steward_provisioner`
 * with nothing left to PUBLIC. One transaction: it is there whole or not at all.
 */
export async function loadWarehouse(client: Client, options: WarehouseOptions): Promise<void> {
  const project = readProject();
  const values = literals(options);
  await client.query('begin');
  try {
    await client.query(
      "set local synchronous_commit = off; set local work_mem = '64MB'; set local timezone = 'UTC'",
    );
    for (const schema of schemas) {
      await client.query(`drop schema if exists ${schema} cascade; create schema ${schema}`);
    }
    for (const file of readdirSync(demoPath('warehouse', 'raw')).sort()) {
      await client.query(withValues(readSql(`raw/${file}`), values));
    }
    await client.query('drop schema demo_gen cascade');
    await client.query(
      inBuildOrder(project)
        .map((model) => createModel(project, model))
        .join(''),
    );
    await makeRoles(client, project);
    const { logins = [], openMarts = [], password } = options;
    await makeLogins(client, { people: logins, openMarts, password });
    await beginStory(client, options.now);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
  await client.query('analyze');
}
