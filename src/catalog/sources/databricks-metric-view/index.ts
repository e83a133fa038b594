import path from 'node:path';
import { z } from 'zod';
import type { EdgeDraft, SourceSnapshot } from '../../asset.js';
import { type SourceConnector, SourceError } from '../../connector.js';
import { readYaml } from '../../dbt/yaml-file.js';
import { present } from '../../meta/meta-facts.js';
import { asText, unique } from '../../meta/values.js';
import { newAsset } from '../../new-asset.js';
import { readSourceFiles } from '../source-files.js';
import { aggregationIn, isRelation } from '../sql-words.js';
import { MetricView } from './schema.js';

const Config = z.strictObject({
  /** A metric view's YAML, or a folder of them; the file's name is the view's. */
  path: z.string().min(1),
  warehouse: z.string().min(1).optional(),
});
type Config = z.infer<typeof Config>;

/** Metric views of Databricks' Unity Catalog, from their YAML. */
export const databricksMetricView = {
  type: 'databricks-metric-view',
  isWritten: true,
  config: Config,
  fromPath: (given) => ({ path: given }),
  read: async (config, context) => {
    const wanted = { pattern: /\.ya?ml$/i, what: 'YAML file of a metric view' };
    const files = await readSourceFiles(path.resolve(context.baseDir, config.path), wanted, context.signal);
    const snapshot: SourceSnapshot = { assets: [], edges: [], signals: [], warnings: [], info: {} };
    const tables = new Set<string>();
    for (const file of files) {
      const outcome = readYaml(file.path, file.text);
      const view = 'problem' in outcome ? undefined : MetricView.safeParse(outcome.file.content).data;
      if (view === undefined) {
        snapshot.warnings.push(
          'problem' in outcome
            ? outcome.problem
            : `${file.path} has no measures, so it is no metric view; it was left out.`,
        );
        continue;
      }
      addView(view, file.path, config.warehouse, snapshot, tables);
    }
    if (snapshot.assets.length === 0)
      throw new SourceError(`${config.path} holds no metric view. ${snapshot.warnings.join(' ')}`.trim());
    return snapshot;
  },
} satisfies SourceConnector<Config>;

function addView(
  view: MetricView,
  file: string,
  warehouse: string | undefined,
  snapshot: SourceSnapshot,
  tables: Set<string>,
): void {
  const name = path.posix.basename(file).replace(/\.ya?ml$/i, '');
  const read = [view.source, ...view.joins.map((join) => join.source)].filter(
    (table) => table !== undefined && isRelation(table),
  );
  const below = unique(read.filter((table) => table !== undefined));
  for (const relation of below.filter((table) => !tables.has(table))) {
    tables.add(relation);
    snapshot.assets.push(
      newAsset(
        { sourceId: relation, kind: 'source', name: relation.split('.').at(-1) ?? relation },
        { relation, ...present({ warehouse }) },
      ),
    );
  }
  const dimensions = [...view.dimensions, ...view.fields];
  for (const measure of view.measures) {
    const sourceId = `${name}.${measure.name}`;
    snapshot.assets.push(
      newAsset(
        { sourceId, kind: 'metric', name: measure.name },
        {
          description: measure.comment ?? '',
          synonyms: measure.synonyms,
          dimensions: dimensions.map((dimension) => dimension.name),
          // A view's filter holds for every measure in it.
          filters: view.filter === undefined ? [] : [view.filter],
          context: unique(
            [
              name,
              view.comment,
              ...dimensions.flatMap((dimension) => [dimension.display_name, ...dimension.synonyms]),
            ].filter((word) => word !== undefined),
          ),
          provenance: { '*': { file } },
          ...present({
            label: measure.display_name,
            formula:
              measure.expr === undefined
                ? undefined
                : {
                    type: 'expression',
                    expression: measure.expr,
                    inputs: [],
                    ...present({ aggregation: aggregationIn(measure.expr) }),
                  },
            unit: asText(measure.format.currency_code),
            warehouse,
          }),
        },
      ),
    );
    snapshot.edges.push(...below.map((from): EdgeDraft => ({ from, to: sourceId, kind: 'measures' })));
  }
}
