import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { lacksFormula, metricInYaml, withFormulaOf } from '../../dbt/recover-formula.js';
import type { MetricSpec, SemanticModelSpec } from '../../dbt/specs.js';
import { readYaml, type YamlFile } from '../../dbt/yaml-file.js';
import { asText, isPlainObject, type PlainObject } from '../../meta/values.js';
import { readProject } from '../dbt-project/project-files.js';
import { type Semantics, semanticsOf } from '../dbt-project/semantics.js';
import type { Manifest, SemanticManifest } from './schema.js';
import { semanticMetrics, semanticModels } from './semantic-manifest.js';

/** Fills in what a manifest lost: metrics whose computation is all null, and semantic models that are not there. */
export type Recover = (
  metrics: MetricSpec[],
  models: SemanticModelSpec[],
) => Promise<{ metrics: MetricSpec[]; semanticModels: SemanticModelSpec[] }>;

interface RecoveryParams {
  manifest: Manifest;
  semantic: SemanticManifest;
  /** Folders that may hold the dbt project, the likeliest first. */
  projectFolders: readonly string[];
  /** Names of metrics whose formula nobody knows; filled in here. */
  lost: string[];
}

/**
 * Newer engines write metrics of older YAML with every parameter null and without semantic models. What is lost is looked for in
 * `semantic_manifest.json`, in the pieces of YAML that manifests keep, and in the project's YAML on disk, in this order.
 */
export function makeRecovery({ manifest, semantic, projectFolders, lost }: RecoveryParams): Recover {
  return async (metrics, models) => {
    const lacking = metrics.filter(lacksFormula);
    if (lacking.length === 0) return { metrics, semanticModels: models };
    const elsewhere = semanticMetrics(semantic);
    const slices = slicesOf(manifest);
    const disk = await semanticsOnDisk(lacking, projectFolders);
    const filled = metrics.map((metric) => {
      if (!lacksFormula(metric)) return metric;
      const other =
        elsewhere.find((candidate) => candidate.name === metric.name && !lacksFormula(candidate)) ??
        metricInSlice(metric, slices.get(metric.uniqueId)) ??
        disk?.metrics.find((candidate) => candidate.name === metric.name && !lacksFormula(candidate));
      if (other === undefined) lost.push(metric.name);
      return other === undefined ? metric : withFormulaOf(metric, other);
    });
    const known = new Set(models.map((model) => model.name));
    const more = [...semanticModels(semantic), ...(disk?.semanticModels ?? [])].filter((model) => {
      const isNew = !known.has(model.name);
      known.add(model.name);
      return isNew;
    });
    return { metrics: filled, semanticModels: [...models, ...more] };
  };
}

async function semanticsOnDisk(
  metrics: readonly MetricSpec[],
  folders: readonly string[],
): Promise<Semantics | undefined> {
  for (const folder of folders) {
    const { name, yaml } = await projectYaml(folder, metrics);
    if (yaml.length === 0) continue;
    return semanticsOf(
      { name, settings: {}, yaml, code: [], seeds: [], docs: [], warnings: [] },
      { project: name, describe: (description) => description, folderConfigs: () => [], warnings: [] },
    );
  }
  return undefined;
}

/** The whole project where there is one; else only the files that the metrics say they are from. */
async function projectYaml(
  folder: string,
  metrics: readonly MetricSpec[],
): Promise<{ name: string; yaml: YamlFile[] }> {
  const [first] = metrics;
  const project = await stat(path.join(folder, 'dbt_project.yml')).catch(() => undefined);
  if (project !== undefined) {
    const { name, yaml } = await readProject(folder, AbortSignal.timeout(60_000));
    return { name, yaml };
  }
  const yaml: YamlFile[] = [];
  for (const file of new Set(metrics.flatMap((metric) => metric.file ?? []))) {
    if (path.isAbsolute(file) || file.split('/').includes('..')) continue;
    const text = await readFile(path.join(folder, file), 'utf8').catch(() => undefined);
    const outcome = text === undefined ? undefined : readYaml(file, text);
    if (outcome !== undefined && 'file' in outcome) yaml.push(outcome.file);
  }
  return { name: first?.packageName ?? '', yaml };
}

/** Newer manifests keep the piece of YAML that a metric was written in. */
function slicesOf(manifest: Manifest): Map<string, { file: string; content: string }> {
  const slices = new Map<string, { file: string; content: string }>();
  for (const { uniqueId, node } of manifest.metrics) {
    const metadata: PlainObject = isPlainObject(node.metadata) ? node.metadata : {};
    const slice: PlainObject = isPlainObject(metadata.file_slice) ? metadata.file_slice : {};
    const content = asText(slice.content);
    if (content !== undefined) {
      slices.set(uniqueId, {
        file: asText(metadata.repo_file_path ?? slice.filename) ?? 'manifest.json',
        content,
      });
    }
  }
  return slices;
}

function metricInSlice(
  metric: MetricSpec,
  slice: { file: string; content: string } | undefined,
): MetricSpec | undefined {
  const found = slice === undefined ? undefined : metricInYaml(metric, slice.file, slice.content);
  return found === undefined || lacksFormula(found) ? undefined : found;
}
