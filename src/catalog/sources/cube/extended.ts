import { isPlainObject } from '../../meta/values.js';
import type { Cube, Member } from './schema.js';

/** A cube with what it takes over from those it `extends`: members by name, everything else where it says nothing itself. */
export function extended(cubes: readonly Cube[]): Cube[] {
  const byName = new Map(cubes.map((cube) => [cube.name, cube]));
  return cubes.map((cube) => withBase(cube, byName, new Set()));
}

/** One that extends itself in a circle stops there. */
function withBase(cube: Cube, byName: ReadonlyMap<string, Cube>, seen: Set<string>): Cube {
  const base = cube.extends === undefined ? undefined : byName.get(cube.extends.replace(/[{}\s]/g, ''));
  if (base === undefined || seen.has(cube.name)) return cube;
  seen.add(cube.name);
  const below = withBase(base, byName, seen);
  return {
    ...cube,
    description: cube.description ?? below.description,
    sql: cube.sql ?? (cube.sql_table === undefined ? below.sql : undefined),
    sql_table: cube.sql_table ?? (cube.sql === undefined ? below.sql_table : undefined),
    meta: { ...below.meta, ...cube.meta },
    measures: overlaid(below.measures, cube.measures),
    dimensions: overlaid(below.dimensions, cube.dimensions),
    segments: overlaid(below.segments, cube.segments),
  };
}

function overlaid(below: readonly Member[], own: readonly Member[]): Member[] {
  const over = new Map(own.map((member) => [member.name, member]));
  const kept = below.map((member) => {
    const changed = over.get(member.name);
    over.delete(member.name);
    return changed === undefined ? member : { ...member, ...said(changed) };
  });
  return [...kept, ...over.values()];
}

/** Only what a member says itself: an absent title must not hide the one it takes over. */
function said(member: Member): Partial<Member> {
  return Object.fromEntries(
    Object.entries(member).filter(
      ([, value]) =>
        value !== undefined &&
        !(Array.isArray(value) && value.length === 0) &&
        !(isPlainObject(value) && Object.keys(value).length === 0),
    ),
  );
}

/**
 * The members that a view of the YAML model shows, written as the API writes them: a name of the view's own and the cube's member behind it.
 * Views name cubes by the path of joins to them, of which the last counts.
 */
export function withShown(view: Cube, cubes: ReadonlyMap<string, Cube>): Cube {
  const measures: Member[] = [...view.measures];
  const dimensions: Member[] = [...view.dimensions];
  for (const part of view.cubes) {
    const cube = cubes.get(part.join_path.split('.').at(-1) ?? '');
    if (cube === undefined) continue;
    const prefix = part.prefix ? `${part.alias ?? cube.name}_` : '';
    const shows = (member: Member): Member[] => {
      const named = part.includes.find((include) => include.name === member.name);
      const wanted = named !== undefined || part.includes.some((include) => include.name === '*');
      if (!wanted || part.excludes.includes(member.name)) return [];
      return [
        {
          ...member,
          name: `${prefix}${named?.alias ?? member.name}`,
          aliasMember: `${cube.name}.${member.name}`,
        },
      ];
    };
    measures.push(...cube.measures.flatMap(shows));
    dimensions.push(...cube.dimensions.flatMap(shows));
  }
  return { ...view, measures, dimensions };
}
