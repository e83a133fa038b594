import type { AssetDraft, EdgeDraft } from '../../asset.js';
import { classificationOf } from '../../meta/classification.js';
import { metaLayers } from '../../meta/layers.js';
import { present } from '../../meta/meta-facts.js';
import { unique } from '../../meta/values.js';
import { plainRelation } from '../../names.js';
import { factsFrom, newAsset } from '../../new-asset.js';
import { isRelation } from '../sql-words.js';
import { formulaOf, inputsOf, plainSql } from './formula.js';
import type { Cube, Member } from './schema.js';

export interface CubeContext {
  now: Date;
  /** Where a cube or view was read. */
  fileOf: (name: string) => string;
  warehouse?: string;
}

/** The assets of cubes and views: a cube is a table, its measures are metrics; a view is a table of what it shows, whose measures stay the cubes' own. */
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
  const cubeNames = new Set(own.map((cube) => cube.name));
  for (const view of views) {
    assets.push(viewAsset(view, context));
    const shown = [...view.measures, ...view.dimensions].map((member) => member.aliasMember?.split('.')[0]);
    for (const cube of new Set(shown)) {
      if (cube !== undefined && cubeNames.has(cube))
        edges.push({ from: cube, to: view.name, kind: 'upstream' });
    }
    // A view's measure that no cube has is the view's own.
    const ownMeasures = view.measures.filter(
      (measure) => measure.aliasMember === undefined || !measures.has(measure.aliasMember),
    );
    for (const measure of ownMeasures) {
      assets.push(metricAsset(view, measure, [], context));
      edges.push({ from: view.name, to: idOf(view, measure), kind: 'measures' });
    }
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

function tableAsset(cube: Cube, context: CubeContext): AssetDraft {
  const table = cube.sql_table ?? tableOfQuery(cube.sql);
  return tableLike(cube, 'source', context, {
    ...present({
      relation: table === undefined || !isRelation(table) ? undefined : plainRelation(table),
      warehouse: context.warehouse,
    }),
  });
}

function viewAsset(view: Cube, context: CubeContext): AssetDraft {
  return tableLike(view, 'model', context, { context: unique(view.measures.map(shortName)) });
}

function tableLike(
  cube: Cube,
  kind: 'source' | 'model',
  { now, fileOf }: CubeContext,
  more: Partial<AssetDraft>,
): AssetDraft {
  return newAsset(
    { sourceId: cube.name, kind, name: cube.name },
    {
      description: cube.description ?? '',
      columns: cube.dimensions.map((dimension) => ({
        name: shortName(dimension),
        description: dimension.description ?? '',
        tags: [],
        classification: classificationOf(metaLayers(dimension.meta), []),
        meta: dimension.meta,
        ...present({ dataType: dimension.type }),
      })),
      tags: isShown(cube) ? [] : ['private'],
      provenance: { '*': { file: fileOf(cube.name) } },
      meta: cube.meta,
      ...present({ label: cube.title }),
      ...more,
    },
    factsFrom([cube.meta], [], now),
  );
}

/** `public`, and the words that came before it. */
const isShown = (thing: Pick<Cube, 'public' | 'isVisible' | 'shown'>): boolean =>
  thing.public && thing.isVisible && thing.shown;

/** `SELECT * FROM public.orders` is that table; anything longer is a query of its own. */
function tableOfQuery(sql: string | undefined): string | undefined {
  return /^\s*select\s+\*\s+from\s+(["`\w.$-]+)\s*;?\s*$/i.exec(sql ?? '')?.[1];
}

function metricAsset(
  cube: Cube,
  measure: Member,
  views: readonly string[],
  { now, fileOf, warehouse }: CubeContext,
): AssetDraft {
  const facts = factsFrom([measure.meta], [], now);
  const ofCube = factsFrom([cube.meta], [], now);
  const times = cube.dimensions.filter((dimension) => dimension.type === 'time').map(shortName);
  return newAsset(
    { sourceId: idOf(cube, measure), kind: 'metric', name: shortName(measure) },
    {
      description: measure.description ?? '',
      dimensions: facts.dimensions.length > 0 ? facts.dimensions : cube.dimensions.map(shortName),
      filters: unique([...measure.filters.map(plainSql), ...facts.filters]),
      owners: facts.owners.length > 0 ? facts.owners : ofCube.owners,
      tags: isShown(measure) && isShown(cube) ? [] : ['private'],
      context: unique(
        [cube.name, cube.title, cube.description, ...views, ...facts.context].filter(
          (word) => word !== undefined,
        ),
      ),
      provenance: { '*': { file: fileOf(cube.name) } },
      meta: measure.meta,
      ...present({
        label: measure.shortTitle ?? measure.title,
        formula: formulaOf(cube, measure),
        unit: facts.unit ?? measure.currency ?? (measure.format === 'percent' ? '%' : undefined),
        domain: facts.domain ?? ofCube.domain,
        timeDimension: facts.timeDimension ?? (times.length === 1 ? times[0] : undefined),
        warehouse,
      }),
    },
    facts,
  );
}
