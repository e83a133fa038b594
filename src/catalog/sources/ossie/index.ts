import path from 'node:path';
import { z } from 'zod';
import type { AssetDraft, EdgeDraft, SourceSnapshot } from '../../asset.js';
import { type SourceConnector, SourceError } from '../../connector.js';
import { readYaml } from '../../dbt/yaml-file.js';
import { present } from '../../meta/meta-facts.js';
import { unique } from '../../meta/values.js';
import { plainRelation } from '../../names.js';
import { factsFrom, newAsset } from '../../new-asset.js';
import { readSourceFiles } from '../source-files.js';
import { aggregationIn, isRelation, tablesIn } from '../sql-words.js';
import { type Concept, OssieDocument, type SemanticModel } from './schema.js';

const Config = z.strictObject({
  /** A YAML or JSON document, or a folder of them. */
  path: z.string().min(1),
});
type Config = z.infer<typeof Config>;

/** Semantic models in the open exchange format: Apache Ossie (draft 0.2) and OSI 0.1. */
export const ossie = {
  type: 'ossie',
  isWritten: true,
  config: Config,
  fromPath: (given) => ({ path: given }),
  read: async (config, context) => {
    const wanted = { pattern: /\.(?:ya?ml|json)$/i, what: 'YAML or JSON file with a semantic_model' };
    const files = await readSourceFiles(path.resolve(context.baseDir, config.path), wanted, context.signal);
    const snapshot: SourceSnapshot = { assets: [], edges: [], signals: [], warnings: [], info: {} };
    for (const file of files) {
      const outcome = readYaml(file.path, file.text);
      if ('problem' in outcome) {
        snapshot.warnings.push(outcome.problem);
        continue;
      }
      const document = OssieDocument.parse(outcome.file.content);
      if (document.version !== undefined) {
        snapshot.info.version = document.version;
        if (!/^0\.[12]\b/.test(document.version)) {
          snapshot.warnings.push(
            `${file.path} is of version ${document.version}; 0.1 and 0.2 are supported, it was read as far as it is alike.`,
          );
        }
      }
      for (const model of document.models) addModel(model, file.path, context.now, snapshot);
      snapshot.assets.push(...document.concepts.map((concept) => conceptAsset(concept, file.path)));
    }
    if (snapshot.assets.length === 0) {
      throw new SourceError(
        `${config.path} holds no semantic_model with datasets or metrics. ${snapshot.warnings.join(' ')}`.trim(),
      );
    }
    return { ...snapshot, ...keptOnce(snapshot) };
  },
} satisfies SourceConnector<Config>;

function addModel(model: SemanticModel, file: string, now: Date, snapshot: SourceSnapshot): void {
  const place = { '*': { file } };
  const around = [
    model.name,
    model.description,
    ...model.ai_context.words,
    ...model.ai_context.synonyms,
  ].filter((word) => word !== undefined);
  const datasets = new Map(model.datasets.map((dataset) => [dataset.name, `${model.name}.${dataset.name}`]));
  for (const dataset of model.datasets) {
    const facts = factsFrom([dataset.custom_extensions], [], now);
    const fields = dataset.fields.map((field) => ({
      name: field.name,
      description: field.description ?? '',
      tags: [],
      classification: [],
      meta: {},
      ...present({ dataType: field.datatype }),
    }));
    const words = dataset.fields
      .flatMap((field) => [field.label, ...field.ai_context.synonyms])
      .filter((word) => word !== undefined);
    snapshot.assets.push(
      newAsset(
        { sourceId: `${model.name}.${dataset.name}`, kind: 'source', name: dataset.name },
        {
          description: dataset.description ?? '',
          synonyms: unique([...dataset.ai_context.synonyms, ...facts.synonyms]),
          columns: fields,
          context: unique([...dataset.ai_context.words, ...words]),
          provenance: place,
          ...(dataset.source === undefined || !isRelation(dataset.source)
            ? {}
            : { relation: plainRelation(dataset.source) }),
        },
        facts,
      ),
    );
  }
  for (const metric of model.metrics) {
    const sourceId = `${model.name}.${metric.name}`;
    const facts = factsFrom([metric.custom_extensions], [], now);
    const used = datasetsUsed(metric.expression ?? '', model);
    const counted = model.datasets.filter(
      (dataset) => used.includes(dataset.name) || (used.length === 0 && model.datasets.length === 1),
    );
    const fields = counted.flatMap((dataset) => dataset.fields);
    const times = unique(
      fields.filter((field) => field.dimension.is_time === true).map((field) => field.name),
    );
    snapshot.assets.push(
      newAsset(
        { sourceId, kind: 'metric', name: metric.name },
        {
          description: metric.description ?? '',
          synonyms: unique([...metric.ai_context.synonyms, ...facts.synonyms]),
          dimensions:
            facts.dimensions.length > 0
              ? facts.dimensions
              : unique(
                  fields.filter((field) => field.dimension.is_time !== undefined).map((field) => field.name),
                ),
          context: unique([...metric.ai_context.words, ...around, ...counted.map((dataset) => dataset.name)]),
          provenance: place,
          ...present({
            formula: formulaOf(metric.expression, used),
            timeDimension: facts.timeDimension ?? (times.length === 1 ? times[0] : undefined),
          }),
        },
        facts,
      ),
    );
    snapshot.edges.push(
      ...counted.map(
        (dataset): EdgeDraft => ({ from: datasets.get(dataset.name) ?? '', to: sourceId, kind: 'measures' }),
      ),
    );
  }
}

/** Datasets named in an expression; where it names none, those whose columns it names. */
function datasetsUsed(expression: string, model: SemanticModel): string[] {
  const tables = tablesIn(expression);
  const named = model.datasets.filter((dataset) => tables.includes(dataset.name));
  const words = new Set(expression.match(/[A-Za-z_]\w*/g) ?? []);
  const byColumn = model.datasets.filter((dataset) => dataset.fields.some((field) => words.has(field.name)));
  return (named.length > 0 ? named : byColumn).map((dataset) => dataset.name);
}

function formulaOf(expression: string | undefined, inputs: string[]): AssetDraft['formula'] {
  if (expression === undefined) return undefined;
  return { type: 'expression', expression, inputs, ...present({ aggregation: aggregationIn(expression) }) };
}

function conceptAsset(concept: Concept, file: string): AssetDraft {
  return newAsset(
    { sourceId: `concept.${concept.concept}`, kind: 'term', name: concept.concept },
    {
      description: concept.description ?? '',
      synonyms: concept.ai_context.synonyms,
      context: unique([
        ...concept.extends,
        ...(concept.type === undefined ? [] : [concept.type]),
        ...concept.ai_context.words,
      ]),
      provenance: { '*': { file } },
    },
  );
}

/** One model in two files, as exports lie around: the first file's is kept, and a warning names the rest. */
function keptOnce(snapshot: SourceSnapshot): Pick<SourceSnapshot, 'assets' | 'warnings'> {
  const seen = new Map<string, AssetDraft>();
  const twice: AssetDraft[] = [];
  for (const asset of snapshot.assets) {
    if (seen.has(asset.sourceId)) twice.push(asset);
    else seen.set(asset.sourceId, asset);
  }
  const places = unique(twice.map((asset) => asset.provenance['*']?.file ?? '?'));
  const warning = `${twice.length} thing(s) are there twice, such as ${twice[0]?.sourceId}; those of ${places.join(', ')} were left out.`;
  return {
    assets: [...seen.values()],
    warnings: [...snapshot.warnings, ...(twice.length > 0 ? [warning] : [])],
  };
}
