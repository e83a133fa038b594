import type { DemoArtifacts } from '../generate/artifacts.js';
import { buildCatalog } from '../generate/catalog.js';
import { buildManifest } from '../generate/manifest/index.js';
import { type Project, readProject } from '../generate/project.js';
import { invocation } from '../generate/timeline.js';
import { pastChanges } from './changes.js';

/** The project as it stood some days before the first day, in the evening: every later change is undone. */
export function projectOf(daysAgo: number, project: Project = readProject()): Project {
  const undone = pastChanges.filter((change) => change.daysAgo < daysAgo).reverse();
  const metrics = project.metrics.map((entry) => {
    let { metric } = entry;
    for (const change of undone) if (change.metric === metric.name) metric = { ...metric, ...change.before };
    return { ...entry, metric };
  });
  return { ...project, metrics };
}

/** dbt's manifest and catalog of that day, with no results: what was measured then is in nobody's window any more. */
export function editionOf(daysAgo: number, at: Date): DemoArtifacts {
  const project = projectOf(daysAgo);
  const built = invocation('build', at);
  return {
    manifest: buildManifest(project, built),
    catalog: buildCatalog(project, built),
    runResults: [],
    sources: [],
  };
}
