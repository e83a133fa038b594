import type { AssetDraft, EdgeDraft, Formula } from '../../asset.js';
import { present } from '../../meta/meta-facts.js';
import { unique } from '../../meta/values.js';
import { plainRelation } from '../../names.js';
import { factsFrom, newAsset } from '../../new-asset.js';
import { isRelation } from '../sql-words.js';
import type { Cube, Member } from './schema.js';

export interface CubeContext {
  now: Date;
  file: string;
  warehouse?: string;
}

/** The assets of cubes and views: a cube is a table, its measures are metrics, a view only shows what cubes have. */
export function cubeAssets(
  cubes: readonly Cube[],
  context: CubeContext,
): { assets: AssetDraft[]; edges: EdgeDraft[] } {
  const own = cubes.filter((cube) => cube.type !== 'view');
  const views = cubes.filter((cube) => cube.type === 'view');
  const measures = new Map(
    own.flatMap((cube) => cube.measures.map((measure) => [idOf(cube, measure), measure] as const)),
  );
  const shownIn = new Map<string, string[]>();
  for (const view of views) {
    for (const { aliasMember } of view.measures) {
      if (aliasMember === undefined) continue;
      shownIn.set(aliasMember, [...(shownIn.get(aliasMember) ?? []), view.title ?? view.name]);
    }
  }
  const assets: AssetDraft[] = [];
  const edges: EdgeDraft[] = [];
  for (const cube of own) {
    assets.push(tableAsset(cube, context));
    for (const measure of cube.measures) {
      const sourceId = idOf(cube, measure);
      assets.push(metricAsset(cube, measure, shownIn.get(sourceId) ?? [], context));
      edges.push({ from: cube.name, to: sourceId, kind: 'measures' });
      const inputs = inputsOf(cube, measure).filter((input) => measures.has(input) && input !== sourceId);
      edges.push(...inputs.map((from): EdgeDraft => ({ from, to: sourceId, kind: 'upstream' })));
    }
  }
  for (const view of views) {
    // A view's measure that no cube has is the view's own.
    const ownMeasures = view.measures.filter(
      (measure) => measure.aliasMember === undefined || !measures.has(measure.aliasMember),
    );
    assets.push(...ownMeasures.map((measure) => metricAsset(view, measure, [], context)));
  }
  return { assets, edges };
}

/** `/v1/meta` gives `Orders.count`, YAML gives `count`. */
function idOf(cube: Cube, member: Member): string {
  return member.name.includes('.') ? member.name : `${cube.name}.${member.name}`;
}

function shortName(member: Member): string {
  return member.name.slice(member.name.lastIndexOf('.') + 1);
}

function tableAsset(cube: Cube, { now, file, warehouse }: CubeContext): AssetDraft {
  const facts = factsFrom([cube.meta], [], now);
  const table = cube.sql_table ?? tableOfQuery(cube.sql);
  return newAsset(
    { sourceId: cube.name, kind: 'source', name: cube.name },
    {
      description: cube.description ?? '',
      columns: cube.dimensions.map((dimension) => ({
        name: shortName(dimension),
        description: dimension.description ?? '',
        tags: [],
        classification: [],
        meta: dimension.meta,
        ...present({ dataType: dimension.type }),
      })),
      provenance: { '*': { file } },
      meta: cube.meta,
      ...present({
        label: cube.title,
        relation: table === undefined || !isRelation(table) ? undefined : plainRelation(table),
        warehouse,
      }),
    },
    facts,
  );
}

/** `SELECT * FROM public.orders` is that table; anything longer is a query of its own. */
function tableOfQuery(sql: string | undefined): string | undefined {
  return /^\s*select\s+\*\s+from\s+(["`\w.$-]+)\s*;?\s*$/i.exec(sql ?? '')?.[1];
}

function metricAsset(
  cube: Cube,
  measure: Member,
  views: readonly string[],
  { now, file, warehouse }: CubeContext,
): AssetDraft {
  const facts = factsFrom(
    [measure.meta, cube.meta.owner === undefined ? {} : { owner: cube.meta.owner }],
    [],
    now,
  );
  const times = cube.dimensions.filter((dimension) => dimension.type === 'time').map(shortName);
  const hidden = !measure.public || !measure.isVisible || !cube.public || !cube.isVisible;
  return newAsset(
    { sourceId: idOf(cube, measure), kind: 'metric', name: shortName(measure) },
    {
      description: measure.description ?? '',
      dimensions: facts.dimensions.length > 0 ? facts.dimensions : cube.dimensions.map(shortName),
      filters: unique([...measure.filters.map(plainSql), ...facts.filters]),
      tags: hidden ? ['private'] : [],
      context: unique(
        [cube.name, cube.title, cube.description, ...views, ...facts.context].filter(
          (word) => word !== undefined,
        ),
      ),
      provenance: { '*': { file } },
      meta: measure.meta,
      ...present({
        label: measure.shortTitle ?? measure.title,
        formula: formulaOf(cube, measure),
        unit: facts.unit ?? measure.currency ?? (measure.format === 'percent' ? '%' : undefined),
        timeDimension: facts.timeDimension ?? (times.length === 1 ? times[0] : undefined),
        warehouse,
      }),
    },
    facts,
  );
}

const functions = new Map([
  ['count_distinct', 'count(distinct'],
  ['countDistinct', 'count(distinct'],
  ['count_distinct_approx', 'approx_count_distinct('],
  ['countDistinctApprox', 'approx_count_distinct('],
]);

/** Plain metadata has no SQL; then only a plain count is known, and nothing is made up. */
function formulaOf(cube: Cube, measure: Member): Formula | undefined {
  const type = measure.aggType ?? measure.type;
  if (type === undefined) return undefined;
  const trailing =
    typeof measure.rolling_window.trailing === 'string' ? measure.rolling_window.trailing : undefined;
  const rest = { inputs: inputsOf(cube, measure), ...present({ window: trailing }) };
  if (measure.sql === undefined)
    return type === 'count' ? { type, expression: 'count(*)', aggregation: type, ...rest } : undefined;
  const sql = plainSql(measure.sql);
  if (['number', 'string', 'time', 'boolean'].includes(type))
    return { type: 'expression', expression: sql, ...rest };
  const opened = functions.get(type) ?? `${type}(`;
  return {
    type,
    expression: `${opened}${opened.endsWith('(') ? '' : ' '}${sql})`,
    aggregation: type,
    ...rest,
  };
}

/** Members named in curly brackets: `{revenue}`, `{CUBE.revenue}`, `{orders.revenue}`. */
function inputsOf(cube: Cube, measure: Member): string[] {
  const named = [...(measure.sql ?? '').matchAll(/\$?\{\s*(?:(\w+)\.)?(\w+)\s*\}/g)];
  return unique(
    named
      .filter(([, , name]) => name !== 'CUBE')
      .map(([, owner, name]) => `${owner === undefined || owner === 'CUBE' ? cube.name : owner}.${name}`),
  );
}

function plainSql(sql: string): string {
  return sql
    .replace(/\$?\{\s*CUBE\s*\}\s*\./g, '')
    .replace(/\$?\{\s*(?:CUBE\.)?([\w.]+)\s*\}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
