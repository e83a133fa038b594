import { inBuildOrder, quotedRelation } from './compile.js';
import type { JsonObject } from './json.js';
import { dbtVersion } from './manifest/index.js';
import { type DataTest, dataTests } from './manifest/tests.js';
import { past } from './planted.js';
import type { Project, ProjectModel } from './project.js';
import { chance, daysAgo, type Invocation, invocation, nightlyRuns } from './timeline.js';

/** Failing rows by test name, for the newest run. */
export type FailingTests = Record<string, number>;

function timed(uniqueId: string, run: Invocation, offsetMs: number, seconds: number): JsonObject {
  const started = run.startedAt.getTime() + offsetMs;
  const compiled = new Date(started + 8).toISOString();
  return {
    unique_id: uniqueId,
    timing: [
      { name: 'compile', started_at: new Date(started).toISOString(), completed_at: compiled },
      {
        name: 'execute',
        started_at: compiled,
        completed_at: new Date(started + 8 + seconds * 1_000).toISOString(),
      },
    ],
    thread_id: `Thread-${1 + Math.floor(chance(uniqueId) * 4)} (worker)`,
    execution_time: Math.round(seconds * 1_000 + 8) / 1_000,
    compiled: true,
    compiled_code: null,
    batch_results: null,
  };
}

/** When a result falls inside its run. */
interface Moment {
  run: Invocation;
  offsetMs: number;
  /** 1 for a nightly run; less for one that is over sooner. */
  pace: number;
}

function modelResult(project: Project, model: ProjectModel, { run, offsetMs, pace }: Moment): JsonObject {
  const seconds = pace * (model.materialized === 'table' ? 2 + chance(model.uniqueId, run.id) * 6 : 0.2);
  return {
    ...timed(model.uniqueId, run, offsetMs, seconds),
    status: 'success',
    message: model.materialized === 'table' ? 'SELECT' : 'CREATE VIEW',
    failures: null,
    adapter_response: { _message: model.materialized === 'table' ? 'SELECT' : 'CREATE VIEW' },
    relation_name: quotedRelation(project, model),
  };
}

function testResult(test: DataTest, { run, offsetMs, pace }: Moment, failures: number): JsonObject {
  const failed = failures > 0;
  return {
    ...timed(test.uniqueId, run, offsetMs, pace * (0.05 + chance(test.uniqueId, run.id) * 0.3)),
    status: failed ? 'fail' : 'pass',
    message: failed ? `Got ${failures} result${failures === 1 ? '' : 's'}, configured to fail if != 0` : null,
    failures,
    adapter_response: { _message: 'SELECT 1', rows_affected: 1 },
    relation_name: null,
  };
}

/** What a run does, worked out once for all runs. */
interface Plan {
  project: Project;
  models: ProjectModel[];
  tests: DataTest[];
}

function planOf(project: Project): Plan {
  return { project, models: inBuildOrder(project), tests: dataTests(project) };
}

/** Results of one run in which the named tests fail; everything else succeeds. */
function resultsOf(
  { project, models, tests }: Plan,
  run: Invocation,
  failing: FailingTests,
  pace: number,
): JsonObject {
  let offsetMs = 4_000 * pace;
  const next = (): Moment => {
    offsetMs += 2_200 * pace;
    return { run, offsetMs, pace };
  };
  const closingMs = 9_000 * pace;
  const results = [
    ...models.map((model) => modelResult(project, model, next())),
    ...tests.map((test) => testResult(test, next(), failing[test.name] ?? 0)),
  ];
  return {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json',
      dbt_version: dbtVersion,
      generated_at: new Date(run.startedAt.getTime() + offsetMs + closingMs).toISOString(),
      invocation_id: run.id,
      invocation_started_at: run.startedAt.toISOString(),
      env: {},
    },
    results,
    elapsed_time: (offsetMs + closingMs) / 1_000,
    args: { which: 'build', target: 'production', invocation_command: 'dbt build --target production' },
  };
}

/** A run beside the nightly ones, and what it found: later nightly runs find the same. */
export interface ExtraRun {
  /** When it was over. */
  at: Date;
  failing: FailingTests;
}

/** A run that somebody waits for looks at what changed only, and is over at once: what was mended seconds ago is mended for it too. */
const quick = { pace: 0.001, lengthMs: 750 };

/** Run results (version 6) of three weeks of nightly runs and the extra one, oldest first. */
export function buildRunResults(project: Project, now: Date, dayOne: Date, extra?: ExtraRun): JsonObject[] {
  const plan = planOf(project);
  const { failedTest } = past;
  const nightly = nightlyRuns(now).map((run) => {
    if (extra && run.startedAt > extra.at) return { run, failing: extra.failing, pace: 1 };
    const planted = daysAgo(dayOne, run.startedAt) === failedTest.daysAgo;
    return { run, failing: planted ? { [failedTest.name]: failedTest.failures } : {}, pace: 1 };
  });
  const startedAt = extra && new Date(extra.at.getTime() - quick.lengthMs);
  const added = startedAt
    ? [{ run: invocation('build', startedAt), failing: extra.failing, pace: quick.pace }]
    : [];
  return [...nightly, ...added]
    .sort((a, b) => a.run.startedAt.getTime() - b.run.startedAt.getTime())
    .map(({ run, failing, pace }) => resultsOf(plan, run, failing, pace));
}
