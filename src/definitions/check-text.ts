import type { Asset } from '../catalog/asset.js';
import { lintAsset } from '../catalog/lint.js';
import { foldName } from '../catalog/names.js';
import type { CatalogView } from '../catalog/view.js';
import { mayKnowOf, type VisibilityRule } from '../catalog/visibility.js';
import type { Person } from '../people/person.js';
import { kindsNamedWith } from './name-claims.js';
import type { DefinitionText, Proposed } from './text.js';

const longest = { description: 4_000, label: 120, list: 20, item: 500 };

interface CheckedText {
  view: CatalogView;
  rules: readonly VisibilityRule[];
  asset: Asset;
  person: Person;
  proposed: Proposed;
  wanted: DefinitionText;
}

/** What is wrong with a proposed text, by form field: nothing new, too long, a name that is taken or stands there twice, or less than lint asks of it. */
export function problemsOfText(checked: CheckedText): Record<string, string> {
  const { asset, proposed, wanted } = checked;
  const problems: Record<string, string> = {};
  if (Object.keys(proposed).length === 0)
    problems.description =
      'That is what it says already. Change the text, the label, the names or the caveats.';
  if (wanted.description.trim() === '') problems.description = 'A definition cannot be empty.';
  if (wanted.description.length > longest.description)
    problems.description = `At most ${longest.description} characters.`;
  if (wanted.label.length > longest.label) problems.label = `At most ${longest.label} characters.`;
  for (const field of ['synonyms', 'caveats'] as const) {
    const twice = wanted[field].find(
      (item, index) => wanted[field].findIndex((one) => foldName(one) === foldName(item)) < index,
    );
    if (wanted[field].length > longest.list) problems[field] = `At most ${longest.list} lines.`;
    else if (wanted[field].some((item) => item.length > longest.item))
      problems[field] = `At most ${longest.item} characters per line.`;
    else if (twice !== undefined) problems[field] = `“${twice}” stands there twice.`;
  }
  const takenBy = takenNames(checked);
  if (proposed.label !== undefined && proposed.label !== '' && takenBy(proposed.label))
    problems.label = `“${proposed.label}” is the name of something else already.`;
  const known = new Set(asset.synonyms.map((name) => name.toLowerCase()));
  const taken = (proposed.synonyms ?? []).find((name) => !known.has(name.toLowerCase()) && takenBy(name));
  if (taken !== undefined) problems.synonyms = `“${taken}” means something else already.`;
  return { ...problems, ...lintProblems(asset, proposed) };
}

/** A name that only something hidden has is answered as one that is free: else names could be tried out. What comes of it is a conflict that its owners see. */
function takenNames({ view, rules, asset, person }: CheckedText): (name: string) => boolean {
  const kinds = kindsNamedWith(asset.kind);
  return (name) =>
    view
      .resolve(name, { kinds, where: (other) => mayKnowOf(other, person, rules) })
      .some((other) => other.id !== asset.id);
}

const fieldOfRule: Readonly<Record<string, keyof DefinitionText>> = {
  'missing-description': 'description',
  'missing-caveats': 'caveats',
};

/** What lint would say of the new text and does not say of the present one. */
function lintProblems(asset: Asset, proposed: Proposed): Record<string, string> {
  const before = new Set(lintAsset(asset).map(({ rule }) => rule));
  const after = lintAsset({ ...asset, ...proposed }).filter(({ rule }) => !before.has(rule));
  return Object.fromEntries(
    after.flatMap(({ rule, message }) => {
      const field = fieldOfRule[rule];
      return field === undefined ? [] : [[field, message]];
    }),
  );
}

/** Names as people write them into a text to point at something: `fct_orders` in backticks, `ref('fct_orders')`, `metric('mrr')`. A plain word in backticks may be a value. */
const pointedAt = /`([A-Za-z][\w.]*[._]\w+)`|\b(?:ref|metric)\(\s*['"]([^'"]+)['"]\s*\)/g;
const namedAtMost = 5;

/** What a proposed text points at and the catalog does not have, as far as everybody may know of it: neither an asset nor a column of what it is built from. */
export function brokenReferences(
  view: CatalogView,
  asset: Asset,
  proposed: Proposed,
  mayKnow: (asset: Asset) => boolean,
): string[] {
  const texts = [proposed.description ?? '', ...(proposed.caveats ?? [])];
  const names = new Set(
    texts.flatMap((text) => [...text.matchAll(pointedAt)].flatMap(([, code, call]) => code ?? call ?? [])),
  );
  if (names.size === 0) return [];
  const around = [asset, ...view.upstream(asset.id).map((reached) => reached.asset)].filter(mayKnow);
  const columns = new Set(around.flatMap((one) => one.columns.map(({ name }) => foldName(name))));
  const known = (name: string): boolean =>
    view.resolve(name, { where: mayKnow }).length > 0 ||
    columns.has(foldName(name.split('.').at(-1) ?? name));
  return [...names].filter((name) => !known(name)).slice(0, namedAtMost);
}
