import type { Client } from 'pg';
import { compileSql, relationOf } from '../generate/compile.js';
import { dataTests } from '../generate/manifest/tests.js';
import type { Project } from '../generate/project.js';
import type { FailingTests } from '../generate/run-results.js';

/**
 * Runs the project's tests in the warehouse as it is: failing rows by test name, nothing for those that pass. Tests that the
 * story cannot break (keys of dimensions, accepted values) are left to the nightly run.
 */
export async function runTests(client: Client, project: Project): Promise<FailingTests> {
  const failing: FailingTests = {};
  const singular = new Set(project.singularTests.map((test) => test.name));
  for (const test of dataTests(project).filter((each) => singular.has(each.name))) {
    const { rows } = await client.query<{ failures: number }>(
      `select count(*)::integer as failures from (\n${test.sql(relationOf)}\n) as broken`,
    );
    const failures = rows[0]?.failures ?? 0;
    if (failures > 0) failing[test.name] = failures;
  }
  return failing;
}

/** Builds a table of the project again, keeping its rights. */
export async function rebuild(client: Client, project: Project, name: string): Promise<void> {
  const model = project.models.find((each) => each.name === name);
  if (!model) throw new Error(`no model ${name}`);
  const relation = relationOf(model);
  await client.query(`truncate ${relation}; insert into ${relation} ${compileSql(project, model.sql)}`);
}
