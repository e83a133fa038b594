import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildCatalog } from './catalog.js';
import { buildFreshness } from './freshness.js';
import type { Json, JsonObject } from './json.js';
import { buildManifest } from './manifest/index.js';
import type { LateSources } from './planted.js';
import { type Project, readProject } from './project.js';
import { buildRunResults, type ExtraRun } from './run-results.js';
import { invocation, nightlyRuns } from './timeline.js';

/** dbt's output for the sample company. The lists run from the oldest to the newest; the newest is the one in force. */
export interface DemoArtifacts {
  manifest: JsonObject;
  catalog: JsonObject;
  runResults: JsonObject[];
  sources: JsonObject[];
}

/** What a story step changes against day one. */
export interface ArtifactChanges {
  /** First day of the demo; default `now`. */
  dayOne?: Date;
  /** Lag by source table. */
  late?: LateSources;
  /** A freshness check of its own, at the end. */
  checkedAt?: Date;
  /** One more run, with the failing rows by test name. */
  run?: ExtraRun;
  /** A changed project, as after an edit of its YAML or SQL; the manifest is then of `now`. */
  project?: Project;
}

/** The day that the artifacts in `demo/dbt/target` are of, so that they are the same on every machine. */
export const artifactDay = new Date('2026-11-16T09:10:00Z');

/** Artifacts as of `now`, with three weeks of run results and freshness behind them. */
export function demoArtifacts(now: Date, changes: ArtifactChanges = {}): DemoArtifacts {
  const { dayOne = now } = changes;
  const project = changes.project ?? readProject();
  const nightly = nightlyRuns(now);
  const latest = nightly.at(-1) ?? invocation('build', now);
  const built = changes.project ? invocation('build', now) : latest;
  return {
    manifest: buildManifest(project, built),
    catalog: buildCatalog(project, built),
    runResults: buildRunResults(project, now, dayOne, changes.run),
    sources: buildFreshness(project, now, {
      dayOne,
      late: changes.late ?? {},
      ...(changes.checkedAt ? { checkedAt: changes.checkedAt } : {}),
    }),
  };
}

function write(file: string, content: Json): void {
  const temporary = `${file}.part`;
  writeFileSync(temporary, `${JSON.stringify(content, null, 1)}\n`);
  renameSync(temporary, file);
}

/** Name of a file in `history/`: its time, so that names sort by age. */
function stamp(artifact: JsonObject): string {
  const { metadata } = artifact;
  const at =
    metadata && typeof metadata === 'object' && !Array.isArray(metadata) ? metadata.generated_at : undefined;
  return String(at).replaceAll(':', '').slice(0, 17);
}

/**
 * Writes `manifest.json`, `catalog.json`, `run_results.json` and `sources.json` as dbt does, each whole or not at all,
 * and with `history` the earlier run results and freshness beside them in `history/`.
 */
export function writeDemoArtifacts(artifacts: DemoArtifacts, folder: string, history = true): void {
  mkdirSync(folder, { recursive: true });
  const newest = { run_results: artifacts.runResults.at(-1), sources: artifacts.sources.at(-1) };
  if (history) {
    mkdirSync(path.join(folder, 'history'), { recursive: true });
    for (const run of artifacts.runResults.slice(0, -1)) {
      write(path.join(folder, 'history', `run_results-${stamp(run)}.json`), run);
    }
    for (const check of artifacts.sources.slice(0, -1)) {
      write(path.join(folder, 'history', `sources-${stamp(check)}.json`), check);
    }
  }
  write(path.join(folder, 'catalog.json'), artifacts.catalog);
  if (newest.run_results) write(path.join(folder, 'run_results.json'), newest.run_results);
  if (newest.sources) write(path.join(folder, 'sources.json'), newest.sources);
  write(path.join(folder, 'manifest.json'), artifacts.manifest);
}
