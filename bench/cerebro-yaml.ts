import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { Asset } from '../src/catalog/asset.js';
import { assetId } from '../src/catalog/asset-id.js';

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] =>
  Array.isArray(value) ? value.filter((one): one is Row => typeof one === 'object' && one !== null) : [];
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
const child = (row: Row | undefined, key: string): Row | undefined => {
  const value = row?.[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
};

function* yamlFiles(dir: string): Generator<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const full = path.join(dir, entry.name);
    if (entry.isDirectory()) yield* yamlFiles(full);
    else if (/\.ya?ml$/.test(entry.name)) yield full;
  }
}

/** Stop-gap reader of a dbt project's YAML, until the connectors do it. */
export function readProject(root: string, project: string): Asset[] {
  const assets: Asset[] = [];
  const measures = new Map<string, { expr: string; agg: string; model: Row }>();
  const models = new Map<string, { description: string; columns: Map<string, string> }>();
  const metrics: { row: Row; file: string }[] = [];
  for (const file of yamlFiles(root)) {
    const doc = parse(readFileSync(file, 'utf8'), { logLevel: 'silent' }) as Row | null;
    if (!doc) continue;
    for (const model of rows(doc.semantic_models)) {
      for (const measure of rows(model.measures))
        measures.set(text(measure.name), { expr: text(measure.expr), agg: text(measure.agg), model });
    }
    for (const metric of rows(doc.metrics)) metrics.push({ row: metric, file });
    for (const model of rows(doc.models)) {
      const columns = rows(model.columns).map((c) => ({
        name: text(c.name),
        description: text(c.description),
        tags: [],
        classification: [],
        meta: {},
      }));
      models.set(text(model.name), {
        description: text(model.description),
        columns: new Map(columns.map((c) => [c.name, c.description])),
      });
      assets.push({
        ...blank(`model.${project}.${text(model.name)}`, 'model', text(model.name)),
        description: text(model.description),
        columns,
        path: path.relative(root, file),
      });
    }
  }
  for (const { row, file } of metrics) {
    const meta = child(child(child(row, 'config'), 'meta'), 'cerebro');
    const params = child(row, 'type_params');
    const name = text(row.name);
    const used = params?.measure;
    const measure = measures.get(typeof used === 'string' ? used : text((used as Row | undefined)?.name));
    const context: string[] = [];
    if (measure) {
      const semantic = child(child(child(measure.model, 'config'), 'meta'), 'cerebro');
      const modelName = /ref\(['"](.+?)['"]\)/.exec(text(measure.model.model))?.[1] ?? '';
      context.push(
        measure.expr,
        measure.agg,
        text(measure.model.name),
        modelName,
        ...strings(semantic?.question_synonyms),
        text(measure.model.description),
      );
      const model = models.get(modelName);
      if (model) {
        context.push(model.description.slice(0, 300));
        context.push(model.columns.get(measure.expr) ?? '');
      }
    }
    const asset: Asset = {
      ...blank(`metric.${project}.${name}`, 'metric', name),
      label: text(row.label) || name,
      description: text(row.description),
      synonyms: strings(meta?.question_synonyms),
      dimensions: strings(meta?.allowed_dimensions),
      context: context.filter((one) => one !== ''),
      path: path.relative(path.join(root, 'semantic'), path.dirname(file)),
    };
    if (text(meta?.grain) !== '') asset.grain = text(meta?.grain);
    assets.push(asset);
  }
  return assets;
}

export function blank(sourceId: string, kind: Asset['kind'], name: string): Asset {
  return {
    id: assetId('bench', sourceId),
    source: 'bench',
    sourceId,
    kind,
    name,
    description: '',
    synonyms: [],
    dimensions: [],
    filters: [],
    caveats: [],
    owners: [],
    certified: false,
    status: 'active',
    classification: [],
    tags: [],
    columns: [],
    context: [],
    meta: {},
    provenance: {},
  };
}
