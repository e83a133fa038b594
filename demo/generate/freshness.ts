import type { JsonObject } from './json.js';
import { dbtVersion } from './manifest/index.js';
import { type LateSources, lagMinutes } from './planted.js';
import type { Project, ProjectSource } from './project.js';
import type { Threshold } from './schema.js';
import { chance, freshnessChecks, type Invocation, newestCheck } from './timeline.js';

/** A check takes this long; its snapshots are taken in the first twenty seconds. */
const checkLengthMs = 25_000;

const minutesIn = { minute: 1, hour: 60, day: 1_440 } as const;

function minutes(threshold: Threshold): number {
  return threshold.count * minutesIn[threshold.period];
}

function result(source: ProjectSource, check: Invocation, lag: number): JsonObject {
  const { warn_after, error_after } = source.table.config.freshness;
  const snapshotMs = check.startedAt.getTime() + Math.round(chance(source.uniqueId, check.id) * 20_000);
  const loadedMs = check.startedAt.getTime() - lag * 60_000;
  const ageMinutes = (snapshotMs - loadedMs) / 60_000;
  const status =
    ageMinutes > minutes(error_after) ? 'error' : ageMinutes > minutes(warn_after) ? 'warn' : 'pass';
  const at = new Date(snapshotMs).toISOString();
  return {
    unique_id: source.uniqueId,
    max_loaded_at: new Date(loadedMs).toISOString(),
    snapshotted_at: at,
    max_loaded_at_time_ago_in_s: (snapshotMs - loadedMs) / 1_000,
    status,
    criteria: { warn_after, error_after, filter: null },
    adapter_response: {},
    timing: [
      { name: 'compile', started_at: at, completed_at: at },
      { name: 'execute', started_at: at, completed_at: at },
    ],
    thread_id: 'Thread-1 (worker)',
    execution_time: 0.04,
  };
}

/** What freshness is to show besides the usual. */
export interface FreshnessStory {
  /** First day of the demo. */
  dayOne: Date;
  late: LateSources;
  /** A check of its own at the end, instead of the last half hour's. */
  checkedAt?: Date;
}

/** Freshness results (`sources.json`, version 3) of three weeks, oldest first. */
export function buildFreshness(project: Project, now: Date, story: FreshnessStory): JsonObject[] {
  const newest = story.checkedAt ? new Date(story.checkedAt.getTime() - checkLengthMs) : newestCheck(now);
  const checks = freshnessChecks(now, newest);
  return checks.map((check, index) => {
    // What is late on the first day, or at a step of the story, is late at the check that shows it.
    const shownAt = index === checks.length - 1 ? now : check.startedAt;
    const results = project.sources.map((source) =>
      result(source, check, lagMinutes(source.table.name, shownAt, story.dayOne, story.late)),
    );
    return {
      metadata: {
        dbt_schema_version: 'https://schemas.getdbt.com/dbt/sources/v3.json',
        dbt_version: dbtVersion,
        generated_at: new Date(check.startedAt.getTime() + checkLengthMs).toISOString(),
        invocation_id: check.id,
        env: {},
      },
      results,
      elapsed_time: checkLengthMs / 1_000,
    };
  });
}
