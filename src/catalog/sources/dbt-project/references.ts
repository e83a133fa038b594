import type { EdgeDraft } from '../../asset.js';
import { metricsIn, type Ref, refsIn, type SourceRef, sourcesIn, withoutComments } from '../../dbt/jinja.js';
import type { MetricSpec, TableSpec } from '../../dbt/specs.js';

/** From the names that dbt code uses to ids. What the project does not have gets the id it would have, so that a broken reference shows. */
export interface References {
  table: (ref: Ref) => string;
  source: (source: SourceRef) => string;
  metric: (name: string) => string;
  /** Everything a piece of Jinja refers to. */
  all: (code: string) => string[];
}

export function makeReferences(
  project: string,
  tables: readonly TableSpec[],
  metrics: readonly MetricSpec[],
): References {
  const byName = new Map<string, TableSpec[]>();
  for (const table of tables) {
    if (table.resource !== 'source') byName.set(table.name, [...(byName.get(table.name) ?? []), table]);
  }
  const metricIds = new Map([...metrics].reverse().map((metric) => [metric.name, metric.uniqueId]));

  function table(ref: Ref): string {
    const named = byName.get(ref.name) ?? [];
    const found =
      ref.version === undefined
        ? (named.find((candidate) => candidate.version === candidate.latestVersion) ?? named[0])
        : named.find((candidate) => candidate.version === ref.version);
    const version = ref.version === undefined ? '' : `.v${ref.version}`;
    return found?.uniqueId ?? `model.${ref.package ?? project}.${ref.name}${version}`;
  }
  const source = (of: SourceRef): string => `source.${project}.${of.source}.${of.table}`;
  const metric = (name: string): string => metricIds.get(name) ?? `metric.${project}.${name}`;
  return {
    table,
    source,
    metric,
    all: (code) => [
      ...refsIn(code).map(table),
      ...sourcesIn(code).map(source),
      ...metricsIn(code).map(metric),
    ],
  };
}

/** Lineage of one SQL or Python file. */
export function codeEdges(to: string, code: string, references: References): EdgeDraft[] {
  return [...new Set(references.all(withoutComments(code)))]
    .filter((from) => from !== to)
    .map((from) => ({ from, to, kind: 'upstream' }));
}
