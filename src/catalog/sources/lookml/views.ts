import { isPlainObject, type PlainObject } from '../../meta/values.js';
import { Explore, LookmlFile } from './schema.js';

export interface PlacedView {
  name: string;
  raw: PlainObject;
  file: string;
}

export interface LookmlProject {
  views: PlacedView[];
  explores: { name: string; explore: Explore; file: string }[];
  connections: string[];
}

/** Puts the files of a project together: refinements (`+name`) into what they refine, `extends` into what extends. */
export function assemble(
  files: readonly { path: string; content: unknown }[],
  warnings: string[],
): LookmlProject {
  const parsed = files.map((file) => ({
    file: file.path,
    content: LookmlFile.parse(isPlainObject(file.content) ? file.content : {}),
  }));
  const all = parsed.flatMap(({ file, content }) => content.view.map((view) => ({ ...view, file })));
  const views = new Map<string, PlacedView>();
  for (const view of all.filter(({ name }) => !name.startsWith('+'))) {
    const first = views.get(view.name);
    if (first === undefined) views.set(view.name, view);
    else warnings.push(`The view ${view.name} is in ${first.file} and in ${view.file}; the first was taken.`);
  }
  for (const refinement of all.filter(({ name }) => name.startsWith('+'))) {
    const name = refinement.name.slice(1);
    const refined = views.get(name);
    if (refined === undefined)
      warnings.push(`${refinement.file} refines the view ${name}, which no file has.`);
    else views.set(name, { ...refined, raw: overlaid(refined.raw, refinement.raw) });
  }
  const extended = new Map<string, PlacedView>();
  for (const view of views.values()) {
    // A template is nothing by itself: it says that others must extend it.
    if (view.raw.extension === 'required') continue;
    extended.set(view.name, { ...view, raw: withBases(view, views, new Set()) });
  }
  return {
    views: [...extended.values()],
    explores: exploresOf(
      parsed.flatMap(({ file, content }) => content.explore.map((each) => ({ ...each, file }))),
    ),
    connections: [...new Set(parsed.flatMap(({ content }) => content.connection ?? []))],
  };
}

/** Explores with what refines them: a better label or description, mostly. */
function exploresOf(all: readonly PlacedView[]): LookmlProject['explores'] {
  return all
    .filter(({ name }) => !name.startsWith('+'))
    .map(({ name, raw, file }) => {
      const refinements = all.filter((each) => each.name === `+${name}`);
      const whole = refinements.reduce((under, { raw: over }) => overlaid(under, over), raw);
      return { name, explore: Explore.parse(whole), file };
    });
}

/** Later bases win over earlier ones, the view itself over all; a view that extends itself in a circle stops there. */
function withBases(view: PlacedView, views: ReadonlyMap<string, PlacedView>, seen: Set<string>): PlainObject {
  if (seen.has(view.name)) return view.raw;
  seen.add(view.name);
  const names = [view.raw.extends, view.raw.extends__all]
    .flat(2)
    .filter((name): name is string => typeof name === 'string');
  const bases = names.flatMap((name) => views.get(name) ?? []);
  return [...bases.map((base) => withBases(base, views, seen)), view.raw].reduce<PlainObject>(
    (whole, next) => overlaid(whole, next),
    {},
  );
}

/** Fields of `over` replace those of `under`, one level below their kind: `measure: {count: …}`. */
function overlaid(under: PlainObject, over: PlainObject): PlainObject {
  const whole: PlainObject = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = whole[key];
    if (
      ['dimension', 'dimension_group', 'measure', 'parameter', 'filter'].includes(key) &&
      isPlainObject(below) &&
      isPlainObject(value)
    ) {
      const members: PlainObject = { ...below };
      for (const [name, member] of Object.entries(value)) {
        const old = members[name];
        members[name] = isPlainObject(old) && isPlainObject(member) ? { ...old, ...member } : member;
      }
      whole[key] = members;
    } else {
      whole[key] = value;
    }
  }
  return whole;
}
