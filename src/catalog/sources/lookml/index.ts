import path from 'node:path';
import { z } from 'zod';
import type { AssetDraft, EdgeDraft, SourceSnapshot } from '../../asset.js';
import { type SourceConnector, SourceError } from '../../connector.js';
import { classificationOf } from '../../meta/classification.js';
import { metaLayers } from '../../meta/layers.js';
import { present } from '../../meta/meta-facts.js';
import { asText, unique } from '../../meta/values.js';
import { plainRelation } from '../../names.js';
import { factsFrom, newAsset } from '../../new-asset.js';
import { readSourceFiles } from '../source-files.js';
import { isRelation } from '../sql-words.js';
import { dashboardAssets } from './dashboards.js';
import { formulaOf } from './formula.js';
import { type Explore, Field, View } from './schema.js';
import { assemble, type LookmlProject, type PlacedView } from './views.js';

const Config = z.strictObject({
  /** Folder of the LookML project, or one file. */
  path: z.string().min(1),
  warehouse: z.string().min(1).optional(),
});
type Config = z.infer<typeof Config>;

/** A LookML project on disk: views, their measures, refinements and extensions. Includes are not followed: every file of the folder counts. */
export const lookml = {
  type: 'lookml',
  isWritten: true,
  config: Config,
  fromPath: (given) => ({ path: given }),
  read: async (config, context) => {
    const wanted = { pattern: /\.(?:lkml|lookml)$/i, what: 'LookML file (*.lkml)' };
    const files = await readSourceFiles(path.resolve(context.baseDir, config.path), wanted, context.signal);
    const warnings: string[] = [];
    const isDashboard = ({ path: name }: { path: string }): boolean =>
      /\.dashboard\.(?:lkml|lookml)$/i.test(name);
    // The parser brings a folder walker and promises of its own: loaded only where there is LookML.
    const { parse } = await import('lookml-parser');
    const parsed = files
      .filter((file) => !isDashboard(file))
      .flatMap((file) => {
        try {
          return [{ path: file.path, content: parse(file.text) }];
        } catch (error) {
          warnings.push(`${file.path}: ${reasonOf(error)}; the file was left out.`);
          return [];
        }
      });
    const project = assemble(parsed, warnings);
    if (project.views.length === 0)
      throw new SourceError(`${config.path} holds no LookML view. ${warnings.join(' ')}`.trim());
    const found = assetsOf(project, { now: context.now, ...present({ warehouse: config.warehouse }) });
    const known = new Set(found.assets.map((asset) => asset.sourceId));
    const boards = dashboardAssets(files.filter(isDashboard), known, warnings);
    return {
      ...found,
      assets: [...found.assets, ...boards.assets],
      edges: [...found.edges, ...boards.edges],
      warnings,
    };
  },
} satisfies SourceConnector<Config>;

function reasonOf(error: unknown): string {
  const place = z.object({ location: z.object({ start: z.object({ line: z.number() }) }) }).safeParse(error);
  const line = place.success ? `line ${place.data.location.start.line}: ` : '';
  return `${line}${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`;
}

interface Settings {
  now: Date;
  warehouse?: string;
}

function assetsOf(project: LookmlProject, settings: Settings): Omit<SourceSnapshot, 'warnings'> {
  const assets: AssetDraft[] = [];
  const edges: EdgeDraft[] = [];
  const views = new Set(project.views.map((view) => view.name));
  const allMeasures = new Set(
    project.views.flatMap(({ name: view, raw }) =>
      View.parse(raw).measure.map(({ name }) => `${view}.${name}`),
    ),
  );
  for (const placed of project.views) {
    const view = View.parse(placed.raw);
    const explores = project.explores.filter(
      ({ name, explore }) => (explore.from ?? explore.view_name ?? name) === placed.name,
    );
    assets.push(viewAsset(placed, view, settings));
    edges.push(
      ...tablesBelow(view)
        .filter((name) => views.has(name))
        .map((name): EdgeDraft => ({ from: `view.${name}`, to: `view.${placed.name}`, kind: 'upstream' })),
    );
    for (const { name, raw } of view.measure) {
      const measure = Field.parse(raw);
      const asset = measureAsset(
        placed,
        view,
        name,
        measure,
        explores.map(({ explore }) => explore),
        settings,
      );
      assets.push(asset);
      edges.push({ from: `view.${placed.name}`, to: asset.sourceId, kind: 'measures' });
      edges.push(
        ...(asset.formula?.inputs ?? [])
          .map((input) => (input.includes('.') ? input : `${placed.name}.${input}`))
          .filter((input) => allMeasures.has(input) && input !== asset.sourceId)
          .map((from): EdgeDraft => ({ from, to: asset.sourceId, kind: 'upstream' })),
      );
    }
  }
  return {
    assets,
    edges,
    signals: [],
    info: project.connections.length === 0 ? {} : { connections: project.connections.join(', ') },
  };
}

