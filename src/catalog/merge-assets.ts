import type { Asset, Column } from './asset.js';
import { fieldInWords } from './field-words.js';
import { unique } from './meta/values.js';
import { foldName } from './names.js';
import { canonical } from './versions.js';
import type { CatalogGap } from './view.js';

/** Fields that an asset takes over from a weaker source when it has none of its own. */
const filled = [
  'label',
  'formula',
  'unit',
  'grain',
  'timeDimension',
  'runbook',
  'exampleQuery',
  'backupOwner',
  'domain',
  'tier',
  'successor',
  'deprecatedOn',
  'warehouse',
  'relation',
  'executor',
  'partition',
  'contract',
  'freshnessSla',
  'url',
] as const satisfies (keyof Asset)[];

const filledLists = ['dimensions', 'filters', 'caveats', 'owners'] as const satisfies (keyof Asset)[];

/** Fields of which two sources may not say different things without somebody hearing of it. */
const contested = [
  'formula',
  'unit',
  'grain',
  'timeDimension',
  'filters',
  'owners',
  'tier',
  'status',
] as const satisfies (keyof Asset)[];

/** The stronger asset with what only the weaker one says. Each field filled in says which source it is from. */
export function completed(strong: Asset, weak: Asset): Asset {
  const from = { ...weak.provenance['*'], source: weak.source };
  const whole: Asset = { ...strong, provenance: { ...strong.provenance } };
  const take = <Field extends keyof Asset>(field: Field): void => {
    whole[field] = weak[field];
    whole.provenance[field] = { ...weak.provenance[field], ...from };
  };
  for (const field of filled) {
    if (strong[field] === undefined && weak[field] !== undefined) take(field);
  }
  for (const field of filledLists) {
    if (strong[field].length === 0 && weak[field].length > 0) take(field);
  }
  if (strong.description === '' && weak.description !== '') take('description');
  whole.synonyms = unique([...strong.synonyms, ...weak.synonyms]);
  whole.context = unique([...strong.context, ...weak.context]);
  whole.tags = unique([...strong.tags, ...weak.tags]);
  // Whoever calls it sensitive is right until somebody says otherwise.
  whole.classification = unique([...strong.classification, ...weak.classification]);
  whole.columns = completedColumns(strong.columns, weak.columns);
  whole.meta = { ...weak.meta, ...strong.meta };
  return whole;
}

function completedColumns(strong: readonly Column[], weak: readonly Column[]): Column[] {
  const others = new Map(weak.map((column) => [column.name.toLowerCase(), column]));
  const own = strong.map((column): Column => {
    const other = others.get(column.name.toLowerCase());
    others.delete(column.name.toLowerCase());
    if (other === undefined) return column;
    const dataType = column.dataType ?? other.dataType;
    return {
      ...column,
      description: column.description || other.description,
      ...(dataType === undefined ? {} : { dataType }),
      tags: unique([...column.tags, ...other.tags]),
      classification: unique([...column.classification, ...other.classification]),
    };
  });
  return [...own, ...others.values()];
}

/** Where a source disagrees with what is shown of a thing, `shown` being what stronger sources say of it together. */
export function conflictsOf(shown: Asset, weak: Asset): CatalogGap[] {
  if (weak.reference === true) return [];
  const gaps = contested
    .filter((field) => isSaid(shown[field]) && isSaid(weak[field]) && !isSame(shown[field], weak[field]))
    .map((field): CatalogGap => gap(shown, weak, field));
  const worded = shown.kind === 'metric' || shown.kind === 'term';
  if (
    worded &&
    shown.description !== '' &&
    weak.description !== '' &&
    foldName(shown.description) !== foldName(weak.description)
  ) {
    gaps.push(gap(shown, weak, 'description'));
  }
  return gaps;
}

function gap(shown: Asset, weak: Asset, field: string): CatalogGap {
  // What the strongest does not say is from the next one that does.
  const source = shown.provenance[field]?.source ?? shown.source;
  return {
    type: 'conflicting',
    assetIds: [shown.id],
    field,
    between: { shown: source, other: weak.source },
    message: `${source} and ${weak.source} disagree about the ${fieldInWords(field)} of ${shown.name}; ${source} is shown.`,
  };
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== 'active' && !(Array.isArray(value) && value.length === 0);
}

function isSame(a: unknown, b: unknown): boolean {
  const words = (value: unknown): string => foldName(formulaText(value) ?? canonical(value));
  return words(a) === words(b);
}

function formulaText(value: unknown): string | undefined {
  const isFormula = typeof value === 'object' && value !== null && 'expression' in value;
  return isFormula && typeof value.expression === 'string' ? value.expression : undefined;
}
