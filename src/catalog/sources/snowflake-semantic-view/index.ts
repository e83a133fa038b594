import path from 'node:path';
import { z } from 'zod';
import type { AssetDraft, EdgeDraft, SourceSnapshot } from '../../asset.js';
import { type SourceConnector, SourceError } from '../../connector.js';
import { readYaml } from '../../dbt/yaml-file.js';
import { present } from '../../meta/meta-facts.js';
import { asText, unique } from '../../meta/values.js';
import { newAsset } from '../../new-asset.js';
import { readSourceFiles } from '../source-files.js';
import { aggregationIn, tablesIn } from '../sql-words.js';
import { type Column, SemanticView, type Table } from './schema.js';

const Config = z.strictObject({
  /** A YAML file, as `SYSTEM$READ_YAML_FROM_SEMANTIC_VIEW` writes it or as it lies on a stage, or a folder of them. */
  path: z.string().min(1),
  /** Name under `warehouses` that the tables are in. */
  warehouse: z.string().min(1).optional(),
});
type Config = z.infer<typeof Config>;

/** Snowflake's semantic views and the older semantic models, from their YAML. */
export const snowflakeSemanticView = {
  type: 'snowflake-semantic-view',
  isWritten: true,
  config: Config,
  fromPath: (given) => ({ path: given }),
  read: async (config, context) => {
    const wanted = { pattern: /\.ya?ml$/i, what: 'YAML file of a semantic view' };
    const files = await readSourceFiles(path.resolve(context.baseDir, config.path), wanted, context.signal);
    const snapshot: SourceSnapshot = { assets: [], edges: [], signals: [], warnings: [], info: {} };
    for (const file of files) {
      const outcome = readYaml(file.path, file.text);
      if ('problem' in outcome) snapshot.warnings.push(outcome.problem);
      else addView(SemanticView.parse(outcome.file.content), file.path, config.warehouse, snapshot);
    }
    if (snapshot.assets.length === 0)
      throw new SourceError(
        `${config.path} holds no semantic view with tables. ${snapshot.warnings.join(' ')}`.trim(),
      );
    return snapshot;
  },
} satisfies SourceConnector<Config>;

function addView(
  view: SemanticView,
  file: string,
  warehouse: string | undefined,
  snapshot: SourceSnapshot,
): void {
  const model = view.name ?? path.posix.basename(file).replace(/\.ya?ml$/i, '');
  const settings = { model, file, view, ...present({ warehouse }) };
  const tables = new Map(view.tables.map((table) => [table.name.toLowerCase(), `${model}.${table.name}`]));
  for (const table of view.tables) {
    snapshot.assets.push(tableAsset(table, settings));
    // What older models call a measure is asked for like a metric, with or without a usual aggregation.
    for (const metric of [...table.metrics, ...table.measures]) {
      const asset = metricAsset(metric, table, `${model}.${table.name}.${metric.name}`, settings);
      snapshot.assets.push(asset);
      snapshot.edges.push({ from: `${model}.${table.name}`, to: asset.sourceId, kind: 'measures' });
    }
  }
  for (const metric of view.metrics) {
    const asset = metricAsset(metric, undefined, `${model}.${metric.name}`, settings);
    const used = tablesIn(metric.expr ?? '').flatMap((table) => tables.get(table.toLowerCase()) ?? []);
    snapshot.assets.push(asset);
    snapshot.edges.push(...used.map((from): EdgeDraft => ({ from, to: asset.sourceId, kind: 'measures' })));
  }
}

interface Settings {
  model: string;
  file: string;
  view: SemanticView;
  warehouse?: string;
}

function tableAsset(table: Table, { model, file, warehouse }: Settings): AssetDraft {
  const parts = [table.base_table.database, table.base_table.schema, table.base_table.table]
    .map(asText)
    .filter((part) => part !== undefined);
  const columns = [...table.dimensions, ...table.time_dimensions, ...table.facts, ...table.measures];
  return newAsset(
    { sourceId: `${model}.${table.name}`, kind: 'source', name: table.name },
    {
      description: table.description ?? '',
      synonyms: table.synonyms,
      columns: columns.map((column) => ({
        name: column.name,
        description: column.description ?? '',
        tags: [],
        classification: [],
        meta: {},
        ...present({ dataType: column.data_type }),
      })),
      context: unique(columns.flatMap((column) => column.synonyms)),
      provenance: { '*': { file } },
      ...present({ relation: parts.length === 0 ? undefined : parts.join('.'), warehouse }),
    },
  );
}

function metricAsset(
  metric: Column,
  table: Table | undefined,
  sourceId: string,
  { model, file, view, warehouse }: Settings,
): AssetDraft {
  const used = tablesIn(metric.expr ?? '').map((name) => name.toLowerCase());
  const counted =
    table === undefined ? view.tables.filter((each) => used.includes(each.name.toLowerCase())) : [table];
  const times = unique(counted.flatMap((each) => each.time_dimensions.map((dimension) => dimension.name)));
  const example = view.verified_queries.find((query) =>
    new RegExp(`\\b${escaped(metric.name)}\\b`, 'i').test(query.sql ?? ''),
  );
  const expression =
    metric.expr === undefined || metric.default_aggregation === undefined
      ? metric.expr
      : `${metric.default_aggregation}(${metric.expr})`;
  return newAsset(
    { sourceId, kind: 'metric', name: metric.name },
    {
      description: metric.description ?? '',
      synonyms: metric.synonyms,
      dimensions: unique(
        counted.flatMap((each) =>
          [...each.dimensions, ...each.time_dimensions].map((dimension) => dimension.name),
        ),
      ),
      tags: metric.access_modifier === 'private_access' ? ['private'] : [],
      context: unique(
        [
          model,
          view.description,
          view.comments,
          view.custom_instructions,
          ...counted.flatMap((each) => [each.name, each.description, ...each.synonyms]),
          ...view.verified_queries.flatMap((query) => (query === example ? query.question : [])),
        ].filter((word) => word !== undefined),
      ),
      provenance: { '*': { file } },
      ...present({
        formula:
          expression === undefined
            ? undefined
            : {
                type: 'expression',
                expression,
                inputs: counted.map((each) => each.name),
                ...present({ aggregation: metric.default_aggregation ?? aggregationIn(expression) }),
              },
        timeDimension: times.length === 1 ? times[0] : undefined,
        exampleQuery: example?.sql,
        warehouse,
      }),
    },
  );
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