function viewAsset(placed: PlacedView, view: View, { warehouse }: Settings): AssetDraft {
  const derived = Object.keys(view.derived_table).length > 0;
  const table = view.sql_table_name;
  const fields = [...view.dimension, ...view.dimension_group].map(({ name, raw }) => ({
    name,
    field: Field.parse(raw),
  }));
  return newAsset(
    { sourceId: `view.${placed.name}`, kind: derived ? 'model' : 'source', name: placed.name },
    {
      description: view.description ?? '',
      tags: view.tags,
      columns: fields.map(({ name, field }) => ({
        name,
        description: field.description ?? '',
        tags: field.tags,
        classification: classificationOf(metaLayers(), field.tags),
        meta: {},
        ...present({ dataType: field.type }),
      })),
      context: unique(
        fields.flatMap(({ field }) => [field.label, ...field.synonyms]).filter((word) => word !== undefined),
      ),
      ...folderOf(placed.file),
      provenance: { '*': { file: placed.file } },
      ...present({
        label: view.label,
        // What Liquid or a constant comes to is known only to Looker.
        relation: table === undefined || !isRelation(table) ? undefined : plainRelation(table),
        warehouse,
      }),
    },
  );
}

function measureAsset(
  placed: PlacedView,
  view: View,
  name: string,
  measure: Field,
  explores: readonly Explore[],
  { now, warehouse }: Settings,
): AssetDraft {
  const facts = factsFrom([taggedFacts(measure.tags)], measure.tags, now);
  const times = view.dimension_group.map((group) => group.name);
  return newAsset(
    { sourceId: `${placed.name}.${name}`, kind: 'metric', name },
    {
      description: measure.description ?? '',
      synonyms: measure.synonyms,
      dimensions: [...view.dimension, ...view.dimension_group]
        .filter(({ raw }) => !Field.parse(raw).hidden)
        .map((dimension) => dimension.name),
      filters: measure.filters,
      tags: unique([...measure.tags, ...(measure.hidden ? ['hidden'] : [])]),
      context: unique(
        [
          placed.name,
          view.label,
          measure.group_label,
          measure.view_label,
          ...explores.flatMap((explore) => [explore.label, explore.description]),
        ].filter((word) => word !== undefined),
      ),
      ...folderOf(placed.file),
      provenance: { '*': { file: placed.file } },
      ...present({
        label: measure.label,
        formula: formulaOf(measure),
        unit: unitOf(measure.value_format_name),
        timeDimension: times.length === 1 ? times[0] : undefined,
        warehouse,
      }),
    },
    facts,
  );
}

/** Named formats say more of digits than of units: `usd_0`, `percent_1`, `decimal_2`. */
function unitOf(format: string | undefined): string | undefined {
  const [, currency, percent] =
    /^(?:(usd|eur|gbp|jpy|chf|cad|aud)|(percent))(?:_\d)?$/i.exec(format ?? '') ?? [];
  return currency?.toUpperCase() ?? (percent === undefined ? undefined : '%');
}

/** LookML has no field for an owner, so people write `owner:finance` among the tags; `domain:` and `unit:` likewise. */
function taggedFacts(tags: readonly string[]): Record<string, string> {
  const said = tags.flatMap((tag) => {
    const [, key, value] = /^(owner|team|domain|unit|tier)\s*[:=]\s*(.+)$/i.exec(tag) ?? [];
    return key === undefined || value === undefined ? [] : [[key.toLowerCase(), value.trim()] as const];
  });
  return Object.fromEntries(said);
}

/** Views whose table a derived table reads: `${orders.SQL_TABLE_NAME}`, or the explore that it is made of. */
function tablesBelow(view: View): string[] {
  const { sql, explore_source: source } = view.derived_table;
  const named = [...(asText(sql) ?? '').matchAll(/\$\{\s*(\w+)\.SQL_TABLE_NAME\s*\}/gi)].flatMap(
    (match) => match[1] ?? [],
  );
  const explored =
    typeof source === 'object' && source !== null && '$name' in source
      ? asText(source.$name)
      : asText(source);
  return unique([...named, ...(explored === undefined ? [] : [explored])]);
}

/** A file that lies at the top is in no folder: `.` would be shown as what tells it from others. */
function folderOf(file: string): { path?: string } {
  const folder = path.posix.dirname(file);
  return folder === '.' ? {} : { path: folder };
}
